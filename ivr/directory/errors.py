"""What can be wrong at the administrator's desk; no message ever holds a PIN.

DirectoryError             what was asked for cannot be done as it was said
├── BadConferenceId        not seven digits (A1.10)
├── BadPin                 breaks a rule for PINs (B1.2, B2, F2)
├── BadValue               a setting, an address, a number or a moment that is none
├── DuplicateId            the conference ID is taken (C-6, C-7)
├── DuplicateAddress       the address is another organizer's
├── NotFound               no organizer, meeting, number, policy or letter of this name
├── NotAllowed             the product does not have it, or its rules forbid it
├── NotEnabled             the organizer is not enabled for audio conferencing
├── WrongPin               the PIN that was to prove its owner does not, or is locked
└── BridgeFull             no conference ID is left
StoreError                 the database cannot do its part
├── NotADatabase           the file is something else
├── NewerDatabase          a newer version of this program made it
└── Unusable               read-only, full, locked or out of reach
"""

import difflib
from collections.abc import Iterable

from ivr.errors import Valued


class DirectoryError(Valued, ValueError):
    """Any fault of what a directory is asked or given."""


class BadConferenceId(DirectoryError):
    """A conference ID is not seven digits."""


class BadPin(DirectoryError):
    """A PIN breaks a rule; the message says which and does not hold it.

    Attributes
    ----------
    rule : str
        The rule: "length", "used", or a pattern of `ivr.directory.administration.Pattern`; empty for none of these.
    """

    def __init__(self, message: str, *, rule: str = "") -> None:
        super().__init__(message)
        self.rule = rule


class BadValue(DirectoryError):
    """A value is none of its kind."""


class DuplicateId(DirectoryError):
    """Two meetings, or two organizers, would have the same conference ID."""


class DuplicateAddress(DirectoryError):
    """Two organizers would have the same address."""


class NotFound(DirectoryError):
    """Nothing has this name."""


class NotAllowed(DirectoryError):
    """The product that is imitated does not have this."""


class NotEnabled(DirectoryError):
    """The organizer is known, but not enabled for audio conferencing."""


class WrongPin(DirectoryError):
    """The PIN by which somebody was to prove himself is not his, or is locked; it has been counted."""


class BridgeFull(DirectoryError):
    """Every conference ID of the bridge is taken."""


class StoreError(Exception):
    """Any fault of the database."""

    exit_code = 3


class NotADatabase(StoreError):
    """The file is not a database of ours."""

    exit_code = 2


class NewerDatabase(StoreError):
    """A newer version of this program has made the database."""


class Unusable(StoreError):
    """The database is read-only, full, locked or out of reach."""


def nearest(word: str, known: Iterable[str]) -> str:
    """Return "; did you mean 'this'?" about the most alike of the known words; empty if none is alike."""
    near = difflib.get_close_matches(word, list(known), n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


def nearest_address(word: str, known: Iterable[str]) -> str:
    """Return `nearest` about mail addresses: two are not alike because both are of one domain."""
    alias, _, domain = word.partition("@")
    parted = [one.rpartition("@") for one in known]
    alike = {other for other in {other for *_, other in parted}
             if not domain or difflib.SequenceMatcher(None, domain, other).ratio() >= _ALIKE}
    aliases = {own: f"{own}@{other}" for own, _, other in reversed(parted) if other in alike}
    near = difflib.get_close_matches(alias, aliases, n=1, cutoff=_ALIKE)
    return f"; did you mean {aliases[near[0]]!r}?" if near else ""


def nearest_number(word: str, known: Iterable[str]) -> str:
    """Return `nearest` about telephone numbers: those of one city begin alike."""
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=_ALIKE_DIGITS)
    return f"; did you mean {near[0]!r}?" if near else ""


_ALIKE, _ALIKE_DIGITS = 0.7, 0.85
