"""Opening the directory that a command is for: which database, its key, and where its letters go."""

import stat
import time
from pathlib import Path

import pytest

from ivr.desk.opening import beside, data_folder, database_url, exists, key_file, maildir, open_desk
from ivr.directory.errors import BadValue, NotADatabase, Unusable
from ivr.directory.organizers import NewOrganizer

pytestmark = pytest.mark.usefixtures("environment")

NAMED, SET = "sqlite:////named.db", "sqlite:////set.db"
SERVER = "postgresql://amos@host/directory"


@pytest.mark.parametrize(("named", "in_the_environment", "opened"), [
    pytest.param(NAMED, SET, NAMED, id="--database comes before IVR_DATABASE"),
    pytest.param("", SET, SET, id="IVR_DATABASE comes before the user's own"),
    pytest.param("", "", None, id="the user's own"),
    pytest.param(NAMED, "", NAMED, id="--database alone"),
])
def test_the_database_then_the_one_named_most_nearly(environment, named, in_the_environment, opened):
    environment["IVR_DATABASE"] = in_the_environment
    assert database_url(named) == (opened or f"sqlite:///{data_folder() / 'directory.db'}")


def test_the_users_own_then_in_his_data_folder(environment, tmp_path):
    environment["XDG_DATA_HOME"] = str(tmp_path)
    assert data_folder().name == "dial-in-conference-simulator"
    assert Path(database_url().removeprefix("sqlite:///")).parent == data_folder()


@pytest.mark.parametrize(("url", "file"), [
    ("sqlite:////data/directory.db", "/data/directory.db"), ("sqlite:///directory.db", "directory.db"),
    ("/data/directory.db", "/data/directory.db"), ("directory.db", "directory.db"),
    ("sqlite://", None), ("sqlite:///:memory:", None), (SERVER, None),
])
def test_a_database_then_its_file_if_it_is_one(url, file):
    assert beside(url) == (Path(file) if file else None)


@pytest.mark.parametrize(("url", "key", "mail"), [
    pytest.param("sqlite:////data/d.db", "/data/d.db.key", "/data/mail", id="beside an SQLite file"),
    pytest.param("/data/d.db", "/data/d.db.key", "/data/mail", id="beside a file named by its path"),
    pytest.param(SERVER, None, None, id="in the user's folder for a server"),
])
def test_key_and_letters_then_beside_the_database_or_in_the_users_folder(url, key, mail):
    assert key_file(url) == (Path(key) if key else data_folder() / "directory.key")
    assert maildir(url, "") == (Path(mail) if mail else data_folder() / "mail")


def test_key_and_letters_named_then_there(environment, tmp_path):
    environment["IVR_KEY_FILE"] = str(tmp_path / "key")
    environment["HOME"] = str(tmp_path)
    assert key_file(NAMED) == tmp_path / "key"
    assert maildir(NAMED, "/var/mail/ivr") == Path("/var/mail/ivr")
    assert maildir(NAMED, "~/mail") == tmp_path / "mail"


def test_opened_for_the_first_time_then_made_for_its_owner_alone(chosen, tmp_path):
    assert not exists(chosen)
    open_desk(chosen).close()
    assert exists(chosen)
    folder = tmp_path / "data"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "directory.db").stat().st_mode) == 0o600
    # the key is made with the first letter that needs it
    assert not key_file(chosen).exists()


def test_a_server_then_taken_to_be_there():
    assert exists(SERVER)


def test_opened_then_real_time_and_pins_nobody_foresees(chosen):
    before = int(time.time())
    desk = open_desk(chosen)
    pins = {desk.organizers.enable(NewOrganizer(f"o{n}@contoso.com")).pin.pin for n in range(4)}
    written = desk.outbox.list()[0].written_at
    desk.close()
    assert before <= written <= int(time.time())
    assert len(pins) > 2
    assert key_file(chosen).exists()


def test_the_database_in_the_environment_then_opened(environment, tmp_path):
    environment["IVR_DATABASE"] = str(tmp_path / "mine.db")
    open_desk().close()
    assert (tmp_path / "mine.db").exists()


def test_a_directory_in_memory_then_its_key_is_made_as_for_any_other(environment, tmp_path):
    environment["XDG_DATA_HOME"] = str(tmp_path)
    desk = open_desk("sqlite://")
    assert desk.organizers.enable(NewOrganizer("ada@contoso.com")).pin.pin
    desk.close()
    assert key_file("sqlite://").exists()


@pytest.mark.parametrize(("url", "fault"), [
    ("mysql://host/name", BadValue), ("sqlite://host/path", BadValue), ("   ", BadValue), ("http://x", BadValue),
    ("postgresql://amos@127.0.0.1:1/none", Unusable),
])
def test_a_database_that_cannot_be_opened_then_one_sentence(url, fault):
    with pytest.raises(fault) as refused:
        open_desk(url)
    assert "\n" not in str(refused.value)


def test_a_file_that_is_something_else_then_one_sentence_and_the_file_stays(tmp_path):
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear Amos, this is a letter. " * 40)
    with pytest.raises(NotADatabase):
        open_desk(str(letter))
    assert letter.read_text().startswith("Dear Amos")
    assert [entry.name for entry in tmp_path.iterdir()] == ["letter.txt"]
