"""The command `ivr`.

Exit codes: 0 all as expected; 1 an expectation failed; 2 wrong usage or a bad file; 3 could not run because
something is missing here. What commands do is in modules of their own, loaded when they are needed.
"""

import errno
import re
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

if TYPE_CHECKING:
    from cyclopts import App

OK, FAILED, USAGE, BROKEN = 0, 1, 2, 3
_ENDS = (".", "!", "?")
_UNPRINTED = (errno.ENOSPC, errno.EIO, errno.EBADF, errno.EDQUOT)
"""How an output that is a file or a terminal may fail."""

DESK = {
    "organizer": ("Organizers: who can be the host of meetings that are joined by phone.",
                  "organizer enable amos.marble@contoso.com --name 'Amos Marble'"),
    "pin": ("PINs, by which organizers start their meetings by phone.", "pin reset amos.marble@contoso.com"),
    "conference-id": ("Conference IDs, the seven digits by which meetings are dialled.",
                      "conference-id reset amos.marble@contoso.com"),
    "meeting": ("Meetings: scheduled, moved, cancelled, and their invitations.",
                "meeting schedule amos.marble@contoso.com --subject Budget"),
    "number": ("The numbers by which the bridge is called, and their languages.", "number list"),
    "bridge": ("The bridge: its name and its default number.", "bridge show"),
    "settings": ("What holds for the whole bridge: PIN length, letters, the profile and more.",
                 "settings set --pin-length 6"),
    "policy": ("Rules for all organizers, for a site's, or for those they are granted to.",
               "policy set pin --shortest 6"),
    "mail": ("Letters to organizers: written, waiting and delivered.", "mail list"),
}
"""The nouns of the administrator's desk: what each is about, and an example."""


_CMDLET = re.compile(r"[A-Za-z]+-(?i:cs|um)|(?i:cs|um)[A-Za-z]|-[A-Za-z]{2}|--[a-z]*[A-Z]")
"""Words that may be of a cmdlet, or of its parameters: then its table is looked at."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    Parameters
    ----------
    argv : sequence of str, optional
        Without the command's name; what the shell gave if left out.
    """
    from cyclopts import CycloptsError, UnusedCliTokensError

    words = list(sys.argv[1:] if argv is None else argv)
    try:
        if any(_CMDLET.match(word) for word in words):
            from ivr.cli.cmdlets.translate import translated

            words = translated(words)
        if isinstance(sys.stdout, TextIOWrapper):
            # a name that this terminal cannot show must not cost the rest of what is told
            sys.stdout.reconfigure(errors="backslashreplace")
        code = _app()(words, exit_on_error=False, print_error=False, result_action="return_value")
        if sys.stdout is not None:
            sys.stdout.flush()
    except CycloptsError as error:
        from ivr.cli.faults import masked

        # the error may be that a PIN was typed where none belongs
        said = masked(" ".join(str(error).split()))
        if isinstance(error, UnusedCliTokensError):
            spare = masked(" ".join(repr(word[:60]) for word in error.unused_tokens or ()))
            said = f"Nothing here takes {spare}: leave it out."
        return complain(f"{said}{'' if said.endswith(_ENDS) else '.'} See 'ivr --help'", USAGE)
    except KeyboardInterrupt:
        return complain("stopped at your wish", BROKEN)
    except BrokenPipeError:
        # whoever read us has gone; Python must not complain about it once more at exit
        sys.stdout = None
        return OK
    except Exception as error:
        from ivr.cli.faults import code_of

        if (code := code_of(error)) is not None:
            return complain(str(error), code)
        if not isinstance(error, OSError) or error.filename or error.errno not in _UNPRINTED:
            raise
        sys.stdout = None
        return complain(f"what there is to tell cannot be printed: {error.strerror}", BROKEN)
    return code if isinstance(code, int) else OK


def complain(sentence: str, code: int) -> int:
    """Print one sentence for the user; return the exit code."""
    print(f"ivr: {sentence}{'' if sentence.endswith(_ENDS) else '.'}", file=sys.stderr)
    return code


