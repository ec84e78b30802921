"""Codecs; G.711 by tables."""

import numpy as np
from numpy.typing import NDArray

CODECS = ("PCMU", "PCMA", "G722")
"""Those of a table, and G.722, which has a memory (`g722`)."""

LINEAR = len(CODECS)
"""The index of samples as they are, in network order (L16, RFC 3551 4.5.11): no telephone is offered it."""


def _decoded() -> NDArray[np.int16]:
    byte = np.arange(256)
    u = ~byte & 255
    loud = (((u & 15) << 3) + 132 << (u >> 4 & 7)) - 132
    mu = np.where(u & 128, -loud, loud)
    a = byte ^ 0x55
    chord, step = a >> 4 & 7, a & 15
    loud = np.where(chord == 0, (step << 4) + 8, (step << 4) + 264 << np.maximum(chord - 1, 0))
    return np.stack([mu, np.where(a & 128, loud, -loud)]).astype(np.int16)


DECODED = _decoded()
"""The sample of each byte. int16 array [shape=(2, 256)], by codec."""


def _encoded() -> NDArray[np.uint8]:
    """Return the nearest byte of each sample; of two as near the upper, of two zeros the positive."""
    samples = np.arange(-32_768, 32_768)
    tables = []
    for decoded in DECODED.astype(np.int64):
        order = np.argsort(decoded, kind="stable")[::-1]
        order = order[np.unique(decoded[order], return_index=True)[1]]  # ascending, the later of two zeros
        values = decoded[order]
        nearest = order[np.searchsorted((values[:-1] + values[1:]) / 2, samples, side="right")]
        tables.append(np.roll(nearest, 32_768))  # looked up by the sample's bits
    return np.stack(tables).astype(np.uint8)


ENCODED = _encoded()
"""The byte of each sample, by its bits as uint16. uint8 array [shape=(2, 65536)], by codec."""
