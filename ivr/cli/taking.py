"""What `ivr load --listen` needs: the story as those play it who are called, and telephones that can be called."""

import ipaddress
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ivr.cli.addresses import address, ports
from ivr.cli.call import CallOptions, story_of
from ivr.cli.faults import UsageError
from ivr.cli.kit import warm_up
from ivr.lines.sip.phones import SipPhones
from ivr.lines.sip.sockets import Network
from ivr.scenario.foreign.crowd import called
from ivr.scenario.progress import RefusedStep
from ivr.scenario.steps import Dial, RungStep, Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class ListeningAt:
    """Where to be called, instead of calling.

    Attributes
    ----------
    where : str
        HOST:PORT; empty to call.
    is_open : bool
        Whether anybody may call who reaches it.
    """

    where: str = ""
    is_open: bool = False


def called_story(words: list[str], options: CallOptions, listening: ListeningAt) -> tuple[Scenario, Path]:
    """Return the story that words name, as those play it who are called, and its file.

    Raises
    ------
    UsageError
        If words and options cannot be meant, or nobody in it can be called.
    """
    dials = options.dials
    for name, given in (("--from", dials.from_), ("--auth", dials.auth), ("--password-file", dials.password_file),
                        ("--local", dials.local), ("--srtp", dials.srtp), ("--sip-ca", dials.sip_ca)):
        if given:
            raise UsageError(f"{name} is for who calls, and --listen waits to be called: leave one of them out")
    if uri := next((word for word in words if word.lower().startswith(("sip:", "sips:"))), ""):
        raise UsageError(f"{uri} would be called, and --listen waits to be called: leave one of them out")
    host, port = address(listening.where, is_open=listening.is_open, option="--listen", instead="")
    scenario, path = story_of([f"sip:{_host(host)}:{port or 5060}", *words], options, rung=True)
    for caller in scenario.callers:
        for step in caller.steps:
            if isinstance(step, RefusedStep):
                raise UsageError(f"{path}, line {step.line}: the step 'refused' is for who calls; to refuse a call "
                                 "write 'busy: NUMBER'")
        if not any(isinstance(step, Dial | RungStep) for step in caller.steps):
            raise UsageError(f"{path}: {caller.name} is never called: begin with 'dial', or 'answers: NUMBER'")
    return called(scenario), path


@contextmanager
def telephones_called(options: CallOptions, listening: ListeningAt) -> Iterator[SipPhones]:
    """Give telephones that can be called; in the end everybody has hung up.

    Raises
    ------
    NetworkError
        If nothing can be listened at here.
    """
    host, port = address(listening.where, is_open=listening.is_open, option="--listen", instead="")
    network = Network(host, port, ports(options.dials.rtp_ports), timed=True, option="--listen")
    try:
        warm_up(network=True)
        phones = SipPhones(network, lambda _: "", network.here, clock=time.perf_counter)
        yield phones
        phones.close()
    finally:
        network.close()


def _host(host: str) -> str:
    return f"[{host}]" if ipaddress.ip_address(host).version == 6 else host
