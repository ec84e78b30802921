"""What an endpoint tells of its calls, as data. Each names a call by its number."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ivr.lines.sip.agreeing import Agreement
from ivr.lines.sip.reading import Peer


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody calls.

    Attributes
    ----------
    number, caller, phone : str
        The user part that was called; the name and the user part of who calls, empty where they are not known.
    source : str
        By what he counts who guesses: the host it comes from, or as of `ivr.lines.sip.callers.Caller`.
    host : str
        Where he is; his sound may come from there.
    replaces : int
        The call whose place it takes; 0 for none.
    conference_id, gone : str
        To which meeting a proxy says that it wants, and which process it has found dead: HOST:PORT; empty where no
        proxy says so that is trusted.
    """

    call: int
    number: str
    caller: str
    phone: str
    source: str
    host: str
    replaces: int = 0
    conference_id: str = ""
    gone: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Agreed:
    """Where sound goes, and how, is agreed on, or has changed; before the answer too (early media)."""

    call: int
    media: Agreement


@dataclass(frozen=True, slots=True)
class Pressed:
    """A key came in a message."""

    call: int
    key: str = field(repr=False)  # it may be one of a PIN's
    ms: int


@dataclass(frozen=True, slots=True)
class Ringing:
    """It rings where we call, or goes on: 180, 183 and such; early sound is `Agreed` on besides."""

    call: int
    code: int = 180


@dataclass(frozen=True, slots=True)
class Answered:
    """A call of ours is answered."""

    call: int


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """Who calls us has got our answer."""

    call: int


@dataclass(frozen=True, slots=True)
class CallRefused:
    """A call of ours is not answered: with the code and the words of who refused it, 408 if nobody did anything."""

    call: int
    code: int
    phrase: str = ""


@dataclass(frozen=True, slots=True)
class Ended:
    """The other side has hung up or given up, or is lost.

    Attributes
    ----------
    why : str
        Only where it says something new.
    """

    call: int
    why: str = ""


@dataclass(frozen=True, slots=True)
class Referred:
    """The other side wants us to go on with somebody else, and may.

    Attributes
    ----------
    to : Peer
        Where he is.
    replaces : str
        The call of his that ours is to replace, as of RFC 3891; empty for none.
    """

    call: int
    uri: str
    to: Peer
    replaces: str = ""


@dataclass(frozen=True, slots=True)
class TransferTold:
    """Who was handed over has got there, or has not: with the code of who did not want him."""

    call: int
    code: int


@dataclass(frozen=True, slots=True)
class Enrolled:
    """We are rung at an address of others, for so many seconds and then anew."""

    uri: str
    lasts_s: int
    call: int = 0


@dataclass(frozen=True, slots=True)
class NotEnrolled:
    """We are not: with the code that says why, and after how many seconds we try again; 0 for never."""

    uri: str
    code: int
    after_s: int
    call: int = 0


@dataclass(frozen=True, slots=True)
class NotTaken:
    """Somebody calls and is refused at once, since nothing that he offers can be done; `why` says so in words."""

    caller: str
    code: int
    why: str
    call: int = 0


Event = (Invited | Agreed | Pressed | Ringing | Answered | Acknowledged | CallRefused | Ended | Referred
         | TransferTold | Enrolled | NotEnrolled | NotTaken)
