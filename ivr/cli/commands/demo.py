"""`ivr demo`, as it is typed."""

from pathlib import Path

from ivr.cli.options import Flag


def demo(
    *,
    report: Path = Path("demo-report"),
    voice_pack: Path | None = None,
    no_audio: Flag = False,
    live: Flag = False,
    speed: float = 1.0,
    record: Path | None = None,
    output: str = "",
    no_speaker: Flag = False,
    plain: Flag = False,
) -> int:
    """Play the lobby story and leave a page to look at and WAV files to listen to.

    Two early callers hear music; the organizer enters the PIN; the meeting starts; they join.

    Example: ivr demo --report out

    Parameters
    ----------
    report
        Folder for the page, the recordings and the journal.
    voice_pack
        Folder of recordings that are played instead of the synthetic voice; see 'ivr prompts'.
    no_audio
        Leave the audio out of the page; the WAV files stay beside it.
    live
        Play it at real pace, on a screen and through the speaker; what follows is for this only.
    speed
        So many times faster than real time, in silence.
    record
        Write what you hear, or would hear, into this file.
    output
        The speaker: a number of 'ivr devices', a name or a part of one.
    no_speaker
        Play nothing.
    plain
        Print lines instead of drawing a screen.
    """
    from ivr.cli.demo import demo as play

    if not live:
        given = [name for name, given in (("--speed", speed != 1), ("--record", record), ("--output", output),
                                          ("--no-speaker", no_speaker), ("--plain", plain)) if given]
        if given:
            from ivr.cli.faults import UsageError

            raise UsageError(f"{given[0]} is for a demo at real pace: say --live too")
        return play(report, voice_pack, audio=not no_audio)
    from ivr.cli.saying import working

    working("getting the bridge ready")
    from ivr.cli.demo import live as perform
    from ivr.cli.listening import SoundDevices
    from ivr.cli.lobby import LobbyOptions

    return perform(report, LobbyOptions(speed=speed, devices=SoundDevices(output=output, speaker=not no_speaker),
                                        record=record, plain=plain),
                   audio=not no_audio)
