"""Agents of stories, by where they are."""

from ivr.lines.adapter import BadAgent, InProcess, agent_of
from ivr.scenario.leading import CODE, Agent, AgentAt, NoAgent


def agent(at: AgentAt) -> Agent:
    """Return who leads a line.

    Raises
    ------
    NoAgent
        If he is not there.
    """
    if at.way == CODE:
        try:
            return InProcess(agent_of(at.where, path=at.path, module=at.module))
        except BadAgent as error:
            raise NoAgent(str(error)) from None
    raise NoAgent(f"{at.where} cannot be put on a line", 3)
