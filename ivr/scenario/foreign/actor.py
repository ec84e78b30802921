"""A caller who rings out: the same steps, on a line that says how the call goes, and on which keys go beside it."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from difflib import SequenceMatcher
from typing import Any

import numpy as np

from dtmf.keys import PAUSES_S
from ivr.clock import RATE, samples, seconds
from ivr.engine.ports import Frame, Signal
from ivr.scenario.actor import SILENCE, Actor
from ivr.scenario.errors import NothingThere
from ivr.scenario.failure import Failure
from ivr.scenario.foreign.state import LineState
from ivr.scenario.framing import key_tones
from ivr.scenario.others import Others
from ivr.scenario.progress import AnsweredStep, EndedStep, RefusedStep, TransferredStep
from ivr.scenario.references import References
from ivr.scenario.sounds import CodecSound, KeysSound, LineTone, Match, PromptSound, Sound
from ivr.scenario.steps import Dial, Hear, NotHear, PlayStep, Press, RungStep, SayStep, Step, StoryCaller
from ivr.scenario.studio import Studio
from ivr.secrecy import HIDDEN

_ANSWER_WITHIN = samples(60)
"""How long a step that sends something waits for the answer."""

_SHORTEST_KEY, _SHORTEST_PAUSE = 40.0, 60.0
"""Of keys that do not go in the audio, in ms."""

Note = Callable[[str, str, dict[str, Any]], None]
"""Takes what happened: whose call it is, the event, and its facts."""


class ForeignActor(Actor):
    """One caller who rings out.

    What drives him tells him how his call goes (`rings` to `referred`), and takes his keys (`pressed`).

    Parameters
    ----------
    caller : StoryCaller
    voice, references, studio
        As of `Actor`.
    way : str
        How keys go: "events", "info" or "audio"; empty for events if the other side takes them, else audio.
    uri : callable
        Gives the URI that is called where a number is dialled, or none ("").
    note : callable
        As of `Note`.
    now : int
        The moment at which he begins.
    describes : bool
        Whether he says what he has heard instead of what was expected: that takes seconds, in which others wait.
    keeps : bool
        Whether all that he hears and sends is kept; else only what steps to come ask for.
    others : Others, optional
        The callers of his story, for whom he may wait; he is added.

    Attributes
    ----------
    line : LineState
    facts : dict
        What the telephone has measured of a call that is over.
    right, wrong : int
        Digits that were heard as expected, and otherwise.
    """

    judges = False

    def __init__(self, caller: StoryCaller, *, voice: str, references: References, studio: Studio, way: str = "",
                 uri: Callable[[str], str] = lambda _: "", note: Note = lambda *_: None, now: int = 0,
                 describes: bool = True, keeps: bool = True, others: Others | None = None) -> None:
        super().__init__(caller, voice=voice, references=references, studio=studio, others=others or Others(),
                         resolve=_as_written)
        self._others.add(self)
        self._now = now
        self._way, self._uri, self._tell, self._describes = way, uri, note, describes
        self._waits = False
        self._keeps = self._listens = keeps
        self._began_at = now
        self._keys: deque[tuple[int, str, float]] = deque()
        self._dial: Step | None = None
        self.line = LineState()
        self.facts: dict[str, Any] = {}
        self.right = self.wrong = 0

    def _note(self, event: str, **facts: Any) -> None:  # noqa: ANN401  (a fact is any plain value)
        self._tell(self.caller, event, facts)

    def judged(self) -> Iterator[Failure]:
        """Tell what was not cut, or as loud, as a step says: all that is judged where sound comes as it likes."""
        if self._ear is not None:
            for step, told in self._judge.as_asked(self._ear):
                yield Failure(step.line, self.caller, step.said, told.until, told.wrong)

    # what he is told of his call

    def opened(self, lag: int) -> None:
        """Take it that there is sound at once, and by how many samples it is late."""
        self.line.answered_at, self.lag = self._now, lag
        self._note("line-open", lag_at=lag)
        self._note("state", state="talking")

    def rings(self) -> None:
        """Take it that it rings at the other side."""
        if self.line.rang_at is None:
            self.line.rang_at = self._now
            self._note("ringing")
            self._note("state", state="ringing")

    def sounds(self, codec: str, *, events: bool) -> None:
        """Take it that sound is agreed on, or anew."""
        if self.line.answered_at is None and not self.line.early:
            self.line.early = True
            self._note("early-media", codec=codec)
        elif self.line.answered_at is not None and codec != self.line.codec:
            self._note("codec", codec=codec)
        self.line.codec, self.line.events = codec, events

    def answered(self, codec: str, *, events: bool) -> None:
        """Take it that the call is answered."""
        self.line.answered_at, self.line.codec, self.line.events = self._now, codec, events
        self._note("answered", codec=codec, after_at=self._now - self.dialled_at)
        self._note("state", state="talking")

    def refused(self, code: int, phrase: str) -> None:
        """Take it that the call is refused, or that nobody has answered: 408."""
        self.line.code, self.line.over = code, f"the call was refused: {code} {phrase}".rstrip()
        self.on_the_line = False
        self._note("call-refused", code=code, because=phrase)
        self._note("state", state="ended")
        expected = [step for step in (self._step, *self._steps) if isinstance(step, RefusedStep)]
        if not expected and self._dial is not None:
            self._fail(self._dial, self.line.over)

    def ended(self, why: str = "") -> None:
        """Take it that the other side has ended the call."""
        self.line.over = "the other side ended the call" + (f": {why}" if why else "")
        if self.on_the_line:
            self._note("hung-up", by="other side", **({"because": why} if why else {}))
            self._note("state", state="ended")
        self.on_the_line = False

    def is_free_for(self, number: str) -> bool:
        """Tell whether he waits to be called by a number."""
        steps = (one for one in (self._step, *self._steps) if isinstance(one, RungStep))
        step = next(steps, None)
        return not (self.on_the_line or self._rung or step is None) and step.number in ("", number)

    def hung_up(self) -> None:
        """Take it that no line is free."""
        self.refused(503, "no line is free here")

    def carried(self, sound: Mapping[str, Any], took: Mapping[str, float]) -> None:
        """Take how the sound of the call came, which is over, and how long the other side took."""
        self.facts = {**took, **sound}
        if sound:
            self._note("sound", **sound)

    def keyed(self, key: str) -> None:
        """Take a key that the other side sends beside the sound."""
        if self._ear is not None:
            self._ear.keys.came(key, self._now - self._ear.began_at)

    def referred(self, to: str) -> None:
        """Take it that the other side hands the call over."""
        self.line.referred = to
        self._note("transferred", to=to)

    def pressed(self) -> Iterator[tuple[str, str, float]]:
        """Give the keys that go down in this tick and are not in the audio: how they go, the key, its ms."""
        while self._keys and self._keys[0][0] < self._now:
            _, key, lasting = self._keys.popleft()
            way = self._chosen()
            self._note("key", key=key if key in "*#" else HIDDEN, by=way)
            if way != "audio":
                yield way, key, lasting

    # the steps

    def signal(self) -> Signal | None:
        """Do what can be done at the start of this tick; return what the line is told."""
        there = self.on_the_line
        signal = super().signal()
        if signal is Signal.HANG_UP:
            self.line.over = "the caller had hung up"
            if there:
                self._note("hung-up", by="caller")
                self._note("state", state="ended")
        return signal

    def hear(self, frame: Frame) -> None:
        """Listen, as long as a step may ask for it."""
        if self._listens:
            super().hear(frame)

    def speak(self) -> Frame:
        """Return the next frame of what is being played, or silence."""
        if self._keeps:
            return super().speak()
        return self._outgoing.popleft()[0] if self._outgoing else SILENCE

    def _chosen(self) -> str:
        return self._way or ("events" if self.line.events else "audio")

    def _begin(self, step: Step) -> None:
        self._listens = self._keeps or any(isinstance(one, Hear | NotHear) for one in (step, *self._steps))
        if isinstance(step, Press | PlayStep | SayStep) and self.on_the_line and self.line.answered_at is None:
            self._waits = True
            return
        match step:
            case Press():
                self._press(step)
            case RungStep():
                self.line = LineState()
            case Dial():
                self.line, self._dial = LineState(), step
                super()._begin(step)
                self._note("dialled", to=self._uri(self.number))
                self._note("state", state="calling")
            case _:
                super()._begin(step)

    def _press(self, step: Press) -> None:
        if self._chosen() == "events" and not self.line.events and self.on_the_line:
            self._fail(step, "the other side takes no keys as events: leave 'dtmf' out, or say info or audio")
            return
        try:
            keys = self._resolve(step.keys)
        except NothingThere as error:
            self._fail(step, str(error))
            return
        beside = self._chosen() != "audio"
        if beside:
            step = replace(step, tone_ms=max(step.tone_ms, _SHORTEST_KEY), gap_ms=max(step.gap_ms, _SHORTEST_PAUSE))
        sound = key_tones(keys, step.tone_ms, step.gap_ms, step.level_dbm0)
        self._play(np.zeros_like(sound) if beside else sound, step)
        if self.failure is not None:
            return
        shown = "".join(key if key in "*#" else HIDDEN for key in keys if key not in PAUSES_S)
        self._note("presses", keys=shown, by=self._chosen())
        at = float(self._now)
        for key in keys:
            if key in PAUSES_S:
                at += PAUSES_S[key] * RATE
                continue
            self._keys.append((round(at), key, step.tone_ms))
            self._judge.presses(round(at))  # beside the sound nothing tells of it
            at += (step.tone_ms + step.gap_ms) * RATE / 1000

    def _done(self, step: Step) -> bool:
        waited = self._now - self._began
        if self._waits:
            if self.line.answered_at is not None and self.on_the_line:
                self._waits = False
                self._begin(step)
            elif not self.on_the_line or waited >= _ANSWER_WITHIN:
                self._waits = False
                self._fail(step, self.line.over or f"nobody answered within {seconds(_ANSWER_WITHIN):.0f} s")
            return False
        match step:
            case AnsweredStep(within=within):
                answered = self.line.answered_at is not None
                if not answered and (waited >= within or not self.on_the_line):
                    self._fail(step, self.line.over or self._not_answered(within))
                return answered
            case RefusedStep(code=code, within=within):
                return self._refused(step, code, late=waited >= within)
            case TransferredStep(to=to, within=within):
                return self._transferred(step, to, late=waited >= within or not self.on_the_line)
            case EndedStep() if not self.on_the_line:
                return True
            case _:
                done = super()._done(step)
        if not self.on_the_line:
            self._keys.clear()
        return done

    @property
    def _unheard(self) -> str:
        """That nothing is known of who was dialled, in words; empty where something is."""
        if self._dial is None or not self.line.is_silent:
            return ""
        return (f"nobody has answered at {self._uri(self.number)}: neither ringing nor sound has come back from "
                "there")

    def _not_answered(self, within: int) -> str:
        if self._unheard:
            return f"{self._unheard}, within {seconds(within):.1f} s"
        rang = "it rang, and " if self.line.rang_at is not None else ""
        return f"{rang}nobody answered within {seconds(within):.1f} s"

    def _refused(self, step: Step, code: int, *, late: bool) -> bool:
        line = self.line
        if line.code and code in (0, line.code):
            return True
        if line.code:
            self._fail(step, line.over)
        elif line.answered_at is not None:
            self._fail(step, "the call was answered")
        elif late or not self.on_the_line:
            self._fail(step, line.over or "nobody had answered or refused the call by then")
        return False

    def _transferred(self, step: Step, to: str, *, late: bool) -> bool:
        referred = self.line.referred
        if referred is not None and to.lower() in referred.lower():
            return True
        if referred is not None:
            self._fail(step, f"the other side handed the call over to {referred}")
        elif late:
            self._fail(step, "the other side did not hand the call over" +
                       ("" if self.on_the_line else f"; then {self._why_over()}"))
        return False

    def _find(self, sound: Sound, since: int) -> Match | None:
        found = self._found(sound, since)
        if found is not None:
            self._began_at = found.start
        return found

    def _found(self, sound: Sound, since: int) -> Match | None:
        line = self.line
        if isinstance(sound, CodecSound):
            return Match(since, self._now, self._now) if line.codec == sound.name else None
        ringing = line.rang_at is not None and line.answered_at is None and not line.early
        if sound == LineTone("ringback") and ringing:
            return Match(line.rang_at or 0, self._now, self._now)  # a telephone makes it itself
        step = self._step
        until = line.answered_at if isinstance(step, Hear) and step.early else None
        return self._listening().find(sound, since, until)

    def _instead(self, sound: Sound) -> str:
        if isinstance(sound, CodecSound):
            return f"the codec is {self.line.codec}" if self.line.codec else "no codec was agreed on"
        if self._unheard:
            return self._unheard
        if not self._describes:
            return "heard something else instead" + ("" if self.on_the_line else f"; then {self._why_over()}")
        early = isinstance(self._step, Hear) and self._step.early and self.line.answered_at is not None
        return ("the call was answered first; until the end " if early else "") + super()._instead(sound)

    def told(self, since: int, until: int) -> str:
        """Say in words what was heard."""
        return super().told(since, until) if self._describes else "something else"

    def _heard(self, step: Hear, *, late: bool) -> bool:
        late = late or (step.early and self.line.answered_at is not None)
        found = super()._heard(step, late=late)
        if isinstance(step.sound, KeysSound) and (found or self.failure is not None):
            self._count(step.sound.keys, found=found)
        if found:
            name = step.sound.name if isinstance(step.sound, PromptSound) else step.said.removeprefix("hear: ")
            digits = isinstance(step.sound, KeysSound)
            self._note("heard", what="digits" if digits else name, began_at=self._began_at)
        return found

    def _count(self, keys: str, *, found: bool) -> None:
        """Count the digits that came as they should have, and those that did not."""
        ear = self._listening()
        came = keys if found else ear.keys.told(ear.samples, self._since - ear.began_at, self._now - ear.began_at)
        same = sum(one.size for one in SequenceMatcher(None, keys, came, autojunk=False).get_matching_blocks())
        self.right += same
        self.wrong += max(len(keys), len(came)) - same

    def finds(self, sound: Sound, since: int, /) -> Match | None:
        """Return where a sound was heard, for who waits for him; None if it was not."""
        return None if self._ear is None else self._found(sound, since)

    def _why_over(self) -> str:
        return self.line.over or "the call ended"


def _as_written(keys: str) -> str:
    """Return keys that hold no placeholders: there is no desk whose digits could stand for them."""
    if "{" in keys:
        raise NothingThere("there is no desk here that could know these digits")
    return keys


