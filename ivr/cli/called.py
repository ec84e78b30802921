"""An IVR of one's own that commands have called: what answers, what it says, and where recordings go."""

import os
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

from dtmf import AudioError
from dtmf.audiofile import write
from ivr.assembly import assembled_alone
from ivr.cli.faults import UsageError
from ivr.cli.folders import folder
from ivr.cli.own import texts_of
from ivr.cli.saying import BROKEN, complain
from ivr.clock import RATE
from ivr.custom.application import Keep, own_ivr
from ivr.custom.asking import AppReply
from ivr.custom.loading import Known, at_url, load
from ivr.custom.own import OwnFile, TwimlLine
from ivr.custom.twiml.application import twiml_ivr
from ivr.custom.twiml.asking import Fetched
from ivr.custom.twiml.documents import lines_of
from ivr.custom.twiml.requesting import TOKEN, RequestMeans
from ivr.custom.twiml.voice import TwimlVoice
from ivr.custom.voice import OwnVoice, said
from ivr.engine.application import Builder
from ivr.engine.bridge import Bridge
from ivr.engine.exchange import Exchange
from ivr.engine.handsets import Handsets
from ivr.engine.ports import Trunk
from ivr.engine.sound import Samples
from ivr.journal import Journal
from ivr.live.apps import AskingApps, WaitingForApps
from ivr.live.callee import Callee
from ivr.live.documents import AskingForDocuments, WaitingForDocuments
from ivr.live.shelf import RecordingShelf
from ivr.scenario.stage import Stage
from prompts import Prompts, languages


@dataclass(frozen=True, slots=True)
class Called:
    """An IVR of one's own, ready to be called.

    Attributes
    ----------
    texts : mapping of prompt to its words
    """

    own: OwnFile
    voice: OwnVoice | TwimlVoice
    sounds: Stage
    application: Builder
    texts: Mapping[str, str]

    @property
    def number(self) -> str:
        """The number that is dialled; empty if any will do."""
        return self.own.numbers[0] if self.own.numbers else ""

    @staticmethod
    def dialled(lines: Sequence[Callee]) -> list[Trunk]:
        """Return the trunk of those who can be dialled, if there are any."""
        return [Handsets(lines)] if lines else []

    def assembled(self, trunks: Iterable[Trunk], *, setting: str = "default", journal: Journal | None = None
                  ) -> tuple[Bridge, Exchange]:
        """Return a bridge with nothing but this IVR, and the exchange before it."""
        return assembled_alone(self.application, self.voice, self.sounds, trunks, setting=setting, journal=journal)


def token() -> str:
    """Return what requests to applications are signed with: of the environment, where it has one."""
    return os.environ.get("IVR_TWIML_TOKEN", "") or TOKEN


def checked(own: Path | str | None, save: Path | None, given: Mapping[str, object],
            rung: Mapping[str, Sequence[str]]) -> None:
    """See that what is said beside --ivr can be meant; `given` are options of a conference, and what they say.

    Parameters
    ----------
    rung : mapping of option to sequence of str
        Numbers that it may have dialled.

    Raises
    ------
    UsageError
        If it cannot.
    """
    if own is None and save is not None:
        raise UsageError("--save is for what callers of an IVR of your own record: name one with --ivr")
    if own is None and (alone := [option for option, numbers in rung.items() if numbers]):
        raise UsageError(f"{alone[0]} is for whom an IVR of your own has dialled: name one with --ivr")
    wrong = [option for option, value in given.items() if value]
    if own is not None and wrong:
        raise UsageError(f"--ivr names an IVR of your own, which has no meetings: leave out {' and '.join(wrong)}")


def named(ivr: Path | None, twiml: str) -> Path | str | None:
    """Return what is called instead of the conference: a file, or an application at a URL.

    Raises
    ------
    UsageError
        If it is both.
    """
    if ivr is not None and twiml:
        raise UsageError("--ivr and --twiml each name what is called: leave out one of them")
    return twiml or ivr


