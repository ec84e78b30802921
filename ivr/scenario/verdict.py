"""What was expected in the end and is not so."""

from collections.abc import Callable, Mapping

from ivr.journal import Journal
from ivr.scenario.backstage import Backstage
from ivr.scenario.errors import NothingThere
from ivr.scenario.expectations import Expectation, ExpectCaller, ExpectJournal, ExpectMeeting
from ivr.scenario.failure import Failure
from ivr.scenario.leading import ExpectDigits, unlike
from ivr.scenario.sounds import PromptSound
from ivr.scenario.steps import Hear, Scenario


def faults(scenario: Scenario, journal: Journal) -> tuple[Failure, ...]:
    """Return a failure for each fault of ours that has ended a call: no story expects one."""
    lines = {caller.name: caller.line for caller in scenario.callers}
    return tuple(Failure(lines[e.caller], e.caller, "a call", e.at,
                         f"a fault of ours has ended it: {e.facts['what']} at {e.facts['where']}")
                 for e in journal.of("fault")) + _own_faults(scenario, journal, lines)


def _own_faults(scenario: Scenario, journal: Journal, lines: Mapping[str, int]) -> tuple[Failure, ...]:
    """Return a failure for each call that an IVR of one's own could not go on with: the file says no way out."""
    if scenario.own is None:
        return ()
    if scenario.own.twiml is not None:
        return _failed_applications(scenario, journal, lines)
    failures = []
    for entry in journal.of("asked", "circle"):
        node = str(entry.facts["node"])
        line = scenario.own.lines.get(node, 0)
        if entry.event == "circle":
            failures.append((entry, f"it goes round in a circle at the node {node!r}, line {line} of "
                                    f"{scenario.own.path.name}"))
        elif "because" in entry.facts and scenario.own.without(node):
            failures.append((entry, f"no answer to {node!r}, line {line} of {scenario.own.path.name}: "
                                    f"{entry.facts['because']}"))
    return tuple(Failure(lines.get(entry.caller, 0), entry.caller, "a call", entry.at, instead)
                 for entry, instead in failures)


def _failed_applications(scenario: Scenario, journal: Journal, lines: Mapping[str, int]) -> tuple[Failure, ...]:
    """Return a failure for each time an application at a URL has failed a call that does not expect it.

    Who expects it hears 'fault'.
    """
    expecting = {caller.name for caller in scenario.callers for step in caller.steps
                 if isinstance(step, Hear) and step.sound == PromptSound("fault")}
    failures = []
    for entry in journal.of("application-failed", "circle"):
        if entry.event == "circle":
            failures.append((entry, f"it goes round in a circle at {entry.facts['node']!r}"))
        elif not entry.facts["fallback"] and entry.caller not in expecting:
            failures.append((entry, f"{entry.facts['url']}: {entry.facts['because']}"))
    return tuple(Failure(lines.get(entry.caller, 0), entry.caller, "a call", entry.at, instead)
                 for entry, instead in failures)


def unmet(expected: tuple[Expectation, ...], journal: Journal, states: Mapping[str, str], at: int,
          backstage: Backstage, pressed: Callable[[str], str] = lambda _: "") -> tuple[Failure, ...]:
    """Return a failure for each expectation that is not met.

    Parameters
    ----------
    states : mapping of caller to the last state of his call
    at : int
        The sample at which the story ended.
    pressed : callable
        Gives all the keys that were heard of a caller.
    """
    failures = []
    for expectation in expected:
        try:
            instead = _instead(expectation, journal, states, backstage, pressed)
        except NothingThere as error:
            instead = str(error)
        if instead:
            failures.append(Failure(expectation.line, "", expectation.said, at, instead))
    return tuple(failures)


def _instead(expectation: Expectation, journal: Journal, states: Mapping[str, str], backstage: Backstage,
             pressed: Callable[[str], str]) -> str:
    match expectation:
        case ExpectMeeting():
            return _of_meeting(expectation, journal, backstage)
        case ExpectCaller():
            return _of_caller(expectation, journal, states)
        case ExpectDigits():
            came, wanted = pressed(expectation.caller), backstage.resolve(expectation.keys)
            return "" if came == wanted else f"{expectation.caller} pressed {unlike(came, wanted)}"
        case ExpectJournal():
            return _of_journal(expectation, journal)
        case _:
            return backstage.instead(expectation)


def _of_meeting(expectation: ExpectMeeting, journal: Journal, backstage: Backstage) -> str:
    meant = backstage.ids_of(expectation.conference_id)
    by = [str(entry.facts["by"]) for entry in journal.of("started") if entry.facts["meeting"] in meant]
    if expectation.started_by is None:
        return f"it was started by {by[0]}" if by else ""
    if not by:
        return "nobody started it"
    return "" if expectation.started_by in by else f"it was started by {by[0]}"


def _of_journal(expectation: ExpectJournal, journal: Journal) -> str:
    wanted = [word.casefold() for word in expectation.words]  # or what is written small would never be there
    times = sum(str(entry).casefold().split()[1:len(wanted) + 1] == wanted for entry in journal)
    if times == expectation.times or (expectation.times is None and times):
        return ""
    return f"it stands there {'once' if times == 1 else f'{times} times' if times else 'never'}"


def _of_caller(expectation: ExpectCaller, journal: Journal, states: Mapping[str, str]) -> str:
    joined = bool(journal.of("joined", caller=expectation.caller))
    waited = bool(journal.of("lobby", caller=expectation.caller))
    refused = any(e.facts["by"] == "bridge" for e in journal.of("hung-up", caller=expectation.caller))
    state = states.get(expectation.caller, "")
    true = {
        "joined": joined, "never joined": not joined, "waited": waited, "never waited": not waited,
        "still waiting": state == "lobby", "refused": refused,
        "turned away": bool(journal.of("turned-away", caller=expectation.caller)),
    }[expectation.outcome]
    if true:
        return ""
    if not state and not journal.of("dialled", caller=expectation.caller):
        return f"{expectation.caller} never dialled"
    was = [word for word, so in (("was in the lobby", waited), ("was in the meeting", joined),
                                 ("was sent away", refused)) if so]
    return f"{expectation.caller} {' and '.join(was) or 'got nowhere'}; the last state was {state or 'none'}"
