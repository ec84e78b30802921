"""Whatever is killed whenever, nothing is half-done: no change without its letter, no letter without its change.

Processes work at the desk and at the outbox, one or two or three at once, and are killed with SIGKILL at random
moments. After each round the directory is opened again and laid beside what the processes told before they died: a
change that was reported is there; the one in which the kill fell is there whole or not at all.
"""

import re
import sqlite3
from collections import Counter
from contextlib import closing
from email import message_from_bytes, policy
from pathlib import Path
from random import Random

import psycopg
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, make_url, select, text

import ivr.directory
from ivr.desk.vault import KeyFile
from ivr.directory.desk import Desk
from ivr.directory.hashing import CHEAP, matches
from ivr.directory.office import World
from ivr.directory.organizers import NewOrganizer
from ivr.directory.tables import ConferenceId, MeetingRow, OrganizerRow, Post
from ivr.mail.delivery.maildir import MaildirCarrier
from ivr.mail.delivery.post import CLAIM_S, post

WITH_PIN = {"enabled", "pin-reset"}
WITH_IDS = WITH_PIN | {"info-changed", "info"}
LETTERS = {"enable": "enabled", "disable": "turned-off", "reset_pin": "pin-reset", "reset_ids": "info-changed"}
"""The letter of each deed; the others have none."""

CASTS = (("clerk",), ("administrator", "postman"), ("administrator", "clerk"), ("clerk", "clerk"),
         ("administrator", "postman", "postman"))
OWN = tuple(tuple(f"{name}@contoso.com" for name in names.split()) for names in (
    "amos.marble bela.stone chen.granite dana.slate", "emil.basalt fleur.quartz gina.flint hugo.marl"))
SHARED = ("ines.chalk@contoso.com", "jan.tuff@contoso.com")
"""Organizers of the first process, of the second, and of both."""

LONGEST_OPENING_S = 0.2
TWELVE = re.compile(r"(?<![0-9])[0-9]{12}(?![0-9])")


