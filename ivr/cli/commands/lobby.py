"""`ivr lobby`, as it is typed."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from dtmf.whole import MaybeWhole
from ivr.cli.options import Answers, Busy, Flag, Hosts, NoAnswer, Room


def lobby(
    *,
    callers: MaybeWhole = None,
    script: Path | None = None,
    speed: float = 1.0,
    by_hand: Flag = False,
    ivr: Path | None = None,
    twiml: str = "",
    allow_host: Hosts = None,
    answers: Answers = None,
    busy: Busy = None,
    no_answer: NoAnswer = None,
    save: Path | None = None,
    meeting: str = "",
    listen: Room = "",
    microphone: Flag = False,
    input_: Annotated[str, Parameter(name="--input")] = "",
    output: str = "",
    no_speaker: Flag = False,
    record: Path | None = None,
    journal: Path | None = None,
    plain: Flag = False,
) -> int:
    """Show the lobby live: callers arrive, wait, talk and press keys; you are any of them, or listen in.

    Keys: tab be the next caller; 0-9 * # press as this caller; enter do what
    comes next; t by hand or on the timetable; h hang up; l, m, c, n listen to
    the lobby, the meeting, the caller, nothing; q leave.

    Example: ivr lobby --callers 4

    Parameters
    ----------
    callers
        How many, 1 to 6; 3 if left out. The last one is the organizer.
    script
        Play this scenario instead, at real pace; the exit code says whether it came true.
    speed
        So many times faster than real time, in silence; 0.1 to 1000.
    by_hand
        Nobody does anything until you press a key.
    ivr
        Have an IVR of your own called, of this file, instead of the conference; you lead all callers
        by hand, and those whom --answers, --busy and --no-answer name: as long as it rings there, enter answers
        and h declines.
    twiml
        Call an application at this URL that answers in TwiML instead: see docs/twiml.md.
    allow_host
        A host besides this machine whose apps it may ask; may be given several times.
    save
        Folder for what callers record there.
    meeting
        The meeting as ID:PIN:NAME, if you want to type its PIN yourself.
    listen
        Where you listen at first: lobby, meeting or a caller; the first caller if left out.
    microphone
        Speak yourself for the caller whom you lead by hand; a headset keeps the speaker out of it.
    input_
        The microphone, named as the speaker is; implies --microphone.
    output
        The speaker: a number of 'ivr devices', a name or a part of one.
    no_speaker
        Play nothing.
    record
        Write what you hear, or would hear, into this file.
    journal
        Write the journal into this file while it happens: text, or JSON lines if its name ends in .jsonl.
    plain
        Print lines instead of drawing a screen; so it is in a pipe and where TERM is dumb.
    """
    from ivr.cli.called import named
    from ivr.cli.callees import said_of_numbers
    from ivr.cli.saying import working

    working("getting the bridge ready")
    from ivr.cli.listening import SoundDevices
    from ivr.cli.lobby import LobbyOptions
    from ivr.cli.lobby import lobby as show

    devices = SoundDevices(input=input_, output=output, microphone=microphone or bool(input_),
                           speaker=not no_speaker)
    return show(callers, script, LobbyOptions(speed=speed, listen=listen, devices=devices, record=record,
                                              journal=journal, plain=plain, by_hand=by_hand, meeting=meeting,
                                              own=named(ivr, twiml), hosts=allow_host or [], save=save,
                                              rung=said_of_numbers(answers, busy, no_answer)))
