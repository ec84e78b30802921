"""What a caller's steps amount to: one call, which begins before anything is done on its line."""

from ivr.reading import YamlNode
from ivr.scenario.steps import (
    AnsweredStep,
    Dial,
    EndedStep,
    HangUpStep,
    Hear,
    In,
    NotHear,
    PlayStep,
    Press,
    RefusedStep,
    RungStep,
    SayStep,
    Step,
    TransferredStep,
    Wait,
)

_ON_THE_LINE = (Press | PlayStep | SayStep | Hear | NotHear | In | AnsweredStep | EndedStep | RefusedStep
                | TransferredStep)


def one_call(name: str, node: YamlNode, steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Return a caller's steps, with `dial` before the first that needs a line if he does not say it.

    Raises
    ------
    BadFile
        If they are not those of one call.
    """
    if not any(isinstance(step, Dial | RungStep | _ON_THE_LINE) for step in steps):
        raise node.error(f"{name} never dials: add the step 'dial'")
    if not isinstance(next(s for s in steps if not isinstance(s, Wait)), Dial | HangUpStep | RungStep):
        at = next(i for i, step in enumerate(steps) if isinstance(step, _ON_THE_LINE))
        steps = (*steps[:at], Dial(line=steps[at].line, said="dial"), *steps[at:])
    on_the_line = False
    for step in steps:
        here = node.elsewhere(step.line)
        if isinstance(step, Dial | RungStep) and on_the_line:
            raise here.error(f"{name} dials twice: let him hang up first, or name a second caller")
        if isinstance(step, HangUpStep) and not on_the_line:
            raise here.error(f"{name} hangs up before he has dialled")
        on_the_line = _begins(step) or (on_the_line and not isinstance(step, HangUpStep))
        if isinstance(step, _ON_THE_LINE) and not on_the_line:
            raise here.error(f"{name} has hung up before this step")
    if again := [step for step in steps if _begins(step)][1:]:
        raise node.elsewhere(again[0].line).error(f"{name} dials twice: name a second caller for the second call")
    return steps


def _begins(step: Step) -> bool:
    """Tell whether a call begins with this step."""
    return isinstance(step, Dial) or (isinstance(step, RungStep) and step.word == "answers")