class Books:
    """What must be in the directory by all that was told, and whether it is."""

    def __init__(self, url, folder, pin_class):
        self._pin = pin_class
        self.url, self.folder, self.mail, self.key = url, folder, folder / "mail", folder / "directory.key"
        self.now = 1_790_000_000
        self.ids = {who: [] for people in OWN for who in people}  # each ID with its meeting
        self.pins = {}  # of each letter, by Message-ID: its PIN, or None
        self.files = {}  # in the Maildir, by name: the Message-ID
        self.withdrawn = set()  # letters with a PIN that another one has followed
        self.made = set()  # every PIN that was ever drawn
        self._vault = KeyFile(self.key)

    def open(self):
        """Open the directory, as the next command would."""
        chance = Random(0).randrange  # noqa: S311
        return closing(Desk(self.url, World(clock=lambda: self.now, randbelow=chance, vault=self._vault,
                                            cost=CHEAP)))

    def given(self, seed):
        """Return what a process is given, so that it works at this directory."""
        return {"url": self.url, "key": str(self.key), "mail": str(self.mail), "now": self.now, "seed": seed,
                "log": str(self.folder / "log")}

    def check(self, lives):
        """Compare, when all that worked is dead."""
        self.made.update(*(life.drawn for life in lives))
        read = self._read_maildir()
        with self.open() as desk, desk.store.reading() as session:
            if session.get_bind().dialect.name == "sqlite":
                assert session.execute(text("PRAGMA integrity_check")).scalars().all() == ["ok"]
                assert session.execute(text("PRAGMA foreign_key_check")).all() == []
            posts = session.execute(select(
                Post.message_id, Post.kind, Post.organizer, Post.sealed_pin, Post.due_at, Post.delivered_at,
                Post.withdrawn_at)
                .order_by(Post.number)).all()
            whole = self._check_letters(posts, read, lives)
            organizers = session.scalars(select(OrganizerRow)).all()
            self._check_organizers(organizers, posts)
            self._check_ids(organizers, session.scalars(select(MeetingRow)).all(),
                            session.scalars(select(ConferenceId)).all(), lives, whole)

    def _read_maildir(self):
        """Return the PINs of letters that have come since, by Message-ID; each is whole, no two are the same."""
        read = {}
        for path in [path for part in ("new", "cur") for path in (self.mail / part).glob("*")]:
            name = path.name.partition(":")[0]
            if name in self.files:
                continue
            letter = message_from_bytes(path.read_bytes(), policy=policy.default)
            assert not any(part.defects for part in letter.walk()), f"{path} is not whole"
            plain, html = ({self._pin(twelve) for twelve in TWELVE.findall(letter.get_body((kind,)).get_content())}
                           for kind in ("plain", "html"))
            assert plain == html, f"{path} is not whole"
            assert len(plain) <= 1, f"{path} shows two PINs"
            self.files[name] = str(letter["Message-ID"])
            read[self.files[name]] = next(iter(plain), None)
        assert len(set(self.files.values())) == len(self.files), "a letter stands in the Maildir twice"
        return read

    def _check_letters(self, posts, read, lives):
        """Return the changes that a kill fell in and that are there nevertheless."""
        delivered = set(self.files.values())
        assert delivered <= {letter.message_id for letter in posts}, "a letter was delivered that nobody wrote"
        assert set(self.pins) <= {letter.message_id for letter in posts}, "a letter is gone"
        found, unread = Counter(), Counter()
        latest = {letter.organizer: letter for letter in posts if letter.kind in WITH_PIN | {"turned-off"}}
        told = {letter.organizer: letter for letter in posts if letter.kind in WITH_IDS}
        for letter in posts:
            has_pin, waits = letter.kind in WITH_PIN, letter.due_at is not None
            came, withdrawn = letter.delivered_at is not None, letter.withdrawn_at is not None
            assert not came or letter.message_id in delivered, "a letter is marked as delivered, and was not"
            assert waits + came + withdrawn == 1, "a letter is neither delivered nor due nor withdrawn"
            last = latest if has_pin else told
            assert not withdrawn or last.get(letter.organizer) not in (letter, None), "the one that counts is gone"
            assert not (waits and has_pin) or latest[letter.organizer] == letter, "a dead PIN is on its way"
            if withdrawn:
                self.withdrawn.add(letter.message_id)
            assert bool(letter.sealed_pin) == (has_pin and waits), "a PIN is not erased, or was too soon"
            if letter.message_id in self.pins:
                continue
            pin = read.get(letter.message_id)
            if waits and has_pin:
                pin = self._pin(self._vault.open(letter.sealed_pin))
            if withdrawn and pin is None:
                self.pins[letter.message_id] = None
                unread[letter.organizer, letter.kind] += 1
                continue
            assert bool(pin) == has_pin, f"a letter of the kind {letter.kind} has a PIN, or has none"
            assert pin is None or pin in self.made, "a letter has a PIN that nobody made"
            self.pins[letter.message_id] = pin
            found[letter.organizer, letter.kind, pin] += 1
        for message_id, pin in read.items():
            assert self.pins[message_id] == pin, "a letter was delivered with another PIN than the outbox held"
        return self._laid_beside(found, unread, lives)

    @staticmethod
    def _laid_beside(found, unread, lives):
        """Lay the letters that are new beside the changes that were told."""
        told = Counter((deed.who, deed.letter, deed.pin) for life in lives for deed in life.deeds if deed.letter)
        for who, kind, _ in (told - found).elements():  # then it was withdrawn before anybody read its PIN
            unread[who, kind] -= 1
        assert min(unread.values(), default=0) >= 0, "a change was told to be done, and its letter is not there"
        beyond, whole = found - told + Counter((*letter, None) for letter in unread.elements()), []
        for life in lives:
            deed = life.cut_short
            letter = next(((who, kind, pin) for who, kind, pin in beyond if deed and who == deed.who
                           and kind == LETTERS.get(deed.what) and (pin is None or pin in life.drawn)), None)
            if letter:
                beyond -= Counter([letter])
                whole.append(deed)
        assert not beyond, f"letters without a change: {[(who, kind) for who, kind, _ in beyond]}"
        return whole

    def _check_organizers(self, organizers, posts):
        """The PIN in force is the one of the latest letter, and who is disabled has nothing."""
        latest, latest_pin = {}, {}
        for letter in posts:
            if letter.kind in ("enabled", "turned-off"):
                latest[letter.organizer] = letter.kind
            if letter.kind in WITH_PIN:
                latest_pin[letter.organizer] = self.pins[letter.message_id]
        assert {organizer.address for organizer in organizers} == set(latest), "an organizer was half made"
        for organizer in organizers:
            who = organizer.address
            assert organizer.enabled == (latest[who] == "enabled"), f"{who} and the latest letter do not agree"
            if not organizer.enabled:
                assert (organizer.pin_hash, organizer.pin_digits) == ("", 0), f"{who} is disabled and has a PIN"
                continue
            assert organizer.service_number, f"{who} has no number"
            assert organizer.pin_digits == 12
            opens = matches(latest_pin[who].digits, organizer.pin_hash)
            assert opens, f"the PIN in the latest letter to {who} opens nothing"

    def _check_ids(self, organizers, meetings, taken, lives, whole):
        """Each ID is one meeting's, each meeting of one who is enabled has one, and they are those told."""
        enabled = {organizer.id for organizer in organizers if organizer.enabled}
        assert all(re.fullmatch("[0-9]{7}", row.conference_id) for row in taken)
        assert len({row.conference_id for row in taken}) == len(taken), "an ID is there twice"
        dialled = {meeting.id: meeting.organizer_id for meeting in meetings
                   if meeting.organizer_id in enabled and not meeting.cancelled}
        assert sorted((row.meeting_id, row.organizer_id) for row in taken) == sorted(dialled.items()), \
            "a meeting has no ID, or an ID no meeting"
        for life in lives:
            for deed in life.deeds:
                if deed.ids is not None and deed.who in self.ids:
                    self.ids[deed.who] = deed.ids
        cut_short = {life.cut_short.who: life.cut_short for life in lives if life.cut_short}
        for organizer in organizers:
            if organizer.address in self.ids:
                now = [(row.conference_id, row.meeting_id) for row in taken if row.organizer_id == organizer.id]
                deed = cut_short.get(organizer.address)
                self._check_ids_of(dict(self.ids[organizer.address]), dict(now), deed, whole)
                self.ids[organizer.address] = now

    @staticmethod
    def _check_ids_of(before, now, deed, whole):
        """Nothing has changed but by the deed that was cut short, and then as a whole."""
        what = deed.what if deed and (deed in whole or deed.what in ("schedule", "cancel")) else ""
        came, went = now.items() - before.items(), before.items() - now.items()
        if what == "reset_ids":
            assert sorted(now.values()) == sorted(before.values()), "an ID was lost"
            for_meeting = {meeting: conference_id for conference_id, meeting in before.items()}
            assert all(for_meeting[meeting] != conference_id for conference_id, meeting in now.items()), \
                "some IDs were reset, and some were not"
        elif what in ("schedule", "cancel"):
            assert len(came) <= (what == "schedule"), "IDs came by themselves"
            assert len(went) <= (what == "cancel"), "IDs went by themselves"
        elif what not in ("enable", "disable"):
            assert not came, "IDs came by themselves"
            assert not went, "IDs went by themselves"

    def read_some(self, random):
        """Let a mail reader look at some of the new letters: it moves them to `cur` and marks them."""
        for path in sorted((self.mail / "new").glob("*")):
            if random.random() < 0.3:
                path.rename(self.mail / "cur" / f"{path.name}:2,S")

    def deliver(self):
        """Deliver all that is left."""
        self.now += CLAIM_S + 1
        with self.open() as desk:
            posted = post(desk.outbox, MaildirCarrier(self.mail), lambda: self.now)
            assert not posted.troubles
            assert desk.outbox.waiting() == 0

    def places_of_pins(self):
        """Return where a PIN can be read that should not: the files other than letters, or the server's tables."""
        letters = {self.mail / part for part in ("tmp", "new", "cur")}
        sources = {str(path.relative_to(self.folder)): path.read_bytes() for path in self.folder.rglob("*")
                   if path.is_file() and path.parent not in letters}
        if make_url(self.url).get_backend_name() == "postgresql":
            sources |= dict(dumped(self.url))
        made = {pin.digits.encode() for pin in self.made}
        return [source for source, held in sources.items() if not made.isdisjoint(digits_in(held))]


