"""What can be typed, as the signatures of functions."""

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from dtmf.whole import MaybeWhole, Whole

_Flag = Parameter(negative="")

# A shell completes the words of these; whoever reads them says what is wrong with another.
Setting = Annotated[Literal["default", "wide", "strict"] | str, Parameter(show_choices=False)]
Encoding = Annotated[
    Literal["s16le", "s16be", "mulaw", "alaw", "u8", "s8", "s24le", "s32le", "f32le", "f64le", "gsm", "vox", "g722",
            "g729", "g726", "g726-16", "g726-24", "g726-32", "g726-40"] | str | None,
    Parameter(show_choices=False)]
Channel = Annotated[Literal["all"] | str | None, Parameter(allow_leading_hyphen=True, show_choices=False)]


def _version() -> str:
    """Return the version that is installed."""
    from importlib.metadata import version

    return version("dial-in-conference-simulator")


def app() -> App:
    """Return the command line."""
    app = App(
        name="dtmf",
        help="Hear, make and look at the 16 keys of a telephone.\n\nExample: dtmf decode call.wav",
        version=_version,
        version_flags=["--version"],
        help_format="plaintext",
        suppress_keyboard_interrupt=False,  # whoever calls says what it ends with
    )
    app.command(decode)
    app.command(encode)
    app.command(plot)
    app.command(completion)
    return app


def decode(
    *files: Path,
    json_: Annotated[bool, Parameter(name="--json", negative="")] = False,
    channel: Channel = None,
    mix: Annotated[bool, _Flag] = False,
    encoding: Encoding = None,
    rate: MaybeWhole = None,
    channels: MaybeWhole = None,
    setting: Setting = "default",
    longest_break: float = 0,
    second_look: bool = True,
    explain: Annotated[bool, _Flag] = False,
    out: Path | None = None,
    jobs: MaybeWhole = None,
    cluster: str | None = None,
) -> int:
    """Print the digits in audio files, in folders of them, or as they arrive.

    Example: dtmf decode call.wav --json

    Example: arecord -q -f S16_LE -r 8000 -t raw | dtmf decode -

    Example: dtmf decode recordings/ --out digits.jsonl --jobs 4

    Example: dtmf decode call.wav --explain

    Parameters
    ----------
    files
        Audio files of any format, rate (4 to 192 kHz) and number of channels; folders with such files; - for
        what comes from a pipe.
    json_
        Print one JSON object a file, with the times, levels and frequencies of every tone.
    channel
        Which channel to hear, from 0, or all: each by itself. If left out, the one with keys; where two hold
        different keys both are printed, and the exit code is 1.
    mix
        Hear all channels mixed down to one.
    encoding
        What raw samples are: s16le, s16be, mulaw, alaw, u8, s8, s24le, s32le, f32le, f64le, gsm, vox, g722, g729,
        g726, g726-16, g726-24, g726-32, g726-40.
    rate
        Samples a second of raw samples; 8000 if left out.
    channels
        Channels of raw samples; 1 if left out.
    setting
        default; wide for a handset held to a loudspeaker or recordings of a room; strict for speech and music
        that must never be keys.
    longest_break
        Milliseconds of a break within a key that are bridged, for a worn key that drops out, up to 400. Two presses
        of the same key that follow each other as closely are one then.
    second_look
        Look again at a file as a whole: for keys that are too quiet or too twisted by themselves, and for two of
        the same key that follow each other closely. What it finds is named; a pipe has no second look.
    explain
        Say too what each key was like, what is almost a key, and why it is none.
    out
        Write one JSON object a file into this file instead; the same command again goes on where it ended.
    jobs
        Files that are decoded at once; with --out as many as there are processors, if left out.
    cluster
        Address of a Dask scheduler whose workers decode, such as tcp://10.0.0.5:8786.
    """
    from dtmf.cli.decoding import decode as run
    from dtmf.cli.decoding import hearing_of

    hearing = hearing_of(channel, encoding, rate, channels, setting, mix=mix, explain=explain,
                         longest_break_ms=longest_break, second_look=second_look)  # fmt: skip
    return run(list(files), hearing, as_json=json_, out=out, jobs=jobs, cluster=cluster)


