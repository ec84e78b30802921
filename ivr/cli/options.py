"""Kinds of options that several commands have."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

_OPEN = Parameter(show_choices=False)
"""Words that a shell completes; another is taken too, and whoever reads it says what is wrong with it."""

Flag = Annotated[bool, Parameter(negative="")]
"""An option that is given or not, and has no --no-."""

Json = Annotated[bool, Parameter(name="--json", negative="")]
"""A flag of that name, which would hide Python's module."""

Meetings = Annotated[list[str] | None, Parameter(name="--meeting", negative="")]
"""Meetings as ID, ID:PIN or ID:PIN:NAME, one an option."""

Answers = Annotated[list[str] | None, Parameter(
    name="--answers", negative="", help="A number that it has dialled, and somebody answers after 3 s; may be "
    "given several times.")]
Busy = Annotated[list[str] | None, Parameter(
    name="--busy", negative="", help="A number that is busy when it is dialled; likewise.")]
NoAnswer = Annotated[list[str] | None, Parameter(
    name="--no-answer", negative="", help="A number that rings in vain, as others do of which nothing is said.")]
"""Numbers that an IVR of one's own has dialled: who answers them, is busy, or lets them ring, one an option."""

Hosts = Annotated[list[str] | None, Parameter(name="--allow-host", negative="")]
"""Hosts besides this machine whose apps an IVR of one's own may ask, one an option."""

Settings = Annotated[list[str] | None, Parameter(
    name="--set", negative="",
    help="Give a variable of stories a value, as NAME=VALUE; may be given several times.")]
"""Values of variables, one an option."""

Names = Annotated[list[str] | None, Parameter(
    negative="", help="Only those of this name, or of this pattern, such as 'a5-*'; may be given several times.")]
"""Names of stories, or patterns of such, one an option."""

Tags = Annotated[list[str] | None, Parameter(
    negative="", help="Only those that have this tag, or another that is given.")]
"""Tags of stories, one an option."""

Without = Annotated[list[str] | None, Parameter(
    negative="", help="Leave out those that have this tag; may be given several times.")]
"""Tags that no story may have, one an option."""

Trust = Annotated[list[str] | None, Parameter(name="--trust", negative="")]
"""Networks whose hosts speak for their callers, one an option."""

TransferTo = Annotated[list[str] | None, Parameter(name="--transfer-to", negative="")]
"""To whom calls may be handed over, one an option."""

Profile = Annotated[Literal["teams2021", "teams", "sfb2017", "sfbserver"] | str, _OPEN]
"""A product that is imitated, or a file."""

Setting = Annotated[Literal["default", "wide", "strict"] | str, _OPEN]
"""How sure the decoder has to be."""

ToSpeak = Literal["de-DE", "en-US", "es-ES", "fr-FR", "zh-CN", "all"] | str

Spoken = Annotated[list[ToSpeak] | None, Parameter(name="--language", negative="", show_choices=False)]
"""Languages of the bridge, one an option."""

Written = Annotated[Literal["de-DE", "en-US", "es-ES", "fr-FR", "zh-CN"] | str, _OPEN]
"""A language of letters and invitations."""

_OF_NUMBERS = Literal[
    "ar-SA", "bg-BG", "zh-HK", "zh-CN", "zh-TW", "hr-HR", "cs-CZ", "da-DK", "nl-NL", "en-AU", "en-GB",
    "en-US", "et-EE", "fil-PH", "fi-FI", "fr-CA", "fr-FR", "de-DE", "ka-GE", "el-GR", "he-IL", "hi-IN",
    "hu-HU", "id-ID", "it-IT", "ja-JP", "ko-KR", "lv-LV", "lt-LT", "ms-MY", "nb-NO", "pl-PL", "pt-BR",
    "pt-PT", "ro-RO", "ru-RU", "sk-SK", "sl-SI", "es-MX", "es-ES", "sv-SE", "th-TH", "tr-TR", "uk-UA",
]

OfNumber = Annotated[_OF_NUMBERS | str, _OPEN]
"""A language that a number can have."""

OfNumbers = Annotated[list[_OF_NUMBERS | str] | None, Parameter(negative="", show_choices=False)]
"""Several of them."""

NumberType = Annotated[Literal["toll", "toll-free"] | str, _OPEN]

LetterState = Annotated[Literal["waiting", "delivered", "given-up", "withdrawn"] | str, _OPEN]

PolicyKind = Annotated[Literal["pin", "meeting", "audio-conferencing", "keys", "joining", "meetings", "um-mailbox",
                               "um-dial-plan", "um-auto-attendant"] | str, _OPEN]

Room = Annotated[Literal["lobby", "meeting"] | str, _OPEN]
"""Where somebody listens, or a caller's name."""


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class Dials:
    """How calls go out, and as whose.

    Attributes
    ----------
    from_ : str
        Who calls: a number or name, NAME@DOMAIN, or "Ann Lee <sip:ann@example.com>".
    auth : str
        The user name for who asks for a password; the password is in --password-file, or in IVR_SIP_PASSWORD.
    password_file : Path, optional
        A file with the password, that nobody else can read.
    dtmf : str
        How keys go: events (RFC 4733), info or audio. If left out, as the story says, or as the other side takes.
    srtp : bool
        Encrypt the sound, with keys in SDP, which only TLS keeps secret.
    sip_ca : Path, optional
        PEM file of certificates that are trusted besides the system's, of whom is called by TLS.
    local : str
        The address and port to call from, as in 192.0.2.5:5080; if left out, that which reaches the target.
    rtp_ports : str
        The UDP ports for sound, first and last; each call takes an even one.
    """

    from_: str = ""
    auth: str = ""
    password_file: Path | None = None
    dtmf: str = ""
    srtp: Flag = False
    sip_ca: Path | None = None
    local: str = ""
    rtp_ports: str = "30000-39999"