def called_own(path: Path | str, sounds: Stage, hosts: Sequence[str], *, live: bool, keep: Keep = lambda *_: None
               ) -> Called:
    """Read a file, and make ready what is said in it.

    Parameters
    ----------
    path : Path or str
        The file, or the URL of an application.
    live : bool
        Whether calls go on while an app answers; else the clock stands still.
    keep : callable
        Takes what callers record.
    """
    known = Known.with_hosts(*hosts)
    own = at_url(path, known) if isinstance(path, str) else load(path, known)
    if own.twiml is not None:
        return _at_a_url(own, own.twiml, sounds, hosts, live=live, keep=keep)
    voice = OwnVoice(own, sounds.voice, sounds.studio.recording)
    if live:
        _speak_ahead(own, voice, sounds)
    apps = AskingApps(hosts, prepare=_Ahead(own).speak) if live else WaitingForApps(hosts)
    return Called(own, voice, sounds, own_ivr(own, apps=apps, keep=keep), texts_of(own, named=False))


def _at_a_url(own: OwnFile, line: TwimlLine, sounds: Stage, hosts: Sequence[str], *, live: bool, keep: Keep
              ) -> Called:
    """Make an application at a URL ready."""
    voice = TwimlVoice(sounds.voice, languages())
    if live:
        for language in own.languages:
            voice.clips("fault", language)
    fetches = asking_aside(hosts, own.languages[0]) if live else WaitingForDocuments(hosts)
    means = RequestMeans(voice, fetches, token=token(), shelf=RecordingShelf(), keep=keep)
    return Called(own, voice, sounds, twiml_ivr(line, means, own.languages), {})


def asking_aside(hosts: Sequence[str], language: str) -> AskingForDocuments:
    """Return what carries requests of live calls, in which a document speaks this language unless it says so."""
    return AskingForDocuments(hosts, prepare=_Spoken(language).speak)


class _Spoken:
    """Speaks what a document says before the call gets it, with a voice of its own: it is in another thread."""

    def __init__(self, language: str) -> None:
        self._voice, self._language = TwimlVoice(Prompts(), languages()), language

    def speak(self, fetched: Fetched) -> None:
        """Speak it; it is found on the disk then."""
        for line in lines_of(fetched):
            self._voice.say(line, self._language)


def _speak_ahead(own: OwnFile, voice: OwnVoice, sounds: Stage) -> None:
    """Speak all that is known before anybody calls: an engine takes longer than a tick."""
    for language in own.languages:
        for digit in "0123456789+":
            for last in (True, False):
                sounds.voice.digit(digit, language, last=last)
        for name in own.wordings:
            voice.fixed(name, language)
        for flow in own.flows:
            for _, prompt in flow.prompts():
                if prompt not in own.wordings and not list(voice.slots(prompt)):
                    voice.clips(prompt, language)


class _Ahead:
    """Speaks what an app has answered before the call gets it, with a voice of its own: it is in another thread."""

    def __init__(self, own: OwnFile) -> None:
        self._own, self._speech = own, Prompts()

    def speak(self, reply: AppReply) -> None:
        """Speak a reply's values as the prompts do that say them; they are found on the disk then."""
        for wording in self._own.wordings.values():
            for blank in wording.blanks():
                value = reply.facts.get(blank.variable)
                if isinstance(value, str | int | float):
                    for language in self._own.languages:
                        self._speech.say(said(blank, str(value), language), language=language)


@contextmanager
def recordings(where: Path | None) -> Iterator[Keep]:
    """Give what takes callers' recordings; with a folder they are written there, aside, each a file of its own."""
    if where is None:
        yield lambda *_: None
        return
    folder(where)
    waiting: SimpleQueue[tuple[str, str, Samples] | None] = SimpleQueue()
    writer = threading.Thread(target=_written, args=(where, waiting), name="ivr recordings")
    writer.start()
    try:
        yield lambda name, caller, samples: waiting.put((name, caller, samples))
    finally:
        waiting.put(None)
        writer.join()


def _written(where: Path, waiting: SimpleQueue[tuple[str, str, Samples] | None]) -> None:
    number = 0
    while (one := waiting.get()) is not None:
        name, caller, samples = one
        number += 1
        while (path := where / f"{name}-{caller}-{number}.wav").exists():
            number += 1
        try:
            write(path, samples, RATE)
        except AudioError as error:
            complain(str(error), BROKEN)