def encode(
    digits: Annotated[str, Parameter(allow_leading_hyphen=True)],
    /,
    *,
    output: Annotated[Path, Parameter(name=["--output", "-o"])],
    tone_ms: float = 100,
    gap_ms: float = 100,
    rate: Whole = 8000,
    level: float = -10.0,
    twist: float = 0.0,
) -> int:
    """Write the tones of DIGITS to an audio file.

    Example: dtmf encode '1234567#' -o id.wav --tone-ms 80

    Parameters
    ----------
    digits
        Keys: 0-9, *, # and A-D.
    output
        File to write; its ending says the format (.wav, .flac, .ogg, .mp3, .au).
    tone_ms
        Length of a tone in milliseconds, 1 to 600000.
    gap_ms
        Length of the silence after a tone in milliseconds, 0 to 600000.
    rate
        Samples a second, 4000 to 192000.
    level
        Mean level of the two tones in dBm0, -85 to 3.
    twist
        High tone over the low one in dB, -40 to 40.
    """
    from dtmf.audiofile import check_target, format_of, write
    from dtmf.errors import DigitError
    from dtmf.making import encode as make

    if not digits:
        raise DigitError("'' holds no digits; give one key at least.")
    format_of(output)
    check_target(output)
    samples = make(digits, rate, tone_ms=tone_ms, gap_ms=gap_ms, level_dbm0=level, twist_db=twist)
    write(output, samples, rate)
    return 0


def plot(
    file: Path,
    /,
    *,
    output: Annotated[Path, Parameter(name=["--output", "-o"])],
    channel: Annotated[str | None, Parameter(allow_leading_hyphen=True)] = None,
    mix: Annotated[bool, _Flag] = False,
    setting: Setting = "default",
    longest_break: float = 0,
    explain: Annotated[bool, _Flag] = False,
) -> int:
    """Draw the spectrogram of an audio file with its digits over it.

    Example: dtmf plot call.wav -o call.png --explain

    Parameters
    ----------
    file
        Audio file.
    output
        PNG file to write.
    channel
        Which channel to draw, from 0; if left out, the one with keys.
    mix
        Draw all channels mixed down to one.
    setting
        default, wide or strict, as for decode.
    longest_break
        Milliseconds of a break within a key that are bridged, as for decode.
    explain
        Draw too what is almost a key, and say why it is none.
    """
    from dtmf.audiofile import read
    from dtmf.choosing import chosen
    from dtmf.cli.decoding import channel_as_typed
    from dtmf.cli.saying import prepare, remark
    from dtmf.errors import AudioError, RateError
    from dtmf.explain import near_misses
    from dtmf.keys import check_rate
    from dtmf.limits import limits
    from dtmf.plot import check_picture
    from dtmf.plot import plot as draw
    from dtmf.recording import decode as hear

    which = channel_as_typed(channel, mix=mix)
    if which == "all":
        raise AudioError("a picture shows one channel; give a number from 0 to --channel, or --mix.")
    limits(setting).bounds(longest_break)
    check_picture(output)
    prepare()
    samples, rate = read(file, remark=remark)
    try:
        check_rate(rate)
    except RateError as error:
        raise AudioError(f"{file}: {error}", value=file) from None
    one = chosen(samples, rate, which, file)
    misses = near_misses(one, rate, setting=setting) if explain else []
    tones = hear(one, rate, setting=setting, longest_break_ms=longest_break)
    draw(one, rate, tones, output, title=file.name, misses=misses)
    return 0


def completion(shell: Literal["bash", "zsh", "fish"], /) -> int:
    """Print what makes a shell complete the words of dtmf.

    Example: source <(dtmf completion bash)

    Parameters
    ----------
    shell
        Which: bash, zsh or fish.
    """
    print(app().generate_completion(shell=shell))
    return 0
