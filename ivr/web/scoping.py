"""The scope of a page: columns of a spectrogram as it runs, keys as the ear takes them, what is almost a key."""

import base64

import numpy as np
from numpy.typing import NDArray

from dtmf.explain import near_misses
from ivr.clock import RATE, samples, seconds
from ivr.live.scope import HeardKey, Scope, ScopeStretch, StretchKind
from ivr.report.spectrogram import HOP, LOUDEST, ROWS, levels_of
from ivr.web.messages import Message, rounded

_AROUND = 4 * HOP
"""Samples beside a column that it is made of."""

_LOOKED = samples(0.5)
"""How much sound is looked through for what is almost a key, and how much of the last once more."""


class Scoping:
    """Makes messages of what a scope lets out."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self._at = 0
        self._sound: NDArray[np.int16] = np.zeros(0, np.int16)
        self._heard_at = 0
        self._open: NDArray[np.int16] = np.zeros(0, np.int16)
        self._missed_until = 0

    def messages(self) -> list[Message]:
        """Return what there is to be told."""
        told: list[Message] = []
        hidden: list[list[float]] = []
        heard: list[Message] = []
        for piece in self.scope.taken():
            if isinstance(piece, HeardKey):
                heard.append(_key(piece))
            elif piece.at < self._at + len(self._sound) and len(self._sound):
                columns = levels_of(piece.sound)[:, :len(piece.sound) // HOP]
                span = [seconds(piece.at), seconds(piece.at + len(piece.sound))]
                told.append({**self._columns(piece.at, columns), "shown": [span]})
            else:
                if piece.kind is StretchKind.HIDDEN:
                    _lengthen(hidden, seconds(piece.at), seconds(piece.at + len(piece.sound)))
                self._take(piece)
                heard += self._near(piece)
        first, columns = self._new_columns()
        if columns.shape[1] or heard:
            told.append({**self._columns(first, columns), "hidden": hidden, "heard": heard})
        if self.scope.over:
            told.append({"type": "scope", "call": self.scope.call, "over": True})
        return told

    def _take(self, piece: ScopeStretch) -> None:
        if not len(self._sound) or piece.at != self._at + len(self._sound):
            self._at = piece.at - _AROUND  # what was before is not known
            self._sound = np.zeros(_AROUND, np.int16)
        self._sound = np.concatenate([self._sound, piece.sound])

    def _new_columns(self) -> tuple[int, NDArray[np.uint8]]:
        count = (len(self._sound) - 2 * _AROUND) // HOP
        first = self._at + _AROUND
        if count <= 0:
            return first, np.zeros((ROWS, 0), np.uint8)
        used = self._sound[:2 * _AROUND + count * HOP]
        columns = levels_of(used)[:, _AROUND // HOP:_AROUND // HOP + count]
        self._sound, self._at = self._sound[count * HOP:], self._at + count * HOP
        return first, columns

    def _near(self, piece: ScopeStretch) -> list[Message]:
        """Return what is almost a key, of sound that may be shown as it is."""
        sound = piece.sound if piece.kind is StretchKind.SOUND else np.zeros(len(piece.sound), np.int16)
        if piece.at != self._heard_at + len(self._open):
            self._heard_at, self._open = piece.at, sound
        else:
            self._open = np.concatenate([self._open, sound])
        if len(self._open) < 2 * _LOOKED:
            return []
        looked, at = self._open, self._heard_at
        self._open, self._heard_at = looked[_LOOKED:], at + _LOOKED
        if not looked.any():
            return []
        told = []
        for miss in near_misses(looked, RATE):
            began, ended = at + miss.start, at + miss.end
            whole = miss.end < len(looked) - HOP and began >= self._missed_until
            if whole and miss.start > 0:
                self._missed_until = ended
                looks = miss.looks
                told.append(_marked(miss.digit, began, ended, looks.level_dbm0, looks.twist_db)
                            | {"missed": miss.reasons[0].kind, "why": list(miss.why)})
        return told

    def _columns(self, at: int, columns: NDArray[np.uint8]) -> Message:
        loudness = (columns[::-1].astype(np.uint16) * 255 // LOUDEST).astype(np.uint8)
        return {"type": "scope", "call": self.scope.call, "from": seconds(at),
                "at": seconds(at + columns.shape[1] * HOP), "step": HOP / RATE, "bands": ROWS,
                "columns": base64.b64encode(loudness.tobytes()).decode()}


def _key(heard: HeardKey) -> Message:
    measure = heard.measure
    return _marked(heard.key, heard.began_at, heard.ended_at, measure.level_dbm0, measure.twist_db)


def _marked(key: str, began: int, ended: int, level_dbm0: float, twist_db: float) -> Message:
    return {"key": key, "at": seconds(began), "until": seconds(ended), "level_dbm0": rounded(level_dbm0),
            "twist_db": rounded(twist_db)}


def _lengthen(spans: list[list[float]], began: float, ended: float) -> None:
    if spans and spans[-1][1] >= began:
        spans[-1][1] = ended
    else:
        spans.append([began, ended])
