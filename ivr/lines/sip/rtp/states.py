"""What is remembered of each call's sound, as rows of records; a call of nothing but zeros is none."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ivr.lines.sip.rtp.g722 import SIZE as ADAPTIVE

Call = Any
"""A row, whose fields are attributes where it is compiled."""

Calls = NDArray[np.void]

RECEIVED = np.dtype(
    [
        ("playing", np.bool_),  # whether there is a call
        ("codec", np.int64),  # index of CODECS, or LINEAR
        ("payload", np.int64),  # payload types: of its sound,
        ("others", np.int64, (3,)),  # of what it may change to, by codec, -1 for none,
        ("events", np.int64),  # of keys, -1 if none can come so,
        ("noise", np.int64),  # and of comfort noise
        ("host", np.uint8, (16,)),  # where it comes from, as `Packets` has it
        ("port", np.int64),
        ("learnt", np.bool_),  # whether anything has come from there,
        ("heard_at", np.int64),  # and when the last did
        ("started", np.bool_),  # whether sound has come; all that follows is about it
        ("source", np.int64),
        ("cursor", np.int64),  # the timestamp of what is played next,
        ("played", np.int64),  # and of what comes after the last that was
        ("most", np.int64),  # how far the packets of a while are ahead of that, at most
        ("least", np.int64),  # and at least
        ("newest", np.int64),  # the newest sequence number,
        ("seen", np.int64),  # and which of those before it came: bits, the lowest is its own
        ("behind", np.int64),  # packets in turn that came too late
        ("pause", np.int64),  # frames to be held back where it is quiet
        ("shrink", np.bool_),  # whether 20 ms may be left out where it is quiet
        ("waits", np.int64),  # for how long it has waited for that
        ("calm", np.bool_),  # whether who sends has said that he is silent,
        ("calm_at", np.int64),  # and from where on
        ("adaptive", np.int64, (ADAPTIVE,)),  # of a codec that has a memory
        ("counts_of", np.int64),  # whose packets are counted by their numbers: from the first
        ("base", np.int64),
        ("top", np.int64),  # to the highest, with how often they have wrapped,
        ("counted", np.int64),  # so many came;
        ("expected_before", np.int64),  # of others before him there should have been so many,
        ("counted_before", np.int64),  # and so many came
        ("transit", np.int64),  # when the last sound came, less its timestamp,
        ("jitter", np.float64),  # and how much that differs
        ("began_at", np.int64),  # when the first packet came,
        ("came_at", np.int64),  # and the last one; 0 before any, and after a new agreement;
        ("gap", np.int64),  # the longest time between two
        ("received", np.int64),  # counted: packets that came,
        ("late", np.int64),  # too late to be played,
        ("doubled", np.int64),  # twice,
        ("unknown", np.int64),  # of no known kind,
        ("repeated", np.int64),  # that say the end of a key once more (RFC 4733 2.5.1.4),
        ("ended", np.int64),  # the timestamp, and 1, of the key whose end was said last,
        ("strange", np.int64),  # from somewhere else,
        ("forged", np.int64),  # not by who has the key;
        ("missed", np.int64),  # frames of which something did not come
    ],
    align=True,
)

SENT = np.dtype(
    [
        ("playing", np.bool_),
        ("sends", np.bool_),  # whether anything may go
        ("keys", np.bool_),  # whether keys go instead of sound in this tick
        ("codec", np.int64),
        ("payload", np.int64),
        ("length", np.int64),  # samples of a packet
        ("source", np.int64),
        ("number", np.int64),  # of the last packet
        ("stamp", np.int64),  # of the next frame
        ("fresh", np.bool_),  # whether the next packet is the first after a silence, and has the marker
        ("left", np.int64),  # bytes that do not fill a packet yet
        ("bytes", np.uint8, (480,)),
        ("adaptive", np.int64, (ADAPTIVE,)),
        ("packets", np.int64),  # counted, and the bytes of their payload
        ("octets", np.int64),
    ],
    align=True,
)
