"""Files of IVRs of one's own: `ivr lint` and `ivr draw` look at them, other commands have them called."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from ivr.cli.faults import UsageError
from ivr.cli.kit import check_outputs, prompts, write_text
from ivr.cli.saying import OK, USAGE, complain, tell
from ivr.clock import seconds
from ivr.custom.draft import FAREWELL, FAULT, HANG_UP
from ivr.custom.loading import MOST_BYTES, Known, load
from ivr.custom.own import OwnFile
from ivr.custom.voice import OwnVoice
from ivr.custom.wording import Blank, Phrase, Played, Quoted, Utterance
from ivr.engine.diagram import mermaid
from ivr.engine.nodes import Record, Sub
from ivr.lines.wav import samples_of
from ivr.reading import BadFile
from ivr.scenario.own import heard_in, prompts_of, ways_of
from ivr.scenario.twins import line_of, twins

_PICTURES, _TEXTS = (".png", ".svg"), (".mmd", ".mermaid", ".md")


def lint(paths: Iterable[Path], hosts: Iterable[str]) -> int:
    """Look for what is wrong in files; return the exit code."""
    known, code, count = Known.with_hosts(*hosts), OK, 0
    for path in paths:
        count += 1
        try:
            own = load(path, known)
            voice = OwnVoice(own, prompts(), samples_of)  # it reads the recordings
        except BadFile as error:
            code = complain(str(error), USAGE)
            continue
        if own.twiml is not None:
            tell(f"{path}: all right: an application at {own.twiml.url}")
            continue
        tell(f"{path}: all right: {_counted(len(own.lines), 'node')}, {_counted(len(own.wordings), 'prompt')}, "
             f"{_counted(len(ways_of(own)), 'exit')}")
        for sentence in _alike(own, voice):
            tell(f"{path}:{sentence}")
    if not count:
        raise UsageError("no file is named: name one, as in 'ivr lint order-line.yaml'")
    return code


def _alike(own: OwnFile, voice: OwnVoice) -> Iterator[str]:
    """Give a sentence about each two prompts that stories cannot tell apart, after the line of the first."""
    spoken = prompts()
    heard = heard_in(own, voice, {language: {name: spoken.fixed(name, language) for name in prompts_of(own)
                                             if name in spoken.catalogue().texts} for language in own.languages})
    for pair in twins(heard, own):
        first, second = sorted((pair.one, pair.other), key=lambda name: line_of(name, own) or MOST_BYTES)
        line = line_of(second, own)
        where = f"{second!r} in line {line}" if line else f"{second!r} of the catalogue"
        if pair.how == "begins":
            other = pair.other if pair.one == first else first
            yield (f"{line_of(first, own)}: {first!r} and {where} begin with the same words, so a story never "
                   f"hears {pair.one!r}: begin {other!r} otherwise")
            continue
        what = "say the same" if pair.how == "same" else "have words in common"
        yield (f"{line_of(first, own)}: {first!r} and {where} {what}, so a story that hears the one takes the "
               "other for it: use other words if it has to know which")


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def draw(path: Path, output: Path | None, hosts: Iterable[str]) -> int:
    """Draw a file's flows; return the exit code."""
    own = load(path, Known.with_hosts(*hosts))
    if own.twiml is not None:
        raise UsageError(f"{path} names an application at {own.twiml.url}: what that does is not known before it "
                         "answers, so there is nothing to draw")
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
    texts = {**_deeds_of(own), **texts_of(own)}
    picture([Chart(flow, texts, aside) for flow in own.flows], own.title, output)
    return OK


def _deeds_of(own: OwnFile) -> dict[str, str]:
    """Return what is done at nodes that say nothing."""
    duties = own.duties
    return {**{name: "records what is said" for flow in own.flows for name, node in flow.nodes.items()
               if isinstance(node, Record)},
            **{name: f"goes through {node.flow}" for flow in own.flows for name, node in flow.nodes.items()
               if isinstance(node, Sub)},
            **{name: f"calls {one.to}" for name, one in duties.handovers.items()},
            **{name: f"asks {one.url}" for name, one in duties.inquiries.items()},
            **{name: f"in the conference {one.shown}" for name, one in duties.seats.items()},
            **{name: f"waits {seconds(length):g} s" for name, length in duties.waits.items()}}


def texts_of(own: OwnFile) -> dict[str, str]:
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
