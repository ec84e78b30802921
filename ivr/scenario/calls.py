"""What a caller's steps amount to: calls, one after the other, each begun before anything is done on its line."""

from ivr.reading import YamlNode
from ivr.scenario.agents.steps import OfAgent
from ivr.scenario.progress import AnsweredStep, EndedStep, RefusedStep, TransferredStep
from ivr.scenario.steps import (
    Dial,
    HangUpStep,
    Hear,
    HearOnly,
    In,
    NotHear,
    Outfit,
    PlayStep,
    Press,
    RungStep,
    SayStep,
    Step,
    Wait,
    WaitFor,
)

_ON_THE_LINE = (Press | PlayStep | SayStep | Hear | HearOnly | NotHear | In | AnsweredStep | EndedStep | RefusedStep
                | TransferredStep | OfAgent)


def calls_of(name: str, node: YamlNode, steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Return a caller's steps, with `dial` before the first that needs a line if he does not say it.

    Raises
    ------
    BadFile
        If they are not those of calls that follow each other.
    """
    if not any(isinstance(step, Dial | RungStep | _ON_THE_LINE) for step in steps):
        raise node.error(f"{name} never dials: add the step 'dial'")
    first = next(step for step in steps if not isinstance(step, Wait | WaitFor | Outfit))
    if not isinstance(first, Dial | HangUpStep | RungStep):
        at = next(i for i, step in enumerate(steps) if isinstance(step, _ON_THE_LINE))
        steps = (*steps[:at], Dial(line=steps[at].line, said="dial"), *steps[at:])
    on_the_line = ended = False
    for step in steps:
        here = node.elsewhere(step.line)
        if isinstance(step, Dial | RungStep) and on_the_line and not ended:
            raise here.error(f"{name} dials twice: let him hang up first, wait until he is in: ended, or name a "
                             "second caller")
        if isinstance(step, HangUpStep) and not on_the_line:
            raise here.error(f"{name} hangs up before he has dialled")
        ends = isinstance(step, EndedStep) or (isinstance(step, In) and step.state == "ended")
        ended = ends or (ended and isinstance(step, Wait | WaitFor | Outfit))
        on_the_line = _begins(step) or (on_the_line and not isinstance(step, HangUpStep))
        if isinstance(step, _ON_THE_LINE) and not on_the_line:
            raise here.error(f"{name} has hung up before this step")
    return steps


def _begins(step: Step) -> bool:
    """Tell whether a call begins with this step."""
    return isinstance(step, Dial) or (isinstance(step, RungStep) and step.word == "answers")
