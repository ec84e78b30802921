"""Having compiled what carries sound before a call needs it."""

from pathlib import Path

import numpy as np

from dtmf.compiled import is_kept
from ivr.lines.sip import rtp
from ivr.lines.sip.datagrams import linux
from ivr.lines.sip.rtp import g722
from ivr.lines.sip.rtp.batch import room_for
from ivr.lines.sip.rtp.receiving import Receiving
from ivr.lines.sip.rtp.sending import RtpSender

_KEPT = 5
"""Functions of `rtp` that are kept."""


def is_ready() -> bool:
    """Tell whether it is compiled: if not, the first call takes some ten seconds."""
    return is_kept(Path(rtp.__file__).parent, _KEPT)


def prepare() -> None:
    """Have it compiled, or loaded if it was before."""
    receiving, rows = Receiving(), np.zeros((0, 160), np.int16)
    packets = room_for(0)
    receiving.take(packets, receiving.sort(packets, 0))
    receiving.play(rows)
    RtpSender(lambda: 0).packets(rows)
    g722.pass_through(np.stack([g722.FRESH, g722.FRESH]), np.zeros(0, np.int16))
    if linux.READY:
        none = np.zeros(0, np.int64)
        linux.receive(none, 0, 1, 0, linux.beside(), packets)
        linux.send(none, np.zeros((0, linux.NAME), np.uint8), none, packets)
