"""What actions are asked with, as programs send it; what is wrong with it is told without showing it."""

import unicodedata
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, WithJsonSchema
from pydantic_core import PydanticCustomError

LONGEST_NAME = 60
_NO_NAME = (f"has to be a name: 1 to {LONGEST_NAME} letters, digits, spaces and signs of any script, no control "
            "character, no / and not dots alone")


def _name(text: str) -> str:
    """Return a name as the journal has it: composed (NFC), with single spaces."""
    name = unicodedata.normalize("NFC", text.strip(" "))
    if not name.isprintable() or not 0 < len(name) <= LONGEST_NAME or "/" in name or not name.strip(". "):
        raise PydanticCustomError("name", _NO_NAME)
    return " ".join(name.split())


Name = Annotated[str, AfterValidator(_name), WithJsonSchema({
    "type": "string", "minLength": 1, "maxLength": LONGEST_NAME, "description": f"Of a caller: it {_NO_NAME}"})]
"""Of a caller, in any script."""

Who = Annotated[str, Field(min_length=1, max_length=320)]
"""An organizer: address, display name, SIP URI, or the part before the @."""

SEVEN_DIGITS = r"^[0-9]{7}$"
ConferenceId = Annotated[str, Field(pattern=SEVEN_DIGITS)]
ANY_OR_SEVEN_DIGITS = r"^([0-9]{7})?$"
RoomOnly = Annotated[str, Field(pattern=ANY_OR_SEVEN_DIGITS,
                                 description="The one room that is told of; all of them without")]
Serial = Annotated[int, Field(ge=1, le=2**53)]
Number = Annotated[int, Field(ge=1, le=2**31)]
Page = Annotated[int, Field(ge=1, le=100_000)]


class Asked(BaseModel):
    """What an action is asked with; what it does not know is refused."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class NewCaller(Asked):
    """A simulated caller: he keys in the conference ID, waits, talks, and hangs up, or is led by hand."""

    name: Name
    conference_id: ConferenceId
    pin: SecretStr | None = Field(None, min_length=4, max_length=12, description="Of the organizer")
    talks: bool = True
    by_hand: bool = False


class StorysCaller(Asked):
    """A caller of a story."""

    story: str = Field(min_length=1, max_length=200)
    caller: str = Field(min_length=1, max_length=200)


class Keys(Asked):
    """Keys to be pressed, as tones on the line."""

    keys: SecretStr = Field(min_length=1, max_length=32, description="Of 0 to 9, *, #, A to D")


class Text(Asked):
    """Something to be said."""

    text: str = Field(min_length=1, max_length=300)


class Hand(Asked):
    """Who leads a caller."""

    by_hand: bool


class NewStory(Asked):
    """A story to be played."""

    name: str = Field(min_length=1, max_length=200)
    speed: float = Field(1, ge=1, le=8, allow_inf_nan=False)
    held: bool = Field(False, description="Whether it stands still at its beginning")


class Speed(Asked):
    """How fast a story goes."""

    speed: float = Field(ge=1, le=8, allow_inf_nan=False)


class Stretch(Asked):
    """So much of a story."""

    seconds: float = Field(0.02, ge=0.02, le=60, allow_inf_nan=False)


class NewOrganizerAsked(Asked):
    """Somebody to be enabled."""

    address: str = Field(min_length=3, max_length=320)
    name: str = Field("", max_length=200)
    language: str = Field("", max_length=20)


class NewMeeting(Asked):
    """A meeting from now on."""

    organizer: Who
    subject: str = Field("", max_length=200)


RoomAct = Literal["admit-all", "lock", "unlock", "mute", "unmute", "record", "record-end", "end"]
CallAct = Literal["admit", "deny"]
StoryAct = Literal["hold", "go-on", "restart", "close"]


class Done(BaseModel):
    """It is done."""

    done: str


class Refused(BaseModel):
    """Why it is not done, in a sentence."""

    detail: str


REFUSALS: Mapping[int | str, dict[str, Any]] = {
    code: {"model": Refused} for code in (400, 401, 403, 404, 409, 422, 429, 503)}
"""What may be answered instead of what is wanted, by code."""

UNMEANT: Mapping[int | str, dict[str, Any]] = {422: REFUSALS[422]}
