"""`ivr answer`, as it is typed."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from ivr.cli.options import Json, Meetings


def answer(
    call: Path,
    /,
    *,
    meeting: Meetings = None,
    output: Annotated[Path | None, Parameter(name=["--output", "-o"])] = None,
    stay: float | None = None,
    database: str = "",
    profile: str = "teams2021",
    called: str = "",
    calling: str = "",
    voice_pack: Path | None = None,
    json_: Json = False,
) -> int:
    """Take a recording as a caller: print what happens and write what the caller hears.

    Example: ivr answer call.wav --meeting 1234567:48215:Amos -o heard.wav

    Parameters
    ----------
    call
        The recording, of any format, rate and number of channels; it begins when the bridge answers.
    meeting
        A meeting as ID, ID:PIN or ID:PIN:NAME of its organizer; may be given several times. Without one, the
        meetings are those of your directory.
    output
        Where to write what the caller heard; CALL-heard.wav in this folder if left out.
    stay
        Seconds the caller stays on the line after the recording; if left out, until the call has come to
        rest in the lobby, in the meeting or at its end.
    database
        The directory: a file, sqlite:///PATH or postgresql://...; else IVR_DATABASE, else one in your folder.
    profile
        The product to imitate, or a file of your own: 'ivr profile list'.
    called
        The number that was dialled, of those of your directory: it decides the languages, and may lead to voice
        mail.
    calling
        The caller's own number, by which voice mail knows the owner of a mailbox.
    voice_pack
        Folder of recordings that are played instead of the synthetic voice; see 'ivr prompts'.
    json_
        Print one JSON object instead of the timeline.
    """
    from ivr.cli.answer import answer as take

    return take(call, meetings=meeting or [], output=output, stay=stay, as_json=json_, database=database,
                product=profile, called=called, calling=calling, voice_pack=voice_pack)
