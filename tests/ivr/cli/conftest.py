"""What tests of the commands share."""

import codecs
import contextlib
import functools
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from ivr.cli import main
from ivr.desk.opening import now, open_desk
from ivr.desk.posting import deliver
from ivr.directory.organizers import NewOrganizer

ROOT = Path(__file__).parents[3]
PEOPLE = {"amos.marble@contoso.com": "Amos Marble", "tonysmith@contoso.com": "Tony Smith"}
OF_ITS_OWN = "import os, sys; os.open(os.ttyname(0), os.O_RDWR); os.execv(sys.argv[1], sys.argv[1:])"
"""Makes a terminal the one that belongs to a process: the first that a leader of a session opens."""


@pytest.fixture(autouse=True)
def _nobodys_directory(monkeypatch, tmp_path):
    """Keep away from the directory of whoever runs the tests: a command that names none finds this one."""
    monkeypatch.setenv("IVR_DATABASE", str(tmp_path / "nobodys.db"))


@pytest.fixture
def ivr(capsys):
    """Run the command; return its exit code, what it printed, and what it complained about."""
    def run(*words):
        code = main([str(word) for word in words])
        printed = capsys.readouterr()
        return code, printed.out, printed.err
    return run


@pytest.fixture
def refused(ivr):
    """Run a command that must be refused; return the one plain sentence about it."""
    def run(*words, code=2):
        got, out, err = ivr(*words)
        assert (got, out) == (code, "")
        assert re.fullmatch(r"ivr: [^\n]+[.!?]\n", err), err
        assert "Traceback" not in err
        return err.removeprefix("ivr: ").removesuffix("\n")
    return run


class Office:
    """A directory on disk as a user has one, its folder a test's own.

    Attributes
    ----------
    pins : dict
        The PIN of each organizer, by address.
    ids : dict
        The conference ID of each one's first meeting, by address.
    """

    def __init__(self, folder, pins, ids):
        self.folder, self.pins, self.ids = folder, pins, ids
        self.file = folder / "directory.db"
        self.database = f"--database={self.file}"

    def dump(self):
        """Return every table, for "nothing was changed"."""
        with contextlib.closing(sqlite3.connect(self.file)) as database:
            return "\n".join(database.iterdump())

    def ask(self, query, *values):
        """Return the rows of a query."""
        with contextlib.closing(sqlite3.connect(self.file)) as database:
            return database.execute(query, values).fetchall()

    def letters(self):
        """Return the letters that were delivered, as they lie on disk."""
        return [path.read_text() for path in sorted(self.folder.glob("mail/new/*"))]

    def environment(self, **more):
        """Return the environment of a process that works on it."""
        return {**os.environ, "IVR_DATABASE": str(self.file), "TERM": "xterm", "COLUMNS": "100", **more}


@pytest.fixture(scope="session")
def quick_disk():
    """A folder in memory where there is one: there, bringing a change safely to the disk takes no time."""
    memory = Path("/dev/shm")  # noqa: S108
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def founded(quick_disk):
    """Makes directories to be copied, each once: ``founded("um", people=True)``; folder, PINs and IDs."""
    @functools.cache
    def found(profile, *, people):
        folder = Path(tempfile.mkdtemp(dir=quick_disk))
        pins, ids = {}, {}
        with contextlib.closing(open_desk(str(folder / "directory.db"))) as desk:
            desk.settings.set("settings", {"administration": profile})
            for address, name in PEOPLE.items() if people else ():
                made = desk.organizers.enable(NewOrganizer(address, name=name, sip_uri=f"sip:{address}"))
                pins[address] = (made.pin or desk.pins.reset(address, first_use=False)).pin
                ids[address] = desk.meetings.schedule(address, subject=f"{name}'s first", starts_at=now() + 86_400,
                                                      ends_at=now() + 90_000).conference_id
            deliver(desk, str(folder / "directory.db"))
        return folder, pins, ids
    return found


@pytest.fixture
def office_of(founded, quick_disk):
    """Makes directories: ``office_of("um")`` has Amos and Tony and a meeting of each, ``people=False`` nobody."""
    made = []

    def office_of(profile="online", *, people=True):
        folder, pins, ids = founded(profile, people=people)
        made.append(Path(tempfile.mkdtemp(dir=quick_disk)))
        return Office(shutil.copytree(folder, made[-1], dirs_exist_ok=True), dict(pins), dict(ids))

    yield office_of
    for folder in made:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def office(office_of):
    """A directory with the profile that holds by default, with Amos and Tony and a meeting of each."""
    return office_of()


@pytest.fixture
def desk(ivr, office):
    """Run a command on `office`; return its exit code, what it printed, and what it complained about."""
    return lambda *words: ivr(*words, office.database)


@pytest.fixture
def unchanged(refused):
    """Run a command that must be refused on a directory, and change nothing there; return the sentence."""
    def run(office, *words, code=2):
        before = office.dump()
        sentence = refused(*words, office.database, code=code)
        assert office.dump() == before
        return sentence
    return run


@pytest.fixture
def shell(served):
    """Run the command in a process of its own: ``shell(office, "pin", "info", ..., input=)``."""
    def run(office, *words, **options):
        return subprocess.run([served / "ivr", *map(str, words)], capture_output=True, text=True,
                              cwd=ROOT, env=office.environment(), check=False,
                              **({"stdin": subprocess.DEVNULL} if "input" not in options else {}), **options)
    return run


@pytest.fixture
def terminal():
    """Run a program on a terminal: ``terminal(office, argv, [(prompt, answer)])``; return code and screen."""
    pty = pytest.importorskip("pty", reason="this system has no pseudo-terminals")

    def run(office, argv, answers=()):
        ours, theirs = pty.openpty()
        with subprocess.Popen([sys.executable, "-ISc", OF_ITS_OWN, *map(str, argv)], stdin=theirs, stdout=theirs,
                              stderr=theirs, cwd=ROOT, start_new_session=True, env=office.environment()) as process:
            os.close(theirs)
            screen, left, told = "", list(answers), codecs.getincrementaldecoder("utf-8")()
            with contextlib.suppress(OSError):  # Linux says so when nobody has the terminal any more
                while said := os.read(ours, 4096):
                    screen += told.decode(said)  # a read may end within a sign
                    if left and left[0][0] in screen[_seen(screen, answers, left):]:
                        os.write(ours, left.pop(0)[1].encode() + b"\n")
            os.close(ours)
        return process.returncode, screen.replace("\r\n", "\n")
    return run


def _seen(screen, answers, left):
    """Return where the question that is waited for may begin: after those that were answered."""
    begin = 0
    for question, _ in answers[:len(answers) - len(left)]:
        begin = screen.index(question, begin) + len(question)
    return begin


@pytest.fixture(scope="session")
def serving(served):
    """`ivr serve` as a process; give its URI."""
    words = [served / "ivr", "serve", "--sip", "127.0.0.1:0", "--plain", "--meeting", "1234567:48215:Amos"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, stdin=subprocess.DEVNULL) as process:
        yield f"sip:1000@127.0.0.1:{re.search(r':([0-9]+)$', process.stdout.readline())[1]}"
        process.terminate()
