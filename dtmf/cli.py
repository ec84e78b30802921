"""The command `dtmf`: decode, encode and plot.

Exit codes: 0 all as expected, 2 wrong usage or a bad file, 3 could not run (a part is missing).
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

if TYPE_CHECKING:
    from cyclopts import App

_OK, _USAGE, _BROKEN = 0, 2, 3


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    Parameters
    ----------
    argv : sequence of str, optional
        Without the command's name; what the shell gave if left out.
    """
    from cyclopts import CycloptsError

    from dtmf.errors import DtmfError

    words = list(sys.argv[1:] if argv is None else argv)
    try:
        code = _app()(words, exit_on_error=False, print_error=False, result_action="return_value")
    except CycloptsError as error:
        return _complain(f"{_sentence(str(error))} See 'dtmf --help'.")
    except DtmfError as error:
        return _complain(str(error))
    except ImportError as error:
        print(f"dtmf: {error.name} is missing; install it with 'pip install {error.name}'.", file=sys.stderr)
        return _BROKEN
    except BrokenPipeError:
        # Whoever read us has gone; Python must not complain about it once more at exit.
        sys.stdout = None
        return _OK
    return code if isinstance(code, int) else _OK


def _complain(sentence: str) -> int:
    print(f"dtmf: {sentence}", file=sys.stderr)
    return _USAGE


def _sentence(text: str) -> str:
    """Return an error of the command line's parser as one line that ends in a full stop."""
    line = " ".join(text.split())
    return line if line.endswith((".", "!", "?")) else f"{line}."


def _app() -> "App":
    from cyclopts import App, Parameter

    app = App(
        name="dtmf",
        help="Hear, make and look at the 16 keys of a telephone.\n\nExample: dtmf decode call.wav",
        version_flags=[],
        help_format="plaintext",
    )

    @app.command
    def decode(
        *files: Path,
        json_: Annotated[bool, Parameter(name="--json", negative="")] = False,
        channel: int | None = None,
    ) -> int:
        """Print the digits in audio files.

        Example: dtmf decode call.wav --json

        Parameters
        ----------
        files
            Audio files of any format, rate (8 to 96 kHz) and number of channels.
        json_
            Print one JSON object a file, with the times, levels and frequencies of every tone.
        channel
            Which channel to hear, from 0; all are mixed down if left out.
        """
        return _decode(list(files), as_json=json_, channel=channel)

    @app.command
    def encode(
        digits: Annotated[str, Parameter(allow_leading_hyphen=True)],
        /,
        *,
        output: Annotated[Path, Parameter(name=["--output", "-o"])],
        tone_ms: float = 100,
        gap_ms: float = 100,
        rate: int = 8000,
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
            File to write; its ending says the format (.wav, .flac, .ogg, .au).
        tone_ms
            Length of a tone in milliseconds.
        gap_ms
            Length of the silence after a tone in milliseconds.
        rate
            Samples a second, 4000 to 96000.
        level
            Mean level of the two tones in dBm0.
        twist
            High tone over the low one in dB.
        """
        from dtmf.audiofile import write
        from dtmf.encode import encode as make
        from dtmf.errors import DigitError

        if not digits:
            raise DigitError("'' holds no digits; give one key at least.")
        write(
            output, make(digits, rate, tone_ms=tone_ms, gap_ms=gap_ms, level_dbm0=level, twist_db=twist), rate
        )
        return _OK

    @app.command
    def plot(
        file: Path,
        /,
        *,
        output: Annotated[Path, Parameter(name=["--output", "-o"])],
        channel: int | None = None,
    ) -> int:
        """Draw the spectrogram of an audio file with its digits over it.

        Example: dtmf plot call.wav -o call.png

        Parameters
        ----------
        file
            Audio file.
        output
            PNG file to write.
        channel
            Which channel to draw, from 0; all are mixed down if left out.
        """
        from dtmf.audiofile import channel_of, read
        from dtmf.decode import decode as hear
        from dtmf.plot import plot as draw

        samples, rate = read(file)
        one = channel_of(samples, channel, file)
        draw(one, _rate(rate, file), hear(one, rate), output, title=file.name)
        return _OK

    return app


def _rate(rate: int, path: Path) -> int:
    """Return `rate` if it can be heard; the error names the file."""
    from dtmf.errors import AudioError, RateError
    from dtmf.keys import check_rate

    try:
        return check_rate(rate)
    except RateError as error:
        raise AudioError(f"{path}: {error}") from None


def _decode(files: list[Path], *, as_json: bool, channel: int | None) -> int:
    """Print a line a file; a bad file is named and the others are still decoded."""
    from dtmf.errors import DtmfError

    if not files:
        return _complain("no file was given; name one audio file at least. See 'dtmf decode --help'.")
    code = _OK
    for path in files:
        try:
            facts = _facts(path, channel)
        except DtmfError as error:
            code = _complain(str(error))
            continue
        if as_json:
            print(json.dumps(facts, ensure_ascii=False), flush=True)
        elif len(files) == 1:
            print(facts["digits"], flush=True)
        else:
            print(f"{path}: {facts['digits']}", flush=True)
    return code


def _facts(path: Path, channel: int | None) -> dict[str, Any]:
    from dtmf.audiofile import channel_of, read
    from dtmf.decode import decode, digits

    samples, rate = read(path)
    tones = decode(channel_of(samples, channel, path), _rate(rate, path))
    return {
        "file": str(path),
        "rate": rate,
        "seconds": round(len(samples) / rate, 6),
        "digits": digits(tones),
        "tones": [
            {
                "digit": tone.digit,
                "start": round(tone.start / rate, 6),
                "end": round(tone.end / rate, 6),
                "level_dbm0": round(tone.level_dbm0, 2),
                "twist_db": round(tone.twist_db, 2),
                "low_hz": round(tone.low_hz, 2),
                "high_hz": round(tone.high_hz, 2),
            }
            for tone in tones
        ],
    }


if __name__ == "__main__":
    sys.exit(main())
