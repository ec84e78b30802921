"""Agents of stories, by where they are."""

import time
from contextlib import ExitStack

from ivr.lines.adapter import BadAgent, InProcess, agent_of
from ivr.scenario.leading import CODE, STREAM, Agent, AgentAt, NoAgent
from ivr.scenario.target import target


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
    return _streamed(at.where) if at.way == STREAM else _rung(at.where)


def _streamed(url: str) -> Agent:
    from ivr.lines.streams.agents import StreamAgent, Unreachable

    try:
        return StreamAgent(url)
    except Unreachable as error:
        raise NoAgent(str(error), error.exit_code) from None


def _rung(uri: str) -> Agent:
    from ivr.cli.dialling import network_to, reached
    from ivr.lines.sip import preparing
    from ivr.lines.sip.agents import RungAgent
    from ivr.lines.sip.phones import SipPhones
    from ivr.lines.sip.sockets import NetworkError

    where = target(uri)
    with ExitStack() as opened:
        try:
            to = reached(where, "")
            network = network_to(to, "", "20000-29999", name=where.host)
        except NetworkError as error:
            raise NoAgent(f"the agent {uri} cannot be reached: {error}", error.exit_code) from None
        opened.callback(network.close)
        preparing.prepare()
        phones = SipPhones(network, where.uri, to, clock=time.perf_counter)
        return RungAgent(phones, opened.pop_all().close)
