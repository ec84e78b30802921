"""Letters as files in a Maildir, which any mail reader opens.

A letter is written to `tmp`, brought safely to the disk, and only then moved to `new`, where readers look; they
move it on to `cur`. Its file name is made from its Message-ID, so that a letter which is delivered once more, after
a crash, is found in `new` or `cur` and does not stand there twice.
"""

import contextlib
import errno
import hashlib
import os
import re
from email.message import EmailMessage
from pathlib import Path
from types import TracebackType
from typing import Self

from ivr.mail.delivery.errors import Undelivered, checked_recipient
from ivr.mail.delivery.form import as_bytes, message_id_of, needs_utf8

try:
    import fcntl
except ImportError:  # a system without locks of this kind: what a crash leaves half written stays there
    fcntl = None  # type: ignore[assignment]

_NAME = 32
"""Length of a file name in hexadecimal digits: 128 bits, so that no two letters ever share one."""

_REMEDIES = {
    errno.ENOSPC: "the disk is full; make room there",
    errno.EDQUOT: "the disk quota is used up; make room there",
    errno.EFBIG: "no larger file may be written there; raise the limit for files",
    errno.EROFS: "the disk is read-only; make it writable",
    errno.EACCES: "it may not be written to; allow it",
    errno.EPERM: "it may not be written to; allow it",
    errno.ENOTDIR: "it, or a part of its path, is a file; move that away",
    errno.EEXIST: "it, or a folder that belongs in it, is a file; move that away",
    errno.EISDIR: "a folder stands where the letter's file belongs; move that away",
}


class MaildirCarrier:
    """Puts letters into a Maildir.

    Parameters
    ----------
    folder : Path
        Made when missing, for its owner's eyes only. One that exists keeps its rights.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._there: set[str] | None = None

    def __enter__(self) -> Self:
        self._there = None
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self._there = None

    def carry(self, message: EmailMessage, recipient: str) -> None:
        """Put a letter into `new`, unless it already stands in the folder.

        Raises
        ------
        Undelivered
            If the letter is none, or, for the time being, if the folder cannot take it.
        """
        checked_recipient(recipient)
        name = hashlib.sha256(message_id_of(message).encode("utf-8", "surrogateescape")).hexdigest()[:_NAME]
        utf8 = needs_utf8(message, recipient)
        data = b"Delivered-To: " + recipient.encode() + b"\n" + as_bytes(message, utf8=utf8, line_end="\n")
        try:
            self._put(name, data)
        except OSError as error:
            raise Undelivered(f"the mail folder {str(self._folder)!r} cannot take letters: {_said(error)}, "
                              "or choose another folder") from error

    def _put(self, name: str, data: bytes) -> None:
        there = self._names()
        new, tmp = self._folder / "new", self._folder / "tmp" / name
        tmp.unlink(missing_ok=True)  # half of this letter, left by a crash
        if name not in there:
            try:
                _write(tmp, data, new / name)
            finally:
                tmp.unlink(missing_ok=True)
            there.add(name)
        _settle(new)  # for a letter found there too: the crash may have come before this

    def _names(self) -> set[str]:
        """Return the names of all letters in the folder, read once a round: a listing a letter would be slow."""
        if self._there is None:
            _made(self._folder)
            _sweep(self._folder / "tmp")
            # `new` before `cur`: a letter that its reader moves meanwhile is then seen in at least one of them.
            # A reader adds his marks behind the name.
            self._there = {path.name[:_NAME] for part in ("new", "cur") for path in (self._folder / part).iterdir()}
        return self._there


def _made(folder: Path) -> None:
    missing = [part for part in (folder, *(folder / name for name in ("tmp", "new", "cur"))) if not part.is_dir()]
    for part in missing:
        part.mkdir(mode=0o700, parents=part == folder, exist_ok=True)
        _settle(part.parent)


def _sweep(tmp: Path) -> None:
    """Remove halves of letters that nobody writes any more: who did was killed, and the letter may be withdrawn."""
    for path in tmp.iterdir() if fcntl else ():
        if re.fullmatch(f"[0-9a-f]{{{_NAME}}}", path.name):
            with contextlib.suppress(OSError), path.open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # its writer holds it, while he lives
                path.unlink()


def _write(path: Path, data: bytes, to: Path) -> None:
    """Write a new file, readable for its owner only, bring it safely to the disk, and move it where it belongs."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        if fcntl:
            fcntl.flock(file, fcntl.LOCK_EX)
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
        path.replace(to)


def _settle(folder: Path) -> None:
    """Bring a folder's entries safely to the disk, on systems where a folder can be opened for that."""
    if hasattr(os, "O_DIRECTORY"):
        opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def _said(error: OSError) -> str:
    known = _REMEDIES.get(error.errno or 0)
    return known or f"{(error.strerror or 'the disk failed').lower()}; mend that"
