"""Files of IVRs of one's own: `ivr draw` draws them, other commands have them called."""

from collections.abc import Iterable
from pathlib import Path

from ivr.cli.faults import UsageError
from ivr.cli.kit import check_outputs, write_text
from ivr.cli.saying import OK, tell
from ivr.clock import seconds
from ivr.custom.draft import FAREWELL, FAULT, HANG_UP
from ivr.custom.loading import Known, load
from ivr.custom.own import OwnFile
from ivr.custom.wording import Blank, Phrase, Played, Quoted, Utterance
from ivr.engine.diagram import mermaid
from ivr.engine.nodes import Record, Sub

_PICTURES, _TEXTS = (".png", ".svg"), (".mmd", ".mermaid", ".md")


def draw(path: Path, output: Path | None, hosts: Iterable[str]) -> int:
    """Draw a file's flows; return the exit code."""
    own = load(path, Known.with_hosts(*hosts))
    if own.twiml is not None:
        raise UsageError(f"{path} names an application at {own.twiml.url}: what that does is not known before it "
                         "answers, so there is nothing to draw")
    if output is None or output.suffix.lower() in _TEXTS:
        text = "\n\n".join(mermaid(flow, never=own.never) for flow in own.flows)
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
    picture([Chart(flow, texts, aside, own.never) for flow in own.flows], own.title, output)
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


def texts_of(own: OwnFile, *, named: bool = True) -> dict[str, str]:
    """Return what is said at each node in the first language, what is not words by its name.

    Parameters
    ----------
    named : bool
        Whether variables stand there by their names; else there are dots for what they held in a call.
    """
    return {name: " ".join(_shown(one, named=named) for one in wording.of(own.languages[0]))
            for name, wording in own.wordings.items()}


def _shown(one: Utterance, *, named: bool) -> str:
    match one:
        case Phrase(text=text):
            return text
        case Blank(variable=variable):
            return f"{{{variable}}}" if named else "..."
        case Played(path=path):
            return f"({path.name})"
        case Quoted(prompt=prompt):
            return f"({prompt})"
