"""What may be shown of what is keyed: asked before the journal is written, and before an event leaves the core.

Where a call is says how secret a key is that comes there (for the conference `ivr.conference.secrecy`); who reads
the keys says whether they were what was asked for. Nothing else knows what stands for a key that is not shown.
"""

import enum

MASK = "****"
"""What stands for a PIN, of any length, everywhere but in its owner's letter."""

HIDDEN = "•"
"""What stands for one key that may be a PIN's."""


class Secrecy(enum.Enum):
    """How secret it is what is keyed in one place."""

    SHOWN = "shown"
    SHOWN_IF_VALID = "shown if valid"
    """Until it has turned out to be what was asked for, it may be a PIN, given to the wrong question."""
    HIDDEN = "hidden"


def mask(secrecy: Secrecy, entry: str, *, valid: bool = False) -> str:
    """Return what was entered, as it may be shown.

    Parameters
    ----------
    valid : bool
        Whether it has turned out to be what was asked for, such as a conference ID of seven digits.
    """
    return entry if _shown(secrecy, valid=valid) else MASK


def mask_key(secrecy: Secrecy, key: str, *, valid: bool = False) -> str:
    """Return a single key, as it may be shown.

    Parameters
    ----------
    valid : bool
        Whether it means something where it was pressed, by which it is no part of a PIN.
    """
    return key if _shown(secrecy, valid=valid) else HIDDEN


def _shown(secrecy: Secrecy, *, valid: bool) -> bool:
    return secrecy is Secrecy.SHOWN or (valid and secrecy is Secrecy.SHOWN_IF_VALID)
