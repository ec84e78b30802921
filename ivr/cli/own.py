"""Files of IVRs of one's own: `ivr lint` and `ivr draw` look at them, other commands have them called."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ivr.assembly import assembled_alone
from ivr.cli.faults import UsageError
from ivr.cli.kit import check_outputs, prompts, write_text
from ivr.cli.saying import OK, USAGE, complain, tell
from ivr.custom.application import Keep, own_ivr
from ivr.custom.draft import FAREWELL, FAULT, HANG_UP
from ivr.custom.loading import Known, load
from ivr.custom.own import OwnFile
from ivr.custom.voice import OwnVoice
from ivr.custom.wording import Blank, Phrase, Played, Quoted, Utterance
from ivr.engine.application import Builder
from ivr.engine.bridge import Bridge
from ivr.engine.diagram import mermaid
from ivr.engine.exchange import Exchange
from ivr.engine.ports import Trunk
from ivr.journal import Journal
from ivr.lines.wav import samples_of
from ivr.live.apps import AskingApps, WaitingForApps
from ivr.reading import BadFile
from ivr.scenario.own import ways_of
from ivr.scenario.player import Stage

_PICTURES, _TEXTS = (".png", ".svg"), (".mmd", ".mermaid", ".md")


def lint(paths: Iterable[Path], hosts: Iterable[str]) -> int:
    """Look for what is wrong in files; return the exit code."""
    known, code, count = Known.with_hosts(*hosts), OK, 0
    for path in paths:
        count += 1
        try:
            own = load(path, known)
            OwnVoice(own, prompts(), samples_of)  # it reads the recordings
        except BadFile as error:
            code = complain(str(error), USAGE)
            continue
        tell(f"{path}: all right: {_counted(len(own.lines), 'node')}, {_counted(len(own.wordings), 'prompt')}, "
             f"{_counted(len(ways_of(own)), 'exit')}")
    if not count:
        raise UsageError("no file is named: name one, as in 'ivr lint order-line.yaml'")
    return code


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def draw(path: Path, output: Path | None, hosts: Iterable[str]) -> int:
    """Draw a file's flows; return the exit code."""
    own = load(path, Known.with_hosts(*hosts))
    if output is None or output.suffix.lower() in _TEXTS:
        text = "\n\n".join(mermaid(flow) for flow in own.flows)
        if output is None:
            tell(text)
        else:
            check_outputs({"--output": output}, read={"the file": path})
            write_text(output, f"```mermaid\n{text}\n```\n" if output.suffix.lower() == ".md" else f"{text}\n")
        return OK
    if output.suffix.lower() not in _PICTURES:
        raise UsageError(f"--output {output} is no picture that can be drawn: its name ends in "
                         f"{', '.join((*_PICTURES, *_TEXTS))}")
    check_outputs({"--output": output}, read={"the file": path})
    from ivr.report.flowchart import Chart
    from ivr.report.flowchart import draw as picture

    aside = frozenset({HANG_UP, FAREWELL, FAULT})
    picture([Chart(flow, _texts(own), aside) for flow in own.flows], own.title, output)
    return OK


@dataclass(frozen=True, slots=True)
class Called:
    """An IVR of one's own, ready to be called.

    Attributes
    ----------
    texts : mapping of prompt to its words
    """

    own: OwnFile
    voice: OwnVoice
    sounds: Stage
    application: Builder
    texts: Mapping[str, str]

    @property
    def number(self) -> str:
        """The number that is dialled; empty if any will do."""
        return self.own.numbers[0] if self.own.numbers else ""

    def assembled(self, trunks: Iterable[Trunk], *, setting: str = "default", journal: Journal | None = None
                  ) -> tuple[Bridge, Exchange]:
        """Return a bridge with nothing but this IVR, and the exchange before it."""
        return assembled_alone(self.application, self.voice, self.sounds, trunks, setting=setting, journal=journal)


def called_own(path: Path, sounds: Stage, hosts: Sequence[str], *, live: bool, keep: Keep = lambda *_: None
               ) -> Called:
    """Read a file, and make ready what is said in it.

    Parameters
    ----------
    live : bool
        Whether calls go on while an app answers; else the clock stands still.
    keep : callable
        Takes what callers record.
    """
    own = load(path, Known.with_hosts(*hosts))
    voice = OwnVoice(own, sounds.voice, sounds.studio.recording)
    if live:
        for language in own.languages:  # an engine takes longer than a tick
            for digit in "0123456789+":
                for last in (True, False):
                    sounds.voice.digit(digit, language, last=last)
            for name in own.wordings:
                voice.fixed(name, language)
            for flow in own.flows:
                for _, prompt in flow.prompts():
                    if prompt not in own.wordings and not list(voice.slots(prompt)):
                        voice.clips(prompt, language)
    apps = AskingApps(hosts) if live else WaitingForApps(hosts)
    return Called(own, voice, sounds, own_ivr(own, apps=apps, keep=keep), _texts(own))


def _texts(own: OwnFile) -> dict[str, str]:
    """Return what is said at each node in the first language, what is not words by its name."""
    return {name: " ".join(_shown(one) for one in wording.of(own.languages[0]))
            for name, wording in own.wordings.items()}


def _shown(one: Utterance) -> str:
    match one:
        case Phrase(text=text):
            return text
        case Blank(variable=variable):
            return f"{{{variable}}}"
        case Played(path=path):
            return f"({path.name})"
        case Quoted(prompt=prompt):
            return f"({prompt})"
