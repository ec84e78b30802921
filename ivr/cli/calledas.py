"""What a call that becomes a story has called, by which number and as whom: as lines of the story."""

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ivr.cli.called import token
from ivr.cli.callees import GREETING, Rung
from ivr.cli.kit import LANGUAGE, outside, stage
from ivr.custom.own import OwnFile
from ivr.journal import Entry
from ivr.live.shelf import RecordingShelf
from ivr.scenario.stage import Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class CalledAs:
    """What was called.

    Attributes
    ----------
    own : OwnFile, optional
        An IVR of one's own, or an application at a URL; else it was the conference.
    file : Path or str, optional
        Its file, or that URL.
    hosts : sequence of str
        Those whose apps it may ask.
    number, phone : str
        The number that was dialled, and the caller's own; empty where the story need not say it.
    languages : tuple of str
        Those of the number.
    rung : mapping of word to sequence of str
        Who was there to be dialled.
    """

    own: OwnFile | None = None
    file: Path | str | None = None
    hosts: Sequence[str] = ()
    number: str = ""
    phone: str = ""
    languages: tuple[str, ...] = ()
    rung: Rung = field(default_factory=dict)

    @property
    def by_text(self) -> bool:
        """Whether what is said is named by its text."""
        return self.own is not None and self.own.twiml is not None

    @property
    def first(self) -> str:
        """The language in which a call begins."""
        return (self.own.languages if self.own is not None else self.languages or (LANGUAGE,))[0]

    @property
    def dial(self) -> str:
        """The step that begins the call."""
        said = {"number": self.number, "from": self.phone}
        given = ", ".join(f"{word}: {json.dumps(number)}" for word, number in said.items() if number)
        return f"- dial: {{{given}}}" if given else "- dial"

    def lines(self, folder: Path, beside: str) -> list[str]:
        """Return what a story in a folder says of it; `beside` names the file that a URL stands in."""
        if isinstance(self.file, Path):
            try:
                named = os.path.relpath(self.file.resolve(), folder.resolve())
            except ValueError:  # on another drive
                named = str(self.file.resolve())
            return [f"ivr: {json.dumps(named, ensure_ascii=False)}"]
        if self.file is not None:
            return [f"ivr: {json.dumps(beside, ensure_ascii=False)}"]
        return [f"languages: {', '.join(self.languages)}"] if self.languages else []

    def application(self) -> str:
        """Return the file of an application that was named by its URL; empty if there is none."""
        if not isinstance(self.file, str):
            return ""
        return f"title: {json.dumps(self.file.partition('?')[0])}\ntwiml: {json.dumps(self.file)}\n"

    def others(self, entries: Sequence[Entry]) -> Iterator[str]:
        """Give the lines of those who were dialled, each as often as he was."""
        dialled = [str(entry.facts["to"]) for entry in entries if entry.event == "dialling"]
        for word, numbers in self.rung.items():
            for n, number in enumerate((one for one in numbers if one in dialled), 1):
                yield f"  {word} {n}:"
                for turn in range(dialled.count(number)):
                    if word == "answers" and turn:
                        yield "    - in: ended"
                    yield f"    - {word}: {json.dumps(number)}"
                    if word == "answers":
                        yield f"    - say: {json.dumps(GREETING)}"

    def stage(self) -> Stage:
        """Return where a story of it is played: there its apps are asked again."""
        if self.own is None:
            return stage()
        return replace(outside(stage(), self.hosts), token=token(), shelf=RecordingShelf())
