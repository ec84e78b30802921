"""Hears and makes the 16 keys of a telephone.

>>> import dtmf
>>> dtmf.digits(dtmf.decode(dtmf.encode("1234#"), 8000))
'1234#'
"""

from dtmf.compiled import is_ready
from dtmf.decode import Tone, decode, digits, prepare
from dtmf.detector import Detector, DigitEnded, DigitHeard
from dtmf.encode import encode
from dtmf.errors import AudioError, DigitError, DtmfError, LevelError, RateError, ShapeError
from dtmf.keys import KEYS, frequencies

__all__ = [
    "KEYS",
    "AudioError",
    "Detector",
    "DigitEnded",
    "DigitError",
    "DigitHeard",
    "DtmfError",
    "LevelError",
    "RateError",
    "ShapeError",
    "Tone",
    "decode",
    "digits",
    "encode",
    "frequencies",
    "is_ready",
    "prepare",
]
