"""Encrypted sound (SRTP, RFC 3711), by libsrtp where it is installed: the extra `[srtp]`."""

from contextlib import suppress
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ivr.lines.sip.rtp.batch import Packets, put, taken_from
from ivr.lines.sip.sdes import SUITES, Secrets

_MOST = 8
"""Senders within a call that are remembered: each may begin anew with a number of its own, and takes memory."""

_TWICE = "replay"

_CONTROL = range(192, 224)
"""The second byte of reports (RFC 5761 4)."""


def is_there() -> bool:
    """Tell whether sound can be encrypted here; what that needs is loaded now, and not amid a call."""
    with suppress(ImportError):
        return import_module("pylibsrtp") is not None
    return False


class _Opener:
    """What decrypts, of one key."""

    def __init__(self, suite: str, key: bytes) -> None:
        self._session = _session(suite, key, sends=False)
        self._sources: dict[bytes, None] = {}

    def open(self, data: bytes) -> bytes:
        """Return a packet decrypted.

        Raises
        ------
        pylibsrtp.Error
            If it is not by who has the key, or came before.
        """
        if data[1:2] and data[1] in _CONTROL:
            return bytes(self._session.unprotect_rtcp(data))
        opened = bytes(self._session.unprotect(data))
        source = data[8:12]
        if source not in self._sources:
            self._sources[source] = None
            if len(self._sources) > _MOST:
                oldest = next(iter(self._sources))
                del self._sources[oldest]
                self._session.remove_stream(int.from_bytes(oldest))
        return opened


@dataclass(slots=True)
class _Call:
    secrets: Secrets
    sends: Any = field(repr=False)
    receives: _Opener = field(repr=False)


class Securing:
    """The encryption of all calls that have any."""

    def __init__(self) -> None:
        self._calls: dict[int, _Call] = {}

    def begin(self, row: int, secrets: Secrets | None) -> None:
        """Have a call's sound encrypted from now on, otherwise, or not at all; keys that stay go on counting."""
        before = self._calls.pop(row, None)
        if secrets is None:
            return
        sends = receives = None
        if before is not None and before.secrets.suite == secrets.suite:
            sends = before.sends if before.secrets.ours == secrets.ours else None
            receives = before.receives if before.secrets.theirs == secrets.theirs else None
        self._calls[row] = _Call(secrets, sends or _session(secrets.suite, secrets.ours, sends=True),
                                 receives or _Opener(secrets.suite, secrets.theirs))

    def end(self, row: int) -> None:
        """Have no call in a row any more."""
        self._calls.pop(row, None)

    def open(self, packets: Packets, calls: NDArray[np.void]) -> None:
        """Decrypt what came; what is not by who has the key is nothing any more, and counted.

        Parameters
        ----------
        calls : array of `RECEIVED` [shape=(rows,)]
        """
        for place, row in enumerate(packets.row.tolist() if self._calls else ()):
            if call := self._calls.get(row):
                try:
                    put(packets, place, row, call.receives.open(taken_from(packets, place)))
                except (_errors(), ValueError) as error:
                    packets.length[place] = 0
                    calls["doubled" if _TWICE in str(error) else "forged"][row] += 1

    def open_report(self, row: int, data: bytes) -> bytes:
        """Return a report decrypted; nothing of it if it is not by who has the key."""
        call = self._calls.get(row)
        if call is None:
            return data
        try:
            return call.receives.open(data) if data[1:2] and data[1] in _CONTROL else b""
        except (_errors(), ValueError):
            return b""

    def close_report(self, row: int, data: bytes) -> bytes:
        """Return a report encrypted, if its call is."""
        call = self._calls.get(row)
        return bytes(call.sends.protect_rtcp(data)) if call else data

    def close(self, packets: Packets) -> None:
        """Encrypt what goes."""
        for place, row in enumerate(packets.row.tolist() if self._calls else ()):
            if call := self._calls.get(row):
                put(packets, place, row, call.sends.protect(taken_from(packets, place)))


def _errors() -> type[Exception]:
    from pylibsrtp import Error

    return Error


def _session(suite: str, key: bytes, *, sends: bool) -> Any:  # noqa: ANN401
    from pylibsrtp import Policy, Session

    profiles = dict(zip(SUITES, (Policy.SRTP_PROFILE_AES128_CM_SHA1_80, Policy.SRTP_PROFILE_AES128_CM_SHA1_32),
                        strict=True))
    return Session(Policy(key=key, ssrc_type=Policy.SSRC_ANY_OUTBOUND if sends else Policy.SSRC_ANY_INBOUND,
                          srtp_profile=profiles[suite]))
