"""Kinds of options that several commands have."""

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

Names = Annotated[list[str] | None, Parameter(
    negative="", help="Only those of this name, or of this pattern, such as 'a5-*'; may be given several times.")]
"""Names of stories, or patterns of such, one an option."""

Tags = Annotated[list[str] | None, Parameter(
    negative="", help="Only those that have this tag, or another that is given.")]
"""Tags of stories, one an option."""

Without = Annotated[list[str] | None, Parameter(
    negative="", help="Leave out those that have this tag; may be given several times.")]
"""Tags that no story may have, one an option."""

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