def digits_in(held):
    """Give every twelve digits in a row, as text of one byte a character, or of two in either order."""
    for pattern in (rb"(?=([0-9]{12}))", rb"(?=((?:[0-9]\0){12}))", rb"(?=((?:\0[0-9]){12}))"):
        for found in re.finditer(pattern, held):
            yield found[1].replace(b"\0", b"")


def dumped(url):
    """Give each table of a PostgreSQL database with all that it holds."""
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        tables = connection.execute("SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN "
                                    "('pg_catalog', 'information_schema')").fetchall()
        for schema, table in tables:
            with connection.cursor().copy(f'COPY "{schema}"."{table}" TO STDOUT') as rows:
                yield f"table {table}", b"".join(bytes(row) for row in rows)


def let_go(url):
    """Wait until a server has noticed that the processes are dead: until then their last change may still come."""
    if make_url(url).get_backend_name() != "postgresql":
        return
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        while connection.execute("SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND "
                                 "pid <> pg_backend_pid() AND backend_type = 'client backend'").fetchall():
            connection.execute("SELECT pg_sleep(0.002)")


SLOW = pytest.mark.slow


@pytest.mark.parametrize(("kind", "kills"), [
    ("sqlite", 10), ("postgresql", 10), pytest.param("sqlite", 80, marks=SLOW),
    pytest.param("postgresql", 30, marks=SLOW),
])
def test_a_directory_when_its_processes_are_killed_then_nothing_is_half_done_and_no_pin_is_readable(
        databases, workers, folder, pin_class, kind, kills):
    with databases.fresh(kind) as url:
        if kind == "sqlite":
            url = f"sqlite:///{folder / 'directory.db'}"
        books, random = Books(url, folder, pin_class), Random(f"{kind} {kills}")  # noqa: S311
        with books.open() as desk:
            desk.settings.set("settings", {"PinLength": "12"})
        done = 0
        while done < kills:
            books.now += CLAIM_S + 1
            lives = one_round(workers, books, CASTS[random.randrange(len(CASTS))][:kills - done], random)
            done += len(lives)
            let_go(url)
            books.check(lives)
            books.read_some(random)
            if done % 20 < len(lives):
                back_up(url, folder / "copy.db")
                assert books.places_of_pins() == []  # with the journals and shared memory that the dead have left
        books.deliver()
        books.check([])
        assert set(books.pins) - books.withdrawn <= set(books.files.values()), "not every letter was delivered"
        assert set(books.files.values()) <= set(books.pins)
        assert list((folder / "mail" / "tmp").iterdir()) == []
        assert books.places_of_pins() == []


