"""`ivr answer`, as it is typed."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from ivr.cli.options import Answers, Busy, Flag, Hosts, Json, Meetings, NoAnswer, Profile


def answer(
    *calls: Path,
    at: str = "",
    channel: Annotated[str, Parameter(allow_leading_hyphen=True)] = "",
    mix: Flag = False,
    meeting: Meetings = None,
    output: Annotated[Path | None, Parameter(name=["--output", "-o"])] = None,
    stay: float | None = None,
    database: str = "",
    profile: Profile = "teams2021",
    called: str = "",
    calling: str = "",
    voice_pack: Path | None = None,
    ivr: Path | None = None,
    twiml: str = "",
    allow_host: Hosts = None,
    answers: Answers = None,
    busy: Busy = None,
    no_answer: NoAnswer = None,
    save: Path | None = None,
    report: Path | None = None,
    json_: Json = False,
) -> int:
    """Take recordings as callers: print what happens and write what each caller hears.

    Example: ivr answer call.wav --meeting 1234567:48215:Amos -o heard.wav

    Example: ivr answer anna.wav amos.wav --at 0,15 --meeting 1234567:48215:Amos --report lobby

    Parameters
    ----------
    calls
        The recordings, of any format, rate and number of channels; - for one that comes from a pipe. Each begins
        when the bridge answers. Several are callers of one bridge, by the names of their files.
    at
        The second at which each recording dials, with commas between; all at once if left out.
    channel
        Which channel the caller is on, from 0: one for all recordings, or one each with commas between. If left
        out, the one with keys; where none has keys, the loudest.
    mix
        Take all channels mixed down to one.
    meeting
        A meeting as ID, ID:PIN or ID:PIN:NAME of its organizer; may be given several times. Without one, the
        meetings are those of your directory.
    output
        Where to write what the caller heard; CALL-heard.wav in this folder if left out. With several
        recordings, a folder.
    stay
        Seconds the callers stay on the line after the last recording; if left out, until each call has come
        to rest in the lobby, in the meeting or at its end.
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
    ivr
        Call an IVR of your own, of this file, instead of the conference: see docs/own-ivr.md.
    twiml
        Call an application at this URL that answers in TwiML instead: see docs/twiml.md.
    allow_host
        A host besides this machine whose apps it may ask; may be given several times.
    save
        Folder for what callers record there.
    report
        Folder for a page that tells the story, with the journal and what each caller heard.
    json_
        Print one JSON object instead of the timeline.
    """
    from ivr.cli.answer import answer as take
    from ivr.cli.called import named
    from ivr.cli.callees import said_of_numbers

    return take(calls, meetings=meeting or [], output=output, stay=stay, as_json=json_, database=database,
                product=profile, called=called, calling=calling, voice_pack=voice_pack, at=at, channel=channel,
                mix=mix, report=report, own=named(ivr, twiml), hosts=allow_host or [], save=save,
                rung=said_of_numbers(answers, busy, no_answer))
