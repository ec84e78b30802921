"""The journal on disk, written while it happens: a record, of which nothing may be lost without a word."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from os import SEEK_END
from pathlib import Path
from typing import BinaryIO

from dtmf.audiofile import unwritten
from ivr.journal import LAST, Entry, Journal, json_line, lines

_MOST_WAITING = 1 << 20
"""Bytes that may wait for a disk that is full: thousands of entries."""


class Ledger:
    """A sink that appends entries to a file, each at once.

    What the disk does not take waits in memory and is tried again with every entry that follows; of an entry that
    was taken in part nothing stays in the file. When too much waits, entries are left out, and the file says how
    many as soon as there is room again.

    Parameters
    ----------
    file : binary file
        Unbuffered.
    name : str
        What to call it.
    form : callable
        Gives an entry as a line.

    Attributes
    ----------
    lost : int
        Entries that were left out.
    """

    def __init__(self, file: BinaryIO, name: str, form: Callable[[Entry], str]) -> None:
        self._file, self._name, self._form = file, name, form
        self._waiting = b""
        self._left_out = self.lost = 0
        self._why = ""

    @property
    def trouble(self) -> str:
        """One sentence about what is not in the file; empty while everything is."""
        parts = [f"{self.lost} entries are not in the journal {self._name}"] if self.lost else []
        if self._waiting:
            parts.append(f"the journal {self._name} cannot be written now: {self._why}")
        return "; ".join(parts)

    def write(self, entry: Entry) -> None:
        """Take an entry."""
        self._push()
        if len(self._waiting) > _MOST_WAITING:
            self._left_out += 1
            self.lost += 1
            return
        if self._left_out:
            gap = Entry(entry.at, 0, "", "lost", {"entries": self._left_out})
            self._waiting += self._bytes(gap)
            self._left_out = 0
        self._waiting += self._bytes(entry)
        self._push()

    def close(self) -> None:
        """Try once more to write what waits; what cannot be written now is lost."""
        self._push()
        if self._waiting:
            self.lost += self._waiting.count(b"\n")
        with suppress(OSError):
            self._file.close()

    def _bytes(self, entry: Entry) -> bytes:
        return self._form(entry).encode(errors="backslashreplace")

    def _push(self) -> None:
        begun = b""
        try:
            while self._waiting:
                taken = self._file.write(self._waiting)
                begun = (begun + self._waiting[:taken]).rpartition(b"\n")[2]
                self._waiting = self._waiting[taken:]
        except OSError as error:
            self._why = error.strerror or str(error)
            if begun:
                self._take_back(begun)

    def _take_back(self, begun: bytes) -> None:
        """Leave nothing of an entry in the file of which the rest has no room."""
        with suppress(OSError):  # what is no file on a disk cannot be cut
            self._file.truncate(self._file.seek(-len(begun), SEEK_END))
            self._waiting = begun + self._waiting


def is_json(path: Path) -> bool:
    """Tell whether a journal of this name is JSON lines, and not text."""
    return path.suffix.lower() == ".jsonl"


@contextmanager
def ledger(path: Path) -> Iterator[Ledger]:
    """Give a sink that writes a file while it happens, in place of what is in it: text, or JSON lines by its name.

    Raises
    ------
    dtmf.AudioError
        If the file cannot be written.
    """
    is_new = not path.exists()
    try:
        file = path.open("wb", buffering=0)
    except OSError as error:
        raise unwritten(path, error) from None
    sink = Ledger(file, str(path), json_line if is_json(path) else lambda entry: lines([entry]))
    try:
        yield sink
    finally:
        sink.close()
        if is_new and path.is_file() and not path.stat().st_size:
            path.unlink()  # the disk was full, or nothing came of it


@contextmanager
def live_journal(path: Path | None) -> Iterator[tuple[Journal, Callable[[], str]]]:
    """Give the journal of a bridge without an end, and what tells in a sentence what is not on the disk.

    Parameters
    ----------
    path : Path, optional
        The file for all entries, as `ledger` writes it. In memory there are the last ones only.

    Raises
    ------
    dtmf.AudioError
        If the file cannot be written.
    """
    if path is None:
        yield Journal(keeps=LAST), lambda: ""
        return
    with ledger(path) as sink:
        yield Journal(sink, keeps=LAST), lambda: sink.trouble
