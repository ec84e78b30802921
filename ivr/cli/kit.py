"""What commands share: the sounds of a stage, folders to write into."""

import functools
import hashlib
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

import dtmf
from dtmf.channels import One
from dtmf.stopping import stopping
from ivr.cli.faults import UsageError
from ivr.cli.saying import remark, working
from ivr.clock import RATE
from ivr.scenario.badline import StoryLine
from ivr.scenario.leading import Agent, AgentAt
from ivr.scenario.stage import Stage
from ivr.scenario.studio import Carriage, Studio
from lobby import arrival, beep, departure, hold_music
from prompts import Pack, Prompts, cache
from prompts.names import name_from

LANGUAGE = "en-US"

_MUSIC = ("lobby.music", "lobby.synth")
_LIKENESS = ("ivr.scenario.correlate", "ivr.scenario.references")
"""What works out what is kept on the disk."""


@functools.cache
def prompts(pack: Path | None = None) -> Prompts:
    """Return the prompts of this run, with the recordings of a voice pack if one is named.

    Raises
    ------
    prompts.BadPack
        If it is no voice pack.
    """
    return Prompts(LANGUAGE, pack=None if pack is None else Pack(pack, LANGUAGE))


@functools.cache
def stage(pack: Path | None = None) -> Stage:
    """Return the sounds that all calls of this run share; what is wrong with a voice pack is told.

    From here on BLAS runs on one thread: several were four to seven times slower within a tick.
    """
    threadpool_limits(1, user_api="blas")
    if not dtmf.is_ready():
        if sys.stderr is not None:
            print("ivr: compiling the decoder, once on this machine; it takes half a minute.", file=sys.stderr)
        with stopping():
            dtmf.prepare()
    spoken = prompts(pack)
    if next(cache.folder().glob("*.pcm"), None) is None:
        working("speaking the prompts, once on this machine, which takes some seconds")
    for fault in spoken.faults():
        print(f"ivr: {fault}", file=sys.stderr)
    where = cache.folder()
    music = cache.kept(where, ("the hold music", _written(*_MUSIC)), hold_music)
    music.setflags(write=False)
    return outside(Stage(
        voice=spoken, fixed=spoken.all_fixed(), music=music, voice_of=spoken.voice_of,
        tones={"arrival": arrival(), "departure": departure(), "record": beep()},
        studio=studio(spoken), language=LANGUAGE,
        fixed_in=spoken.all_fixed, agents=_agent,
        remember=lambda made_of, make: cache.kept_number(where, (*made_of, _written(*_LIKENESS)), make)))


def _agent(at: AgentAt) -> Agent:
    from ivr.cli.agents import agent

    return agent(at)


class _Late:
    """Something that is loaded and made when it is first asked for anything."""

    def __init__(self, make: Callable[[], object]) -> None:
        self._make = functools.cache(make)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        return getattr(self._make(), name)


def outside(sounds: Stage, hosts: Sequence[str] = ()) -> Stage:
    """Return a stage on which apps and applications at URLs are asked while the clock stands still."""
    def apps() -> object:
        from ivr.live.apps import WaitingForApps

        return WaitingForApps(hosts)

    def documents() -> object:
        from ivr.live.documents import WaitingForDocuments

        return WaitingForDocuments(hosts)

    return replace(sounds, apps=cast("Any", _Late(apps)), fetches=cast("Any", _Late(documents)))


@functools.cache
def _written(*sources: str) -> str:
    """Return what modules are written with: what they have worked out before holds as long as it is the same."""
    whole = hashlib.sha256(np.__version__.encode())
    for name in sources:
        whole.update(Path(str(sys.modules[name].__file__)).read_bytes())
    return whole.hexdigest()


def studio(spoken: Prompts) -> Studio:
    """Return where callers of stories get what they say and play, and their lines."""
    def say(text: str, voice: str) -> NDArray[np.int16]:
        return spoken.say(text, voice=voice)

    def line(way: StoryLine, caller: str) -> Carriage:
        # most stories have none
        from ivr.lines.bad.line import BadLine

        return BadLine(way, caller, say, spoken.voices)

    return Studio(say, _recording, line)


def _recording(path: Path, channel: One) -> NDArray[np.int16]:
    from ivr.lines.wav import samples_of

    return samples_of(path, channel, how="'channel: {}', or 'channel: mix'", remark=remark)


def warm_up(*, network: bool = False) -> None:
    """Load all that a call may need: a live one cannot wait for it amid a tick.

    Parameters
    ----------
    network : bool
        Whether its sound goes over a network.
    """
    dtmf.prepare()
    name_from(np.ones(RATE, np.int16), RATE)
    if network:
        from ivr.lines.sip import preparing

        if not preparing.is_ready():
            working("compiling what carries sound, once on this machine, which takes some seconds")
        preparing.prepare()


def check_outputs(files: Mapping[str, Path | None], read: Mapping[str, Path | None] | None = None) -> None:
    """See that files can be written, and that no two of them, or of those that are read, are one.

    Parameters
    ----------
    files, read : mapping of option to Path
        None where the option was not given.

    Raises
    ------
    UsageError
        If not.
    """
    given = {option: path for option, path in files.items() if path is not None}
    for option, path in given.items():
        if str(path) == "-":
            raise UsageError(f"{option} - names no file: what is written is whole or not at all, so it cannot go "
                             "to standard output; name a file")
        if path.is_dir():
            raise UsageError(f"{option} {path} is a folder: name a file to write")
        if not (path.parent.is_dir() and os.access(path.parent, os.W_OK)):
            raise UsageError(f"{path} cannot be written: the folder {path.parent} is not there, or not yours")
    both = {option: path for option, path in {**(read or {}), **given}.items() if path is not None}
    for (first, one), (second, other) in combinations(both.items(), 2):
        if one.resolve() == other.resolve() or (one.exists() and other.exists() and one.samefile(other)):
            raise UsageError(f"{first} {one} and {second} {other} are one file: name two")


def write_text(path: Path, text: str) -> None:
    """Write a text whole or not at all.

    Raises
    ------
    dtmf.AudioError
        If it cannot be written.
    """
    from dtmf.audiofile import replacing

    with replacing(path) as part:
        part.write_text(text, encoding="utf-8")
