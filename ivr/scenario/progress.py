"""Steps that wait for how a call goes: answered, ended, refused, handed over."""

from dataclasses import dataclass

from ivr.scenario.steps import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredStep(Step):
    """Wait until the call is answered."""

    within: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedStep(Step):
    """Wait until the other side has hung up."""

    within: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedStep(Step):
    """Wait until the call is refused; with this code, if one is named: 0 is any."""

    code: int
    within: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferredStep(Step):
    """Wait until the other side hands the call over (RFC 3515), to whom this text is part of."""

    to: str
    within: int
