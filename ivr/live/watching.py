"""Watches one call beside the bridge: keys and their measure, the prompt, the level, where the caller is."""

import math
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from dtmf import DigitEnded, DigitHeard
from dtmf.keys import FULL_SCALE_DBM0
from ivr.clock import FRAME, RATE
from ivr.engine.call import Call
from ivr.journal import MASK, Entry
from ivr.live.happenings import HIDDEN, CallView, Happening, Key, KeyDown, KeyUp, Saying

_KEPT_KEYS = 24
_LEVEL_FRAMES = 5


class Watched:
    """What is to be seen of one call.

    A digit is shown while an entry for a conference ID is open, and from then on only if the journal shows it.

    Parameters
    ----------
    call : Call

    Attributes
    ----------
    where : str
        "lobby", "meeting", or empty.
    """

    def __init__(self, call: Call) -> None:
        self.call = call
        self._powers: deque[float] = deque([0.0] * _LEVEL_FRAMES, maxlen=_LEVEL_FRAMES)
        self._until = call.dialled_at
        self._keys: deque[tuple[int, Key]] = deque(maxlen=_KEPT_KEYS)
        self._prompt = self._text = ""
        self._since = call.dialled_at
        self.where = self._meeting = self._role = ""
        self._music = False
        self._noted_at = call.dialled_at
        self._hidden = call.hidden

    def took(self, frame: NDArray[np.int16], until: int) -> None:
        """Take what the caller has said in the tick that ended at sample `until`."""
        self._powers.append(float(np.square(frame.astype(np.float64)).mean()))
        self._until = until

    def key(self, told: DigitHeard | DigitEnded) -> Happening:
        """Take what the decoder has told of this call in the tick just done."""
        if isinstance(told, DigitHeard):
            at = max(self.call.dialled_at + told.at, self._until - FRAME)
            shown = self._shown(told.digit)
            if told.digit == "*" or self.call.hidden:
                self._hide()  # what counts no more, or is too long for an ID, may have been a PIN
            self._keys.append((told.start, Key(shown, at)))
            return KeyDown(at, self.call.serial, self.call.caller, shown)
        level, twist = told.level_dbm0, told.twist_db
        for n, (start, key) in enumerate(self._keys):
            if start == told.start:
                self._keys[n] = (start, replace(key, level_dbm0=level, twist_db=twist))
        return KeyUp(self.call.dialled_at + told.end, self.call.serial, self.call.caller, self._shown(told.digit),
                     level, twist, (told.end - told.start) * 1000 / RATE)

    def _shown(self, digit: str) -> str:
        secret = digit.isdigit() and (self._hidden or self.call.hidden)
        return HIDDEN if secret else digit

    def note(self, entry: Entry) -> None:
        """Take an entry of the journal that is about this call."""
        facts = entry.facts
        self._noted_at = entry.at
        match entry.event:
            case "state":
                self._since = entry.at
                if self.call.hidden:
                    self._hide()
            case "entered":
                self._hide()
                self._reveal(str(facts["digits"]), facts.get("keys_at", ()))
            case "refused" if facts["reason"] != "unknown":
                self._hide()
            case "lobby":
                self.where, self._meeting = "lobby", str(facts["meeting"])
            case "joined":
                self.where, self._role = "meeting", str(facts["role"])
                self._meeting = str(facts.get("started_as", facts["meeting"]))
            case "promoted":
                self._role = str(facts["role"])
            case "left":
                self.where = self._meeting = self._role = ""
            case "music":
                self._music = facts["what"] == "starts"

    def _hide(self) -> None:
        for n, (start, key) in enumerate(self._keys):
            if key.key.isdigit() and not key.told:
                self._keys[n] = (start, replace(key, key=HIDDEN))

    def _reveal(self, digits: str, moments: Sequence[int]) -> None:
        told = dict(zip(moments, digits, strict=False)) if digits != MASK else {}
        for n, (start, key) in enumerate(self._keys):
            if key.at in told:
                self._keys[n] = (start, replace(key, key=told[key.at], told=True))

    def said(self, prompt: str, words: Callable[[Call], str]) -> Iterator[Happening]:
        """Take the name of the prompt that is being said at the end of a tick; `words` gives its text."""
        if prompt != self._prompt:
            self._prompt, self._text = prompt, words(self.call) if prompt else ""
            at = max(self._until - FRAME, self._noted_at)
            yield Saying(at, self.call.serial, self.call.caller, prompt, self._text)
        self._hidden = self.call.hidden

    def view(self) -> CallView:
        """Return how the call stands."""
        power = sum(self._powers) / len(self._powers)
        level = 10 * math.log10(power / (32768 ** 2 / 2)) + FULL_SCALE_DBM0 if power else -math.inf
        return CallView(self.call.serial, self.call.caller, self.call.state, self._since, self.where,
                        self._meeting, self._role, self._prompt, self._text, self._music, level,
                        tuple(key for _, key in self._keys))
