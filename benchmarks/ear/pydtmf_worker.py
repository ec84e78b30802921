"""PyDTMF in a Python of its own: lines of samples in, a line of digits for each out.

A line comes as its count of samples (a little-endian int32) and the samples (int16).
"""

import array
import struct
import sys

from PyDTMF import from_pcm  # type: ignore[import-not-found]

while head := sys.stdin.buffer.read(4):
    samples = array.array("h", sys.stdin.buffer.read(2 * struct.unpack("<i", head)[0]))
    print(from_pcm(list(samples), 8000)[0], flush=True)
