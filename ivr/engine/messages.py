"""What a trunk tells of its calls, and what is asked of it, as data.

Each names a slot of that trunk, and the sample at which it was. What is told was by the beginning of the step, but
for keys of a trunk that knows its input further ahead.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Beside = Literal["rfc4733", "stream", "info"]
"""How a key comes that is not in the audio: a packet, a message of a stream over WebSocket, one of SIP."""

FULL, BUSY, NOBODY, GONE, UNWANTED = 503, 486, 404, 487, 603
"""Codes of `Reject` and `Declined`, those of RFC 3261: all lines are busy; who is dialled is; there is no such
number; it is dialled no more; nobody wants the call."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A call comes in, and is not answered yet.

    Attributes
    ----------
    caller : str
        Who calls: the name that stands in the journal.
    number, phone : str
        What was dialled, which chooses the languages (A1.4), and who calls, which stands for a name (A4.2): text
        such as "+14255550100", empty where it is not known.
    source : str
        The address it comes from, over a network where nobody answers for `phone`: then it tells who guesses.
    headers : mapping of str to str
        What else came with it.
    """

    slot: int
    at: int
    caller: str
    number: str = ""
    phone: str = ""
    source: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DigitBegan:
    """A key went down that comes beside the audio.

    Attributes
    ----------
    key : str
        One of the 16.
    by : "rfc4733", "stream" or "info"
    """

    slot: int
    at: int
    key: str = field(repr=False)  # it may be one of a PIN's
    by: Beside


@dataclass(frozen=True, slots=True)
class DigitOver:
    """That key is up again."""

    slot: int
    at: int
    by: Beside


@dataclass(frozen=True, slots=True)
class HungUp:
    """The caller has hung up, or his line is lost.

    Attributes
    ----------
    why : str
        Only where it says something new, as in "no sound for 60 s"; empty for one who just hangs up.
    """

    slot: int
    at: int
    why: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """The caller has put us on hold."""

    slot: int
    at: int


@dataclass(frozen=True, slots=True)
class Resumed:
    """The caller is back."""

    slot: int
    at: int


@dataclass(frozen=True, slots=True)
class Placed:
    """A leg that we dialled was answered.

    Attributes
    ----------
    caller : str
        Who it is, where the line knows; else he is called by his number.
    """

    slot: int
    at: int
    caller: str = ""


@dataclass(frozen=True, slots=True)
class Declined:
    """A leg that we dialled was not; its slot is free. Of a call that goes on: it cannot be handed over.

    Attributes
    ----------
    code : int
        As of `Reject`.
    """

    slot: int
    at: int
    code: int


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """A call came in that the trunk could not take; it has no slot.

    Attributes
    ----------
    code : int
        Of RFC 3261.
    why : str
    """

    at: int
    caller: str
    code: int
    why: str
    slot: int = -1


Event = Arrived | DigitBegan | DigitOver | HungUp | Held | Resumed | Placed | Declined | TurnedAway


# what is asked of it


@dataclass(frozen=True, slots=True)
class Ring:
    """Let the caller hear that it rings.

    Attributes
    ----------
    early : bool
        Whether he is on the bridge already, and is to hear it before he is answered.
    """

    slot: int
    at: int
    early: bool = False


@dataclass(frozen=True, slots=True)
class PickUp:
    """Answer the call."""

    slot: int
    at: int


@dataclass(frozen=True, slots=True)
class Reject:
    """Refuse the call; its slot is free."""

    slot: int
    at: int
    code: int


@dataclass(frozen=True, slots=True)
class Release:
    """Hang up once what came with this command is played; its slot is free.

    Attributes
    ----------
    why : str
        "fault" where the call ends for a fault of ours; else empty.
    """

    slot: int
    at: int
    why: str = ""


@dataclass(frozen=True, slots=True)
class SendDigits:
    """Press keys towards whoever is there: of a leg that we dialled."""

    slot: int
    at: int
    keys: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class TransferTo:
    """Hand the caller over to another number; our own part of the call ends by a `Release` of its own."""

    slot: int
    at: int
    to: str


@dataclass(frozen=True, slots=True)
class Hold:
    """Put whoever is there on hold, or take him back."""

    slot: int
    at: int
    on: bool = True


Command = Ring | PickUp | Reject | Release | SendDigits | TransferTo | Hold
Extra = Ring | SendDigits | TransferTo | Hold
"""Those that not every trunk can do."""


@dataclass(frozen=True, slots=True)
class Welcome:
    """What becomes of a call that arrives.

    Attributes
    ----------
    rings : int
        Samples until it is answered.
    early : bool
        Whether the caller is on the bridge while it rings, and hears it before it is answered.
    refused : int
        The code of its refusal; 0 for none.
    """

    rings: int = 0
    early: bool = False
    refused: int = 0