def _app() -> "App":
    from cyclopts import App, Parameter

    app = App(name="ivr", version_flags=[], help_format="plaintext", suppress_keyboard_interrupt=False,
              help="Dial into a simulated conference: true audio, faster than real time.\n\n"
                   "Example: ivr demo")

    @app.command
    def demo(
        *,
        report: Path = Path("demo-report"),
        voice_pack: Path | None = None,
        live: Annotated[bool, Parameter(negative="")] = False,
        speed: float = 1.0,
        record: Path | None = None,
        output: str = "",
        no_speaker: Annotated[bool, Parameter(negative="")] = False,
        plain: Annotated[bool, Parameter(negative="")] = False,
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
            return play(report, voice_pack)
        from ivr.cli.demo import live as perform
        from ivr.cli.listening import Devices
        from ivr.cli.lobby import Options

        return perform(report, Options(speed=speed, devices=Devices(output=output, speaker=not no_speaker),
                                       record=record, plain=plain))

    @app.command
    def lobby(
        *,
        callers: int | None = None,
        script: Path | None = None,
        speed: float = 1.0,
        by_hand: Annotated[bool, Parameter(negative="")] = False,
        meeting: str = "",
        listen: str = "",
        microphone: Annotated[bool, Parameter(negative="")] = False,
        input_: Annotated[str, Parameter(name="--input")] = "",
        output: str = "",
        no_speaker: Annotated[bool, Parameter(negative="")] = False,
        record: Path | None = None,
        journal: Path | None = None,
        plain: Annotated[bool, Parameter(negative="")] = False,
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
        from ivr.cli.listening import Devices
        from ivr.cli.lobby import Options
        from ivr.cli.lobby import lobby as show

        devices = Devices(input=input_, output=output, microphone=microphone or bool(input_),
                          speaker=not no_speaker)
        return show(callers, script, Options(speed=speed, listen=listen, devices=devices, record=record,
                                             journal=journal, plain=plain, by_hand=by_hand, meeting=meeting))

    @app.command
    def answer(
        call: Path,
        /,
        *,
        meeting: Annotated[list[str] | None, Parameter(name="--meeting", negative="")] = None,
        output: Annotated[Path | None, Parameter(name=["--output", "-o"])] = None,
        stay: float | None = None,
        database: str = "",
        profile: str = "teams2021",
        called: str = "",
        voice_pack: Path | None = None,
        json_: Annotated[bool, Parameter(name="--json", negative="")] = False,
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
            The number that was dialled, of those of your directory: it decides the languages.
        voice_pack
            Folder of recordings that are played instead of the synthetic voice; see 'ivr prompts'.
        json_
            Print one JSON object instead of the timeline.
        """
        from ivr.cli.answer import answer as take

        return take(call, meetings=meeting or [], output=output, stay=stay, as_json=json_, database=database,
                    product=profile, called=called, voice_pack=voice_pack)

    @app.command
    def run(
        *paths: Path,
        json_: Annotated[bool, Parameter(name="--json", negative="")] = False,
        update_journals: Annotated[bool, Parameter(negative="")] = False,
        report: Path | None = None,
        profile: str = "",
        voice_pack: Path | None = None,
    ) -> int:
        """Run scenarios: one line for each, and for a failure what was heard instead.

        Example: ivr run scenarios/ --report out

        Parameters
        ----------
        paths
            Scenario files, or folders that hold some.
        json_
            Print one JSON object a scenario instead.
        update_journals
            Write each journal beside its scenario as the one to expect, instead of comparing with it.
        report
            Folder for a page, the recordings and the journal of each scenario.
        profile
            Play them all with this profile, or a file of your own, and compare no journals.
        voice_pack
            Folder of recordings that are played instead of the synthetic voice; see 'ivr prompts'.
        """
        from ivr.cli.run import run as play

        return play(list(paths), as_json=json_, update=update_journals, report=report, product=profile,
                    voice_pack=voice_pack)

    @app.command
    def phone(
        *,
        input_: Annotated[str, Parameter(name="--input")] = "",
        output: str = "",
        rate: int | None = None,
        setting: str = "default",
        meeting: Annotated[list[str] | None, Parameter(name="--meeting", negative="")] = None,
        database: str = "",
        seconds: float | None = None,
        no_microphone: Annotated[bool, Parameter(negative="")] = False,
        no_speaker: Annotated[bool, Parameter(negative="")] = False,
        record: Path | None = None,
        journal: Path | None = None,
        plain: Annotated[bool, Parameter(negative="")] = False,
        check: Annotated[bool, Parameter(negative="")] = False,
        json_: Annotated[bool, Parameter(name="--json", negative="")] = False,
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
        plain
            Print lines instead of drawing a screen; so it is in a pipe and where TERM is dumb.
        check
            Do not call: play the 16 keys, listen, and say how well this speaker and this microphone do.
        json_
            With --check: print one JSON object.
        """
        from ivr.cli.phone import Options
        from ivr.cli.phone import phone as call
        from ivr.lines.soundcard.card import Wanted

        wanted = Wanted(input=input_, output=output, rate=rate, microphone=not no_microphone,
                        speaker=not no_speaker)
        options = Options(wanted=wanted, setting=setting, meetings=meeting or [], database=database,
                          seconds=seconds, record=record, journal=journal, plain=plain)
        if check:
            from ivr.cli.checking import check as listen

            return listen(options, as_json=json_)
        return call(options)

    @app.command
    def devices(*, json_: Annotated[bool, Parameter(name="--json", negative="")] = False) -> int:
        """List the sound devices: number, name, system, rate, and what each can be.

        Example: ivr devices --json

        Parameters
        ----------
        json_
            Print one JSON object a device.
        """
        from ivr.cli.devices import show

        return show(as_json=json_)

    @app.command
    def cmdlets(name: str = "", /, *, markdown: Annotated[bool, Parameter(negative="")] = False) -> int:
        """List the cmdlets that are understood, word by word, and what each is here.

        Example: ivr cmdlets Set-UMMailboxPIN

        Parameters
        ----------
        name
            Only those with this in their name.
        markdown
            Print a table in Markdown.
        """
        from ivr.cli.cmdlets.page import cmdlets as tell

        return tell(name, markdown=markdown)

    app.command("ivr.cli.profile:app", name="profile",
                help="Profiles: the products that are imitated, as data.\n\nExample: ivr profile show teams")
    app.command("ivr.cli.prompts:app", name="prompts",
                help="What the bridge says, and your own recordings to say it instead.\n\n"
                     "Example: ivr prompts list --language fr-FR")
    for name, (about, example) in DESK.items():
        app.command(f"ivr.cli.desk.{name.replace('-', '_')}:app", name=name,
                    help=f"{about}\n\nExample: ivr {example}")
    return app
