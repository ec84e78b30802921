"""`ivr phone`, as it is typed."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from dtmf.whole import MaybeWhole
from ivr.cli.options import Answers, Busy, Flag, Hosts, Json, Meetings, NoAnswer, Setting


def phone(
    *,
    input_: Annotated[str, Parameter(name="--input")] = "",
    output: str = "",
    rate: MaybeWhole = None,
    setting: Setting = "default",
    meeting: Meetings = None,
    database: str = "",
    ivr: Path | None = None,
    twiml: str = "",
    allow_host: Hosts = None,
    answers: Answers = None,
    busy: Busy = None,
    no_answer: NoAnswer = None,
    save: Path | None = None,
    called: str = "",
    calling: str = "",
    seconds: float | None = None,
    no_microphone: Flag = False,
    no_speaker: Flag = False,
    record: Path | None = None,
    journal: Path | None = None,
    save_story: Path | None = None,
    plain: Flag = False,
    check: Flag = False,
    json_: Json = False,
) -> int:
    """Be the caller: microphone in, speaker out, and the keys 0-9 * # A-D of the keyboard as real tones.

    Hold a phone to the microphone, or type keys. h hangs up, q leaves. --check tells how well keys are heard.

    Example: ivr phone --meeting 1234567:48215:Amos

    Parameters
    ----------
    input_
        The microphone: a number of 'ivr devices', a name or a part of one.
    output
        The speaker, named likewise.
    rate
        Samples a second at which both are opened; if left out, what each likes.
    setting
        How sure the decoder has to be of a key: default, wide (for a loudspeaker and a room) or strict.
    meeting
        A meeting as ID, ID:PIN or ID:PIN:NAME of its organizer; may be given several times. Without one, the
        meetings are those of your directory.
    database
        The directory: a file, sqlite:///PATH or postgresql://...; else IVR_DATABASE, else one in your folder.
    ivr
        Call an IVR of your own, of this file, instead of the conference: see docs/own-ivr.md.
    twiml
        Call an application at this URL that answers in TwiML instead: see docs/twiml.md.
    allow_host
        A host besides this machine whose apps it may ask; may be given several times.
    save
        Folder for what callers record there.
    called
        The number that you dial, of those of your directory: it decides the languages, and may lead to voice mail.
    calling
        Your own number, by which voice mail knows the owner of a mailbox.
    seconds
        Hang up after so many seconds; if left out, when you press q or Ctrl-C, or the bridge ends the call.
    no_microphone
        Call by keyboard alone.
    no_speaker
        Call without hearing anything.
    record
        Write what you hear into this file.
    journal
        Write the journal into this file while it happens: text, or JSON lines if its name ends in .jsonl.
    save_story
        Write the call into this file as a story that 'ivr run' plays: what you did, and heard before you did it.
        What you keyed and may be a PIN is not written.
    plain
        Print lines instead of drawing a screen; so it is in a pipe and where TERM is dumb.
    check
        Do not call: play the 16 keys, listen, and say how well this speaker and this microphone do.
    json_
        With --check: print one JSON object.
    """
    from ivr.cli.called import named
    from ivr.cli.callees import said_of_numbers
    from ivr.cli.saying import working

    working("getting the bridge ready")
    from ivr.cli.phone import PhoneOptions
    from ivr.cli.phone import phone as call
    from ivr.lines.soundcard.card import Wanted

    wanted = Wanted(input=input_, output=output, rate=rate, microphone=not no_microphone,
                    speaker=not no_speaker)
    options = PhoneOptions(wanted=wanted, setting=setting, meetings=meeting or [], database=database,
                           own=named(ivr, twiml), hosts=allow_host or [], save=save,
                           rung=said_of_numbers(answers, busy, no_answer),
                           called=called, calling=calling, seconds=seconds, record=record,
                           journal=journal, save_story=save_story, plain=plain)
    if check:
        from ivr.cli.checking import check as listen

        return listen(options, as_json=json_)
    return call(options)
