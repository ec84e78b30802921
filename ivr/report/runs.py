"""A run of a story, and what was live, as pages show them."""

from collections.abc import Iterable, Sequence

from ivr.conference import secrecy
from ivr.custom.own import OwnFile
from ivr.custom.secrecy import OwnSecrets
from ivr.report.model import CONFERENCE, Hides, Missed, Story, Track
from ivr.scenario.failure import Failure
from ivr.scenario.player import Result


def shown(result: Result, *, wall_s: float | None, differences: Sequence[str] = ()) -> Story:
    """Return a run as pages show it; `differences` as of `leave`."""
    tracks = [Track(take.caller, take.heard, take.spoke, take.dialled_at, take.late) for take in result.takes]
    return Story(result.scenario.title, result.scenario.source, result.journal.entries, tracks, result.ended_at,
                 wall_s, missed_of(result.failures), differences, hides_of(result.scenario.own),
                 called_of(result.scenario.own, result.scenario.target))


def missed_of(failures: Iterable[Failure]) -> list[Missed]:
    """Return what has not come true, as pages show it."""
    return [Missed(f.line, f.caller, f.step, f.at, f.instead) for f in failures]


def hides_of(own: OwnFile | None) -> Hides:
    """Return what pages hide once more: of the conference, or of an IVR of one's own."""
    return secrecy if own is None else OwnSecrets(own)


def called_of(own: OwnFile | None, target: str = "") -> str:
    """Return what is called, as pages name it."""
    if own is not None:
        return "IVR of your own" if own.twiml is None else "Application in TwiML"
    return "Call to an IVR" if target else CONFERENCE
