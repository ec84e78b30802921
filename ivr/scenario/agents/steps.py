"""What is expected of an agent, step by step."""

from dataclasses import dataclass, field

from ivr.scenario.steps import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Presses(Step):
    """Wait until these keys come, and no others before them; they may hold placeholders."""

    keys: str = field(repr=False)
    within: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Replies(Step):
    """Wait until he speaks or presses, so many samples at most after the bridge has last said something."""

    limit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Yields(Step):
    """Wait until the bridge speaks while he does; then he is silent so many samples later at most."""

    limit: int
    within: int


OfAgent = Presses | Replies | Yields
