"""`dtmf decode`: files one after another, a pipe as it arrives, an archive on many processors."""

import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import cast

from dtmf.archive.work import sentence_of
from dtmf.blocks import Reading
from dtmf.channels import Channel
from dtmf.cli.progress import Bar
from dtmf.cli.saying import OK, USAGE, Unprinted, complain, leave_quietly, prepare
from dtmf.cli.showing import refuse, show
from dtmf.errors import AudioError
from dtmf.limits import limits
from dtmf.reader.pipe import Bytes
from dtmf.stopping import stopping
from dtmf.transcript import Hearing, transcribe

_MOST_JOBS = 1024


def hearing_of(
    channel: str | None, encoding: str | None, rate: int | None, channels: int | None, setting: str = "default",
    *, mix: bool = False, explain: bool = False, longest_break_ms: float = 0, second_look: bool = True,
) -> Hearing:
    """Return how to hear, as it was typed.

    Raises
    ------
    AudioError
        If a word or a number is not one that can be used.
    UnknownSetting, BreakError
        If there is no such setting, or breaks so long cannot be bridged.
    """
    limits(setting).bounds(longest_break_ms)
    reading = Reading(encoding, rate, channels)
    return Hearing(channel_as_typed(channel, mix=mix), reading, setting, explain, longest_break_ms, second_look)


def channel_as_typed(channel: str | None, *, mix: bool) -> Channel:
    """Return which channel is meant by --channel and --mix.

    Raises
    ------
    AudioError
        If both are given, or a channel is none.
    """
    if mix and channel is not None:
        raise AudioError(f"--channel {channel} and --mix are two things to hear; give one of them.", value=channel)
    if mix:
        return "mix"
    if channel is None or channel == "all":
        return "all" if channel else None
    if not re.fullmatch("-?[0-9]{1,9}", channel):
        raise AudioError(f"'{channel}' is no channel; give a number from 0, or all.", value=channel)
    return int(channel)


def decode(
    files: list[Path], hearing: Hearing, *, as_json: bool, out: Path | None, jobs: int | None, cluster: str | None
) -> int:
    """Print or write what is in the files; a bad one is named and the others are still decoded."""
    if not files:
        return complain("no file was given; name one audio file at least. See 'dtmf decode --help'.", USAGE)
    if jobs is not None and not 1 <= jobs <= _MOST_JOBS:
        return complain(f"{jobs} jobs cannot decode; give --jobs 1 to {_MOST_JOBS}.", USAGE)
    pipe = Path("-") in files
    if hearing.explain and (pipe or out or cluster):
        return complain("--explain looks at whole files: leave out '-', --out and --cluster.", USAGE)
    hearing = replace(hearing, hint=not (as_json or out or hearing.explain))
    with stopping():
        prepare()
    if out or cluster or (jobs or 1) > 1 or any(path.is_dir() for path in files):
        if pipe:
            return complain("'-' cannot be decoded together with a folder, --out, --jobs or --cluster.", USAGE)
        from dtmf.cli.archiving import archive

        return archive(files, hearing, as_json=as_json, out=out, jobs=jobs, cluster=cluster)
    if pipe and (sys.stdin is None or sys.stdin.isatty()):
        return complain("'-' has nothing to hear; pipe audio into it, such as from arecord.", USAGE)
    codes = [OK]
    try:
        _one_by_one(files, hearing, codes, as_json=as_json)
    except BrokenPipeError:
        leave_quietly()
    return max(codes)


def _one_by_one(files: list[Path], hearing: Hearing, codes: list[int], *, as_json: bool) -> None:
    """Print what is in each file, or why it cannot be heard; what the command ends with is put into `codes`."""
    alone = len(files) == 1
    with stopping() as stopped:
        for path in files:
            try:
                if path == Path("-"):
                    from dtmf.cli.live import live

                    codes.append(live(cast("Bytes", sys.stdin.buffer), hearing, as_json=as_json, alone=alone))
                    continue
                with Bar(path.name) as bar:
                    heard = transcribe(path, hearing, bar.part)
            except (BrokenPipeError, Unprinted):
                raise
            except Exception as error:  # one file may not stop the others
                if stopped:
                    break
                codes.append(refuse(str(path), sentence_of(error, str(path)), as_object=as_json))
                continue
            if stopped:
                break
            for facts in heard:
                codes.append(show(facts, as_object=as_json, alone=alone, each=hearing.channel == "all"))
