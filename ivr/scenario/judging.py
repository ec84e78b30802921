"""What is judged in the end of the prompts that a caller has heard."""

import math
from collections.abc import Callable, Iterator
from dataclasses import replace

from ivr.clock import samples, seconds
from ivr.scenario.hearing import CallerEar
from ivr.scenario.loudness import not_at
from ivr.scenario.others import Others
from ivr.scenario.sounds import HoldMusic, Match, PromptSound, VoiceSound
from ivr.scenario.steps import Hear
from ivr.scenario.wholeness import OFF_DB, HowHeard

_NEVER = samples(1e6)
_TO_ITS_END = "it was said to its end"
_BY_NOTHING = "nothing had cut it when the story was over"
_THERE = samples(0.5), samples(2.5)
"""From where to where, after music broke off, it is told what was heard: it sounds on in the first half second."""
_A_LITTLE = samples(0.5)
"""What is heard of a prompt before a step is over, at least."""


class Judge:
    """Keeps which prompts were heard, and what may have cut them short; moments are of the run's clock."""

    def __init__(self) -> None:
        self._heard: list[tuple[Hear, PromptSound, int]] = []
        self._cuts: list[int] = []
        self._words: list[int] = []
        self._voices: list[tuple[Hear, Match]] = []

    def heard(self, step: Hear, start: int) -> None:
        """Take what a step has heard, if it is a prompt of which more is to be judged than its beginning."""
        if isinstance(step.sound, PromptSound) and (not step.begins or step.same_tick or step.level):
            self._heard.append((step, step.sound, start))

    def presses(self, *begins: int) -> None:
        """Take it that keys of the caller go down."""
        self._cuts += begins

    def speaks(self, begin: int) -> None:
        """Take it that the caller speaks: that may cut short what is said too, but seldom does."""
        self._words.append(begin)

    def other(self, ear: CallerEar, step: Hear, match: Match, heard: Callable[[int, int], str], *, judges: bool
              ) -> str:
        """Say what is wrong with what a step has heard that is no prompt: where it goes on, and how loud it is.

        Parameters
        ----------
        heard : callable
            Says what was heard between two moments, for where music broke off.
        judges : bool
            Whether sound has to come as it was sent.
        """
        if isinstance(step.sound, PromptSound):
            return ""
        end = max(match.start + step.lasting, match.at)
        if isinstance(step.sound, HoldMusic) and (judges or step.lasting):
            told = (ear.judge_music(match.start, end, OFF_DB if step.level is None else math.inf) if judges
                    else ear.plays_on(match.start, end))
            if told.wrong:
                return f"{told.wrong}, at {seconds(told.until):.1f} s{_there(told, heard)}"
        if step.level is None:
            return ""
        if isinstance(step.sound, VoiceSound):  # how loud he speaks is known when he has said all
            self._voices.append((step, match))
            return ""
        return not_at(ear.level(step.sound, match.start, end), step.level)

    def hung_up(self, at: int) -> None:
        """Take it that the caller has hung up."""
        self._cuts.append(at)

    def judged(self, ear: CallerEar, others: Others, until: int | None, *, asked: bool = False, late: int = 0
               ) -> Iterator[tuple[Hear, HowHeard]]:
        """Tell which steps are not as they should be, and why.

        Parameters
        ----------
        until : int, optional
            The end of the story, if he is on the line; None if the other side has ended his call.
        asked : bool
            Leave out prompts of which the story says nothing: on a bad line they need not be whole.
        late : int
            By how many samples his line may be late: a key that is on its way may still cut what begins.
        """
        yield from self._voices_not_so_loud(ear)
        begun = [start for *_, start in self._heard]
        for step, sound, start in self._heard:
            if asked and not (sound.whole or step.cut or step.same_tick or step.level):
                continue
            limit = start if step.begins else min(self._cut(start, late), _NEVER if until is None else until)
            off_db = OFF_DB if step.level is None else math.inf
            told = ear.judge(sound, start, limit, begun, off_db)
            if told.wrong and (words := min((at for at in self._words if at >= start), default=limit)) < limit:
                told = ear.judge(sound, start, words, begun, off_db)
            if step.cut and not told.wrong:
                whole = ear.judge(sound, start, _NEVER, begun)
                by_him = self._cut(start, late) < _NEVER or any(at >= start for at in self._words)
                told = replace(whole, wrong=_TO_ITS_END if not whole.wrong else "" if by_him else _BY_NOTHING)
            elif step.same_tick is not None and not told.wrong:
                told = replace(told, wrong=others.not_with(step.same_tick, start))
            if not told.wrong:
                told = _loud(ear, step, start, told)
            if told.wrong:
                yield step, told

    def as_asked(self, ear: CallerEar) -> Iterator[tuple[Hear, HowHeard]]:
        """Tell which steps have not heard prompts and voices cut, or as loud, as they say."""
        yield from self._voices_not_so_loud(ear)
        begun = [start for *_, start in self._heard]
        for step, sound, start in self._heard:
            if step.cut and not ear.judge(sound, start, _NEVER, begun, math.inf).wrong:
                yield step, HowHeard(_TO_ITS_END, start)
            if step.level is None:
                continue
            told = _loud(ear, step, start, ear.judge(sound, start, self._cut(start), begun))
            if told.wrong:
                yield step, told

    def _cut(self, start: int, late: int = 0) -> int:
        """Return from where on the caller's own doing may have cut what began at `start`."""
        # A key that went down before has called it up, or what it cut was over too soon to be recognised.
        since = start - max(late - _A_LITTLE, 0)
        return max(min((at for at in self._cuts if at >= since), default=_NEVER), start)

    def _voices_not_so_loud(self, ear: CallerEar) -> Iterator[tuple[Hear, HowHeard]]:
        for step, match in self._voices:
            loud = ear.level(step.sound, match.start, match.end)
            if step.level is not None and (wrong := not_at(loud, step.level)):
                yield step, HowHeard(wrong, match.at)


def _there(told: HowHeard, heard: Callable[[int, int], str]) -> str:
    """Say what was heard where music broke off; nothing if it was music again."""
    if not told.broke_off:
        return ""
    instead = heard(*(told.until + one for one in _THERE))
    return "" if instead.startswith("hold-music") else f"; heard {instead} instead"


def _loud(ear: CallerEar, step: Hear, start: int, told: HowHeard) -> HowHeard:
    """Return what is wrong with how loud a prompt was, as far as it was judged."""
    if step.level is None:
        return told
    end = max(told.until, start + _A_LITTLE)
    return replace(told, wrong=not_at(ear.level(step.sound, start, end), step.level))
