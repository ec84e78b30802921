"""Opening the directory that a command is for: which database, its key, and where its letters go."""

import contextlib
import logging
import os
import secrets
import sqlite3
import sys
import time
from collections.abc import Callable
from pathlib import Path

import platformdirs

from ivr.desk.recordings import FolderRecordings, read
from ivr.desk.vault import KeyFile
from ivr.directory.desk import Desk
from ivr.directory.errors import BadValue, NotADatabase, NotFound, StoreError, Unusable
from ivr.directory.office import World
from ivr.directory.store import check_no_folder
from ivr.voicemail import Samples

_PROGRAM = "dial-in-conference-simulator"

_SILENT = logging.NullHandler()


def data_folder() -> Path:
    """Return the user's folder for this program's data."""
    return Path(platformdirs.user_data_path(_PROGRAM))


def database_url(chosen: str = "") -> str:
    """Return the database a command works on: the one that is named, IVR_DATABASE's, or the user's own."""
    return chosen or os.environ.get("IVR_DATABASE", "") or f"sqlite:///{data_folder() / 'directory.db'}"


def exists(url: str) -> bool:
    """Tell whether a database is there already; one on a server is taken to be."""
    path = beside(url)
    return path is None or path.exists()


def beside(url: str) -> Path | None:
    """Return the file of an SQLite database; None for any other."""
    if "://" not in url:
        return Path(url).expanduser()
    if not url.startswith("sqlite:"):
        return None
    path = url.partition(":///")[2].partition("?")[0]
    return Path(path) if path and path != ":memory:" else None


def key_file(url: str) -> Path:
    """Return where the key for PINs on their way is kept: beside the database, or as IVR_KEY_FILE says."""
    if chosen := os.environ.get("IVR_KEY_FILE"):
        return Path(chosen)
    path = beside(url)
    return path.with_name(f"{path.name}.key") if path else data_folder() / "directory.key"


def maildir(url: str, setting: str) -> Path:
    """Return the folder for letters: as it is set, else beside the database."""
    if setting:
        return Path(setting).expanduser()
    path = beside(url)
    return (path.parent if path else data_folder()) / "mail"


def recordings_folder(url: str) -> Path:
    """Return the folder for what callers say: beside the database."""
    path = beside(url)
    return path.with_name(f"{path.name}.recordings") if path else data_folder() / "recordings"


def _sound(name: str) -> Samples | None:
    """Return a recording that a parameter names; one that cannot be read is told of, and callers hear our words."""
    try:
        return read(Path(name).expanduser())
    except Unusable as error:
        print(f"ivr: {error}", file=sys.stderr)
        return None


def now() -> int:
    """Return the moment: seconds since 1970, UTC."""
    return int(time.time())


def _is_missing(url: str) -> bool:
    """Tell whether a directory could be founded here and is not there; a path that is none is told of elsewhere."""
    path = beside(url)
    return bool(path and "?" not in url and not path.exists() and not any(one.is_file() for one in path.parents))


def is_empty(url: str) -> bool:
    """Tell whether a database is a file that holds nothing, as when it was cut off, or made by hand."""
    path = beside(url)
    return bool(path and "?" not in url and path.is_file() and not path.stat().st_size)


def founded_in_vain(chosen: str = "") -> Callable[[], None] | None:
    """Return what takes a directory away again that a command has founded under a name, and kept nothing in.

    A name may be mistyped, and a command refused: the next one is to be told that there is no directory. None where
    there is one already, or it is the user's own.
    """
    return _taking_away(database_url(chosen)) if chosen or os.environ.get("IVR_DATABASE") else None


def _taking_away(url: str) -> Callable[[], None] | None:
    """Return what takes away what will be made of a directory here; None where there is one."""
    path = beside(url)
    if path is None or not _is_missing(url):
        return None
    endings = [one for one in ("", "-wal", "-shm", "-journal", ".key")
               if not path.with_name(path.name + one).exists()]

    folders = [one for one in path.parents if not one.exists()]

    def take_away() -> None:
        for ending in endings:
            path.with_name(path.name + ending).unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            for folder in folders:
                folder.rmdir()

    return take_away


def _not_emptied(path: Path) -> None:
    """Make sure that a database which has lost all it held is not founded anew as if nothing had been.

    Raises
    ------
    NotADatabase
        If it has.
    """
    key = path.with_name(f"{path.name}.key")
    if key.exists() and path.exists() and not path.stat().st_size:
        raise NotADatabase(f"the database {path} is empty, though it has been in use, for its key {key} is there: "
                           "put a backup copy in its place, or move the key away to begin anew")


def _offset(at: int) -> int:
    """Return what this machine's zone, in which people type moments, has on UTC at one, in seconds."""
    return time.localtime(at).tm_gmtoff


def open_desk(chosen: str = "", *, founds: bool = True) -> Desk:
    """Open the desk on a database, with real time and unforeseeable chance.

    Parameters
    ----------
    founds : bool
        Whether one is founded where none is. The user's own always is; one that was named may be mistyped.

    Raises
    ------
    StoreError, BadValue
        If the database cannot be used, or the URL is none.
    NotFound
        If there is no directory where one was named, and none is to be founded.
    """
    # What it logs when Ctrl-C comes amid a question is no sentence for a user; who sets up logging still gets it.
    logging.getLogger("sqlalchemy").addHandler(_SILENT)
    url = database_url(chosen)
    if not url.strip():
        raise BadValue("--database takes sqlite:///PATH or postgresql://USER@HOST/NAME, and this is empty")
    named = bool(chosen or os.environ.get("IVR_DATABASE"))
    if path := beside(url):
        check_no_folder(path)
        _not_emptied(path)
    if named and not founds and (is_empty(url) or _is_missing(url)):
        there = f"{path} is empty, and no directory" if is_empty(url) else f"there is no directory at {path}"
        raise NotFound(f"{there}: check the name, or found one there with 'ivr organizer enable' or 'ivr settings "
                       "set'")
    key = key_file(url)
    vault = KeyFile(key)
    take_away = _taking_away(url)
    try:
        desk = Desk(url, World(clock=now, randbelow=secrets.randbelow, vault=vault, offset=_offset,
                               recordings=FolderRecordings(recordings_folder(url), now), sound=_sound))
    except (StoreError, KeyboardInterrupt):
        if take_away and _holds_nothing(beside(url)):
            take_away()
        raise
    vault.is_lost = not key.exists() and desk.outbox.sealed_before()
    return desk


def _holds_nothing(path: Path | None) -> bool:
    """Tell whether nobody has founded anything in a database: a disk was full, or it was stopped."""
    if path is None or not path.is_file():
        return True
    try:
        with contextlib.closing(sqlite3.connect(path, timeout=0)) as database:
            return not database.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    except sqlite3.OperationalError as error:
        return error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def new_key(chosen: str = "") -> Path:
    """Make a new key for a directory whose key file has been lost; return the file.

    Raises
    ------
    Unusable
        If there is one, or it cannot be made.
    """
    path = key_file(database_url(chosen))
    KeyFile(path).renew()
    return path
