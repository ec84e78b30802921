"""IP addresses, as the system has them and as packets have them."""

import ipaddress
import socket
import struct

import numpy as np
from numpy.typing import NDArray

HOST = 16


def host_bytes(host: str) -> bytes:
    """Return an IP address as `Packets` has it: of IPv4 four bytes and zeros."""
    return ipaddress.ip_address(host.partition("%")[0]).packed.ljust(HOST, b"\0")


def host_of(data: NDArray[np.uint8] | bytes, *, v6: bool) -> str:
    """Return the IP address that such bytes are."""
    raw = bytes(data)
    return str(ipaddress.IPv6Address(raw) if v6 else ipaddress.IPv4Address(raw[:4]))


def name_of(host: str, port: int) -> bytes:
    """Return an address as Linux has it."""
    address = ipaddress.ip_address(host.partition("%")[0])
    if address.version == 4:
        return struct.pack("=H", socket.AF_INET) + struct.pack("!H4s8x", port, address.packed)
    return struct.pack("=H", socket.AF_INET6) + struct.pack("!HI16sI", port, 0, address.packed, 0)
