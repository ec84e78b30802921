"""Keeping PINs unreadable while their letters wait: encrypted, with a key that is not in the database.

What a database has once held can stay readable in it for long, in free pages, write-ahead logs and backups. So
the outbox never holds a PIN in the clear, and erasing the key's work is all that erasing takes.
"""

import contextlib
import os
import tempfile
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from ivr.directory.errors import Unusable

_PADDED = 16


class KeyFile:
    """A vault whose key lies in a file that only its owner can read; it is made when first needed.

    Parameters
    ----------
    path : Path

    Attributes
    ----------
    is_lost : bool
        Whether something has been sealed before, so that a file which is not there is not made anew.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.is_lost = False
        self._fernet: Fernet | None = None

    def seal(self, pin: str) -> str:
        """Return a PIN as cipher text; of one length, whatever the PIN's."""
        return self._cipher().encrypt(pin.ljust(2 * _PADDED).encode()).decode()

    def open(self, sealed: str) -> str:
        """Return the PIN again.

        Raises
        ------
        LookupError
            If it was sealed with another key.
        """
        try:
            return self._cipher().decrypt(sealed.encode()).decode().rstrip()
        except InvalidToken:
            raise LookupError("sealed with another key") from None

    def renew(self) -> None:
        """Make the file, though one has been lost: what was sealed with that can be opened no more.

        Raises
        ------
        Unusable
            If it is there, or cannot be made.
        """
        if self._path.exists():
            raise Unusable(f"the key file {self._path} is there: move it away first, if it is to be replaced")
        try:
            self._make()
        except OSError as error:
            raise Unusable(f"the key file {self._path} cannot be made: {error.strerror}") from None

    def _cipher(self) -> Fernet:
        if self._fernet is None:
            try:
                self._fernet = Fernet(self._key())
            except ValueError:
                raise Unusable(f"the key file {self._path} cannot be used: what it holds is no key; bring back the "
                               "right file, or move this one away to have a new one made") from None
        return self._fernet

    def _key(self) -> bytes:
        try:
            if not self._path.exists():
                if self.is_lost:
                    raise Unusable(f"the key file {self._path} is gone, with which PINs in letters were sealed: "
                                   "bring it back, or have a new one made by 'ivr mail new-key'")
                self._make()
            return self._path.read_bytes().strip()
        except OSError as error:
            raise Unusable(f"the key file {self._path} cannot be used: {error.strerror}") from None

    def _make(self) -> None:
        """Write a new key beside its place and link it there: of two makers at once, one key stands."""
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        made, name = tempfile.mkstemp(".part", f"{self._path.name}.", self._path.parent)
        part = Path(name)
        try:
            with os.fdopen(made, "wb") as file:
                file.write(Fernet.generate_key() + b"\n")
                file.flush()
                os.fsync(file.fileno())
            with contextlib.suppress(FileExistsError):
                os.link(part, self._path)
        finally:
            part.unlink(missing_ok=True)
