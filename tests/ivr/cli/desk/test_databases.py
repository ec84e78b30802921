"""A database that cannot be used, and letters that cannot be laid down: what the user reads, and what is kept."""

import os
import re
import shutil
import sqlite3
from contextlib import closing
from random import Random

import pytest
from ports import refusing

AMOS, TONY = "amos.marble@contoso.com", "tonysmith@contoso.com"
RESET = ("pin", "reset", AMOS, "--yes")
CHANGES = [RESET, ("organizer", "enable", "ada@contoso.com"), ("organizer", "disable", AMOS, "--yes"),
           ("meeting", "schedule", AMOS), ("settings", "set", "--pin-length", "8")]
changes = pytest.mark.parametrize("words", CHANGES, ids=" ".join)


def _bytes(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_database_when_a_newer_version_made_it_then_it_is_left_as_it_is(unchanged, office):
    with closing(sqlite3.connect(office.file)) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.commit()
    for words in CHANGES:
        sentence = unchanged(office, *words, code=3)
        assert str(office.file) in sentence
        assert "newer version" in sentence


NOISE = Random(1).randbytes(5000)  # noqa: S311


@pytest.mark.parametrize("holds", [b"This is a letter to my aunt.\n" * 100, b"\0" * 4096, NOISE],
                         ids=["text", "zeros", "noise"])
def test_database_when_it_is_another_file_then_it_is_left_as_it_is(refused, tmp_path, holds):
    file = tmp_path / "letter.txt"
    file.write_bytes(holds)
    sentence = refused(*RESET, "--database", file)
    assert str(file) in sentence
    assert _bytes(tmp_path) == {file.relative_to(tmp_path): holds}


def test_database_when_it_is_another_programs_then_it_is_left_as_it_is(refused, tmp_path):
    file = tmp_path / "music.db"
    with closing(sqlite3.connect(file)) as database:
        database.execute("CREATE TABLE tracks (title TEXT)")
        database.commit()
    before = file.read_bytes()
    assert str(file) in refused(*RESET, "--database", file)
    assert file.read_bytes() == before


def test_database_when_it_is_a_folder_then_it_is_refused(refused, tmp_path):
    assert f"the database {tmp_path} is a folder" in refused(*RESET, "--database", tmp_path, code=2)
    assert "the database . is a folder" in refused(*RESET, "--database", ".", code=2)


def test_database_when_its_folder_is_a_file_then_it_is_refused(refused, tmp_path):
    (tmp_path / "file").write_text("")
    assert str(tmp_path / "file") in refused(*RESET, "--database", tmp_path / "file" / "directory.db", code=3)


@changes
def test_disk_when_it_may_only_be_read_then_it_is_said_and_nothing_is_changed(refused, office, read_only_disk,
                                                                              words):
    before = _bytes(office.folder)
    read_only_disk(office.folder)
    sentence = refused(*words, office.database, code=3)
    assert str(office.file) in sentence
    assert _bytes(office.folder) == before


@pytest.mark.parametrize("words", [("organizer", "list"), ("pin", "info", AMOS), ("meeting", "show", "1")],
                         ids=" ".join)
def test_disk_when_it_may_only_be_read_then_one_can_still_look_or_is_told_why_not(ivr, office, read_only_disk,
                                                                                  words):
    read_only_disk(office.folder)
    code, out, err = ivr(*words, office.database)
    assert code in (0, 3)
    assert bool(out) is (code == 0)
    assert err.count("\n") == (code == 3)


def test_disk_when_it_is_full_then_it_is_said_and_no_change_is_half_done(ivr, office, small_disk):
    disk = small_disk(2**20)
    shutil.copytree(office.folder, disk / "office")
    file = disk / "office" / "directory.db"
    (disk / "office" / "mail").rename(disk / "office" / "old mail")
    filling = (disk / "filling").open("wb", buffering=0)
    with filling:
        for size in (4096, 1):
            try:
                while filling.write(b"\0" * size) == size:
                    pass
            except OSError:
                continue
    with closing(sqlite3.connect(office.file)) as database:
        before = list(database.iterdump())
    for words in CHANGES:
        code, out, err = ivr(*words, f"--database={file}")
        assert (code, out) == (3, ""), words
        assert err.startswith(f"ivr: the database {file} ")
        assert err.count("\n") == 1
    assert ivr("settings", "set", "--pin-length", "6", f"--database={disk}/new/directory.db")[0] == 3
    assert not (disk / "new").exists()
    filling = disk / "filling"
    filling.unlink()
    with closing(sqlite3.connect(file)) as database:
        assert list(database.iterdump()) == before
    assert ivr(*RESET, f"--database={file}")[0] == 0


@pytest.mark.parametrize("url", [
    "mysql://root@localhost/x", "sqlite://host/x.db", "sqlite:///x.db?mode=ro", "://", " ",
    "postgresql://u:geheim@[::1/x",
])
def test_database_when_its_url_is_none_then_the_two_forms_are_told(refused, tmp_path, monkeypatch, url):
    monkeypatch.chdir(tmp_path)
    for words in (RESET, ("organizer", "list")):
        sentence = refused(*words, "--database", url)
        assert "sqlite:///PATH or postgresql://USER@HOST/NAME" in sentence
        assert "geheim" not in sentence
    assert not list(tmp_path.iterdir())


def test_database_when_the_environment_names_none_then_it_is_told_too(shell, office):
    office.environment = lambda: {**os.environ, "IVR_DATABASE": "mysql://root@localhost/x"}
    done = shell(office, *RESET)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "mysql://" in done.stderr


def test_database_when_its_server_is_down_then_it_is_told_without_the_password(refused):
    with refusing() as nobody:
        port = nobody.getsockname()[1]
        sentence = refused(*RESET, "--database", f"postgresql://desk:geheim@127.0.0.1:{port}/directory", code=3)
    assert "does not answer" in sentence
    assert f"127.0.0.1:{port}" in sentence
    assert "geheim" not in sentence


def test_database_when_it_does_not_exist_yet_then_it_is_made_for_its_owner_only(ivr, tmp_path):
    file = tmp_path / "new" / "place" / "directory.db"
    assert ivr("organizer", "enable", AMOS, "--database", file)[0] == 0
    assert (file.parent.stat().st_mode & 0o777, file.stat().st_mode & 0o777) == (0o700, 0o600)
    assert {path.name for path in file.parent.iterdir()} >= {"directory.db", "directory.db.key", "mail"}
    assert (file.with_name("directory.db.key").stat().st_mode & 0o777) == 0o600


def test_letter_when_its_folder_cannot_take_it_then_the_command_succeeds_and_the_letter_waits(ivr, office):
    mail = office.folder / "mail"
    shutil.rmtree(mail)
    mail.write_text("a file where the folder for letters should be")
    code, out, err = ivr(*RESET, office.database)
    assert code == 1
    assert "new PIN: " in out
    trouble, waits = err.splitlines()
    assert str(mail) in trouble
    assert re.fullmatch(r"ivr: 1 letter waits; it is tried at [-0-9]+ [:0-9]+ \('ivr mail retry' tries at once, "
                        r"'ivr mail deliver --watch' as each is due\)\.", waits)
    code, out, err = ivr("pin", "reset", TONY, "--yes", "--no-send-email", office.database)
    assert (code, err) == (0, f"{waits}\n")  # of this command no letter has failed
    code, out, _ = ivr("mail", "list", "--state", "waiting", office.database)
    assert (code, out.count("pin-reset")) == (0, 1)
    assert ivr("mail", "retry", office.database)[0] == 1
    mail.unlink()
    code, out, err = ivr("mail", "retry", office.database)
    assert (code, err) == (0, "")
    assert "1 delivered, 0 put back for later, 0 given up." in out
    assert len(office.letters()) == 1
    assert ivr("mail", "list", "--state", "waiting", office.database)[1] == "There are no letters.\n"


def test_key_when_it_is_lost_then_none_is_made_in_silence_and_letters_wait_until_it_is_back_or_renewed(
        ivr, refused, office):
    mail = office.folder / "mail"
    shutil.rmtree(mail)
    mail.write_text("a file where the folder for letters should be")
    assert ivr(*RESET, office.database)[0] == 1
    mail.unlink()
    key = office.folder / "directory.db.key"
    gone = (f"the key file {key} is gone, with which PINs in letters were sealed: bring it back, or have a new one "
            "made by 'ivr mail new-key'")
    key.rename(office.folder / "elsewhere")
    before = office.dump()
    assert refused(*RESET, office.database, code=3) == f"{gone}."
    assert (office.dump(), key.exists()) == (before, False)
    code, out, err = ivr("mail", "retry", office.database)
    assert (code, out) == (1, "0 delivered, 1 put back for later, 0 given up.\n")
    assert f"ivr: a letter was not delivered: {gone}" in err
    assert ivr("mail", "new-key", office.database)[0] == 0
    assert f"the key file {key} is there" in refused("mail", "new-key", office.database, code=3)
    code, out, err = ivr("mail", "retry", office.database)
    assert (code, out) == (1, "0 delivered, 0 put back for later, 1 given up.\n")
    assert err.startswith("ivr: a letter was not delivered: its PIN was sealed with a key that is not here")
    assert err.endswith("ivr: 1 letter was given up ('ivr mail list --state given-up' says why).\n")
    out = ivr("mail", "list", "--state", "given-up", office.database)[1]
    assert "reset the PIN once more" in out
    assert office.letters() == []
    # what is sealed from now on has a new key
    assert ivr(*RESET, office.database)[0] == 0
    assert len(office.letters()) == 1


def test_letter_when_a_mail_server_is_set_that_does_not_answer_then_it_waits(ivr, office):
    assert ivr("settings", "set", "--delivery", "smtp", "--smtp-host", "127.0.0.1", "--smtp-port", "9",
               "--smtp-security", "none", office.database)[0] == 0
    code, _, err = ivr(*RESET, office.database)
    assert code == 1
    assert "127.0.0.1" in err
    assert ivr("mail", "list", "--state", "waiting", office.database)[1].count("pin-reset") == 1


READS = [("organizer", "list"), ("organizer", "show", AMOS), ("pin", "info", AMOS), ("meeting", "list"),
         ("mail", "list"), ("settings", "show"), ("policy", "list"), ("number", "list"), ("bridge", "show"),
         ("mail", "deliver"), RESET, ("organizer", "disable", AMOS, "--yes"), ("meeting", "schedule", AMOS),
         ("conference-id", "list", AMOS)]


@pytest.mark.parametrize("words", READS, ids=" ".join)
@pytest.mark.parametrize("missing", ["directry.db", "foldr/directory.db"])
def test_database_when_its_name_is_mistyped_then_it_is_refused_and_none_is_founded(refused, office, words, missing):
    before = sorted(office.folder.rglob("*"))
    sentence = refused(*words, "--database", office.folder / missing)
    assert sentence.startswith(f"there is no directory at {office.folder / missing}: check the name")
    assert sorted(office.folder.rglob("*")) == before


@pytest.mark.parametrize("words", [
    ("organizer", "enable", "no address"), ("settings", "set", "--pin-length", "99"),
    ("settings", "set", "--pin-length", "8", "--what-if"), ("policy", "set", "pin", "--shortest", "99"),
    ("number", "add", "none")], ids=" ".join)
def test_database_when_what_would_found_it_is_refused_or_only_tried_then_nothing_is_left(ivr, tmp_path, words):
    assert ivr(*words, "--database", tmp_path / "new" / "directory.db")[0] in (0, 2)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("words", [
    ("organizer", "enable", "ada@contoso.com"), ("settings", "set", "--pin-length", "8"),
    ("number", "add", "+442075550100"), ("bridge", "set", "--name", "London"),
    ("policy", "new", "meeting", "site:Paris")], ids=" ".join)
def test_database_when_it_is_new_then_what_makes_sense_there_founds_it(ivr, tmp_path, words):
    assert ivr(*words, "--database", tmp_path / "new" / "directory.db")[0] == 0
    assert (tmp_path / "new" / "directory.db").exists()


@pytest.mark.parametrize("words", [("organizer", "list"), RESET, ("organizer", "enable", "ada@contoso.com")],
                         ids=" ".join)
def test_database_when_it_was_emptied_then_it_is_not_founded_anew_in_silence(refused, ivr, office, words):
    assert ivr(*RESET, office.database)[0] == 0
    for name in ("-wal", "-shm"):
        office.file.with_name(f"{office.file.name}{name}").unlink(missing_ok=True)
    os.truncate(office.file, 0)
    sentence = refused(*words, office.database)
    assert f"{office.file} is empty, though it has been in use" in sentence
    assert office.file.stat().st_size == 0
    (office.folder / "directory.db.key").unlink()
    if "enable" not in words:
        assert f"{office.file} is empty, and no directory: check the name" in refused(*words, office.database)
        assert office.file.stat().st_size == 0
    assert ivr("organizer", "enable", "ada@contoso.com", office.database)[::2] == (
        0, f"ivr: {office.file} was empty: a new directory has been founded in it.\n")


@pytest.mark.parametrize(("typed", "meant"), [
    ("amos.marbel@contoso.com", AMOS), ("amos.marble@contso.com", AMOS), ("amos marbel", AMOS), ("tonysmit", TONY),
    ("amos", AMOS), ("bea@contoso.com", ""), ("amos.marble@fabrikam.org", ""), ("x", "")])
def test_organizer_when_there_is_none_of_the_name_then_one_is_suggested_only_if_it_is_near(
        refused, office, typed, meant):
    where = "" if "@" in typed else ": name him by his mail address"
    assert refused("organizer", "show", typed, office.database) == (
        f"there is no organizer {typed!r}{where}" + (f"; did you mean {meant!r}?" if meant else "."))


@pytest.mark.parametrize(("typed", "meant"), [("+14255550101", "+14255550100"), ("+14255559876", "")])
def test_number_when_the_bridge_has_none_such_then_one_is_suggested_only_if_it_is_near(
        refused, office, typed, meant):
    assert refused("number", "show", typed, office.database) == (
        f"the bridge does not have the number {typed}" + (f"; did you mean {meant!r}?" if meant else "."))
