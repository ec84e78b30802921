"""What a TwiML document says, as values; times in seconds, URLs as they are written."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SayVerb:
    """Say a text, so often; 0: on and on."""

    line: int
    text: str
    language: str = ""
    loop: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayVerb:
    """Play what is at a URL, so often, or keys."""

    line: int
    url: str = ""
    digits: str = ""
    loop: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseVerb:
    """Let time pass in silence."""

    line: int
    length: int = 1


Spoken = SayVerb | PlayVerb | PauseVerb
"""What a caller hears while a `GatherVerb` waits for keys."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GatherVerb:
    """Collect keys, and ask the action with them.

    Attributes
    ----------
    most : int
        So many keys end it; 0: any number.
    finish : str
        The key that ends it; empty: none does.
    on_empty : bool
        Whether the action is asked though nothing was keyed.
    keys, words : bool
        What can be entered.
    pause : int
        How long it is silent after what was said.
    """

    line: int
    action: str = ""
    method: str = "POST"
    timeout: int = 5
    most: int = 0
    finish: str = "#"
    on_empty: bool = False
    barge_in: bool = True
    keys: bool = True
    words: bool = False
    pause: int = 5
    prompts: tuple[Spoken, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback:
    """Whom to tell of which events; nobody if there is no URL."""

    url: str = ""
    method: str = "POST"
    events: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordVerb:
    """Record what the caller says, and tell the action where it is."""

    line: int
    action: str = ""
    method: str = "POST"
    timeout: int = 5
    finish: str = "1234567890*#"
    longest: int = 3600
    beep: bool = True
    callback: Callback = Callback(events=frozenset({"completed"}))


@dataclass(frozen=True, slots=True, kw_only=True)
class RedirectVerb:
    """Go on with another document."""

    line: int
    url: str = ""
    method: str = "POST"


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectVerb:
    """Refuse the call."""

    line: int
    reason: str = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class HangupVerb:
    """End the call."""

    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberNoun:
    """A number to dial.

    Attributes
    ----------
    digits : str
        Keys that are pressed to who answers, before the caller is with him; w is half a second.
    """

    line: int
    number: str
    digits: str = ""
    callback: Callback = Callback()


@dataclass(frozen=True, slots=True, kw_only=True)
class ConferenceNoun:
    """A room where those are together who come to its name.

    Attributes
    ----------
    wait_url : str or None
        A document that says what is heard until it begins; empty: silence; None: hold music.
    beep : str
        "true", "false", "onEnter" or "onExit".
    """

    line: int
    name: str
    muted: bool = False
    beep: str = "true"
    starts: bool = True
    ends: bool = False
    most: int = 250
    wait_url: str | None = None
    wait_method: str = "POST"
    callback: Callback = Callback()


@dataclass(frozen=True, slots=True, kw_only=True)
class DialVerb:
    """Bring the caller together with others, and tell the action how that went, if there is one.

    Attributes
    ----------
    star : bool
        Whether the caller can leave them by `*`.
    """

    line: int
    action: str = ""
    method: str = "POST"
    timeout: int = 30
    limit: int = 14_400
    star: bool = False
    numbers: tuple[NumberNoun, ...] = ()
    conference: ConferenceNoun | None = None


Verb = Spoken | GatherVerb | RecordVerb | RedirectVerb | RejectVerb | HangupVerb | DialVerb


@dataclass(frozen=True, slots=True)
class TwimlDocument:
    """A whole document.

    Attributes
    ----------
    slips : tuple of str
        What was passed over in it, a sentence each.
    """

    verbs: tuple[Verb, ...]
    slips: tuple[str, ...] = ()
