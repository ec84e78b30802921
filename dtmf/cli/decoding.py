"""`dtmf decode`: files one after another, a pipe as it arrives, an archive on many processors."""

import sys
from pathlib import Path
from typing import cast

from dtmf.blocks import Reading
from dtmf.cli import OK, USAGE
from dtmf.cli.progress import Bar
from dtmf.cli.saying import complain, line_of, prepare, say
from dtmf.errors import AudioError, DtmfError
from dtmf.limits import limits
from dtmf.pipe import Bytes
from dtmf.transcript import Facts, Hearing, transcribe


def hearing_of(
    channel: str | None, encoding: str | None, rate: int | None, channels: int | None, setting: str = "default",
    *, explain: bool = False,
) -> Hearing:
    """Return how to hear, as it was typed.

    Raises
    ------
    AudioError
        If a word or a number is not one that can be used.
    UnknownSetting
        If there is no such setting.
    """
    limits(setting)
    reading = Reading(encoding, rate, channels)
    if channel is None:
        return Hearing(None, reading, setting, explain)
    if channel == "all":
        return Hearing("all", reading, setting, explain)
    if not channel.removeprefix("-").isdecimal():
        raise AudioError(f"'{channel}' is no channel; give a number from 0, or all.")
    return Hearing(int(channel), reading, setting, explain)


def decode(
    files: list[Path], hearing: Hearing, *, as_json: bool, out: Path | None, jobs: int | None, cluster: str | None
) -> int:
    """Print or write what is in the files; a bad one is named and the others are still decoded."""
    if not files:
        return complain("no file was given; name one audio file at least. See 'dtmf decode --help'.", USAGE)
    if jobs is not None and jobs < 1:
        return complain(f"{jobs} jobs cannot decode; give --jobs 1 or more.", USAGE)
    pipe = Path("-") in files
    if hearing.explain and (pipe or out or cluster):
        return complain("--explain looks at whole files: leave out '-', --out and --cluster.", USAGE)
    prepare()
    if out or cluster or (jobs or 1) > 1 or any(path.is_dir() for path in files):
        if pipe:
            return complain("'-' cannot be decoded together with a folder, --out, --jobs or --cluster.", USAGE)
        from dtmf.cli.archiving import archive

        return archive(files, hearing, as_json=as_json, out=out, jobs=jobs, cluster=cluster)
    if pipe and (sys.stdin is None or sys.stdin.isatty()):
        return complain("'-' has nothing to hear; pipe audio into it, such as from arecord.", USAGE)
    code = OK
    for path in files:
        try:
            if path == Path("-"):
                from dtmf.cli.live import live

                live(cast("Bytes", sys.stdin.buffer), hearing, as_json=as_json, alone=len(files) == 1)
                continue
            with Bar(path.name) as bar:
                heard = transcribe(path, hearing, bar.part)
        except DtmfError as error:
            code = complain(str(error), USAGE)
            continue
        for facts in heard:
            show(facts, as_object=as_json, alone=len(files) == 1)
    return code


def show(facts: Facts, *, as_object: bool, alone: bool) -> None:
    """Print what was heard in a file or one channel of it."""
    if as_object:
        say(line_of(facts))
        return
    which = [] if alone else [facts["file"]]
    which += [f"channel {facts['channel']}"] if "channel" in facts else []
    say(f"{' '.join(which)}: {facts['digits']}" if which else facts["digits"])
    if "near_misses" in facts:
        lines = [(tone["start"], f"heard {tone['digit']}: {_like(tone)}") for tone in facts["tones"]]
        lines += [(miss["start"], f"almost {miss['digit']}: {'; '.join(miss['why'])}")
                  for miss in facts["near_misses"]]  # fmt: skip
        for start, line in sorted(lines):
            say(f"  {start:9.3f} s  {line}")


def _like(tone: Facts) -> str:
    """Return what a key was like, for a tester to read."""
    return (f"{(tone['end'] - tone['start']) * 1000:.0f} ms, {tone['level_dbm0']:.1f} dBm0, "
            f"twist {tone['twist_db']:+.1f} dB, tones {tone['low_off_percent']:+.1f} and "
            f"{tone['high_off_percent']:+.1f} % off, {tone['snr_db']:.0f} dB over the noise")