def one_round(workers, books, cast, random):
    """Let processes work at once and kill one after the other; return what each told."""
    numbers = [workers.live(role, **books.given(random.randrange(1 << 32)), own=OWN[place % 2], shared=SHARED)
               for place, role in enumerate(cast)]
    random.shuffle(numbers)
    return [workers.kill(number, after_lines=random.randrange(24), after_s=random.uniform(0, 0.02))
            for number in numbers]


def back_up(url, path):
    """Copy an SQLite database as an administrator might: what it holds, it holds in the copy for ever."""
    if make_url(url).get_backend_name() == "sqlite":
        with closing(sqlite3.connect(make_url(url).database)) as live, closing(sqlite3.connect(path)) as copy:
            live.backup(copy)


@pytest.mark.parametrize(("kind", "start", "rounds"), [
    ("sqlite", "new", 3), ("postgresql", "new", 3), ("sqlite", "old", 3),
    pytest.param("sqlite", "new", 40, marks=SLOW), pytest.param("postgresql", "new", 15, marks=SLOW),
    pytest.param("sqlite", "old", 20, marks=SLOW), pytest.param("postgresql", "old", 10, marks=SLOW),
])
def test_a_directory_when_those_who_make_it_or_bring_it_up_to_date_are_killed_then_the_next_opens_it_whole(
        databases, workers, folder, pin_class, kind, start, rounds):
    random = Random(f"{start} {kind} {rounds}")  # noqa: S311
    for number in range(rounds):
        here = folder / f"round-{number}"
        here.mkdir()
        with databases.fresh(kind) as url:
            if start == "old":
                to_first_version(url)
            books = Books(url, here, pin_class)
            makers = [workers.live("newcomer", **books.given(number), own=[], shared=[]) for _ in range(2)]
            lives = [workers.kill(maker, after_lines=1, after_s=random.uniform(0, LONGEST_OPENING_S))
                     for maker in makers]
            let_go(url)
            with books.open() as desk:
                assert len(desk.numbers.list()) == (3 if start == "new" else 1)
                assert desk.organizers.enable(NewOrganizer("amos.marble@contoso.com")).changed
                assert desk.outbox.waiting() == 1
            for life in lives:
                assert not life.sealed or KeyFile(books.key).open(life.sealed) == "42"
            if kind == "sqlite":
                check_backups(Path(make_url(url).database).parent, expected=start == "old")


def to_first_version(url):
    """Make the tables of the first version, with a bridge that has a number."""
    config = Config()
    config.set_main_option("script_location", str(Path(ivr.directory.__file__).parent / "migrations"))
    url = make_url(url)
    engine = create_engine(url.set(drivername="postgresql+psycopg") if url.drivername == "postgresql" else url)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.execute(text("INSERT INTO bridges (id, name, default_number) "
                                "VALUES ('1', 'Old', '+14255550100')"))
        connection.execute(text("INSERT INTO numbers (number, toll_free, shared, country, city, primary_language, "
                                "secondary_languages) VALUES ('+14255550100', FALSE, FALSE, 'US', '', '', '[]')"))
    engine.dispose()


def check_backups(folder, *, expected):
    """The copy from before the upgrade is there, once and whole, and no half of one."""
    copies = [path for path in folder.iterdir() if ".backup" in path.name]
    assert [path.suffix for path in copies] == [".backup"] * expected
    for path in copies:
        with closing(sqlite3.connect(path)) as copy:
            assert copy.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert copy.execute("SELECT version_num FROM alembic_version").fetchall() == [("0001",)]
