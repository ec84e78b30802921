"""Hears and makes the 16 keys of a telephone.

>>> import dtmf
>>> dtmf.digits(dtmf.decode(dtmf.encode("1234#"), 8000))
'1234#'
"""

import importlib
from typing import TYPE_CHECKING

from dtmf.errors import AudioError, BreakError, DigitError, DtmfError, LevelError, RateError, ShapeError
from dtmf.keys import KEYS, frequencies

if TYPE_CHECKING:
    from dtmf.compiled import is_ready
    from dtmf.detector import Detector, DigitEnded, DigitHeard
    from dtmf.listen import decode_file
    from dtmf.making import encode
    from dtmf.recording import Tone, decode, digits, prepare

__all__ = [
    "KEYS",
    "AudioError",
    "BreakError",
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
    "decode_file",
    "digits",
    "encode",
    "frequencies",
    "is_ready",
    "prepare",
]

_LATER = {
    "decode_file": "listen",
    "encode": "making",
    "is_ready": "compiled",
    **dict.fromkeys(("Detector", "DigitEnded", "DigitHeard"), "detector"),
    **dict.fromkeys(("Tone", "decode", "digits", "prepare"), "recording"),
}


def __getattr__(name: str) -> object:
    # Numba takes a quarter of a second to import, NumPy a tenth: help and errors do without, and Ctrl-C in that
    # time is the command's to answer.
    if name not in _LATER:
        raise AttributeError(f"module 'dtmf' has no attribute {name!r}")
    value: object = getattr(importlib.import_module(f"dtmf.{_LATER[name]}"), name)
    globals()[name] = value
    return value
