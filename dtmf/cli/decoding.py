"""`dtmf decode`: files one after another, a pipe as it arrives, an archive on many processors."""

import sys
from pathlib import Path
from typing import cast

from dtmf.archive.stopping import stopping
from dtmf.archive.work import sentence_of
from dtmf.blocks import Reading
from dtmf.cli.progress import Bar
from dtmf.cli.saying import OK, USAGE, Unprinted, complain, leave_quietly, prepare, remark
from dtmf.cli.showing import show
from dtmf.errors import AudioError
from dtmf.limits import limits
from dtmf.reader.pipe import Bytes
from dtmf.transcript import Hearing, transcribe


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
    with stopping():
        prepare()
    if out or cluster or (jobs or 1) > 1 or any(path.is_dir() for path in files):
        if pipe:
            return complain("'-' cannot be decoded together with a folder, --out, --jobs or --cluster.", USAGE)
        from dtmf.cli.archiving import archive

        return archive(files, hearing, as_json=as_json, out=out, jobs=jobs, cluster=cluster)
    if pipe and (sys.stdin is None or sys.stdin.isatty()):
        return complain("'-' has nothing to hear; pipe audio into it, such as from arecord.", USAGE)
    bad: list[str] = []
    try:
        _one_by_one(files, hearing, bad, as_json=as_json)
    except BrokenPipeError:
        leave_quietly()
    return USAGE if bad else OK


def _one_by_one(files: list[Path], hearing: Hearing, bad: list[str], *, as_json: bool) -> None:
    """Print what is in each file; why it cannot be heard is put into `bad` too."""
    alone = len(files) == 1
    with stopping() as stopped:
        for path in files:
            try:
                if path == Path("-"):
                    from dtmf.cli.live import live

                    live(cast("Bytes", sys.stdin.buffer), hearing, as_json=as_json, alone=alone)
                    continue
                with Bar(path.name) as bar:
                    heard = transcribe(path, hearing, bar.part)
            except (BrokenPipeError, Unprinted):
                raise
            except Exception as error:  # one file may not stop the others
                if stopped:
                    break
                bad.append(sentence_of(error, str(path)))
                remark(bad[-1])
                continue
            if stopped:
                break
            for facts in heard:
                show(facts, as_object=as_json, alone=alone)
