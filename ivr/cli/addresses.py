"""Addresses and ports as options name them."""

import ipaddress
import re
from collections.abc import Mapping
from itertools import combinations

from ivr.cli.faults import UsageError

_ADDRESS = re.compile(r"(?:\[([0-9a-fA-F:.]+)\]|([0-9.]+))(?::([0-9]{1,5}))?")
_PORTS = re.compile(r"([0-9]{1,5})-([0-9]{1,5})")
_USUAL, _LOWEST, _HIGHEST = 5060, 1024, 65_535


def address(text: str, *, is_open: bool, option: str = "--sip", usual: int = _USUAL,
            instead: str = "--users FILE") -> tuple[str, int]:
    """Return the address and port to listen at, as an option names it.

    Parameters
    ----------
    is_open : bool
        Whether others than this machine may reach it.
    instead : str
        The option by which somebody is asked who he is; empty if there is none.

    Raises
    ------
    UsageError
        If it is none, or others than this machine would reach it and nobody is asked who he is.
    """
    found = _ADDRESS.fullmatch(text)
    try:
        host = ipaddress.ip_address((found[1] or found[2]) if found else "")
    except ValueError:
        raise UsageError(f"{option} {text} is no address: take an IP address and a port, as in 127.0.0.1:5060 or "
                         "[::1]:5060") from None
    port = int(found[3]) if found and found[3] else usual
    if port > _HIGHEST:
        raise UsageError(f"{option} {text} has no port: take 1 to {_HIGHEST}, or 0 for any")
    if not host.is_loopback and not is_open:
        raise UsageError(f"{option} {text} can be called by others than this machine, and nobody is asked who he "
                         f"is: add {f'{instead}, or ' if instead else ''}--open if anybody may")
    return str(host), port


def apart(places: Mapping[str, tuple[str, int]]) -> None:
    """See that no two options name one place to listen at.

    Parameters
    ----------
    places : mapping of str to address and port
        By option.

    Raises
    ------
    UsageError
        If two do.
    """
    for (one, (host, port)), (other, (its_host, its_port)) in combinations(places.items(), 2):
        hosts = {ipaddress.ip_address(host), ipaddress.ip_address(its_host)}
        of_all = any(each.is_unspecified for each in hosts) and len({each.version for each in hosts}) == 1
        if port and port == its_port and (len(hosts) == 1 or of_all):
            raise UsageError(f"{one} and {other} both listen at port {port}: give each a port of its own")


def ports(text: str) -> range:
    """Return the ports for sound.

    Raises
    ------
    UsageError
        If they are none.
    """
    found = _PORTS.fullmatch(text)
    first, last = (int(found[1]), int(found[2])) if found else (0, 0)
    if not _LOWEST <= first < last <= _HIGHEST:
        raise UsageError(f"--rtp-ports {text} are no ports: take two between {_LOWEST} and {_HIGHEST}, as in "
                         "20000-29999")
    return range(first, last + 1)
