"""A caller of a scenario: carries out the steps on one line, and listens."""

from collections import deque
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from ivr.clock import FRAME, RATE, samples, seconds
from ivr.engine.ports import Frame, Signal
from ivr.scenario.badline import LineWay
from ivr.scenario.errors import NothingThere
from ivr.scenario.failure import Failure
from ivr.scenario.foresight import Foresight, looks
from ivr.scenario.framing import frames, key_tones, voice_and_keys
from ivr.scenario.hearing import CallerEar
from ivr.scenario.judging import Judge
from ivr.scenario.others import Others
from ivr.scenario.progress import AnsweredStep, EndedStep
from ivr.scenario.references import Recording, References, Sent
from ivr.scenario.rehearsal import chosen
from ivr.scenario.sounds import HoldMusic, KeysSound, Match, Sound
from ivr.scenario.steps import (
    BEGINS,
    RUNG,
    Awaited,
    Dial,
    HangUpStep,
    Hear,
    HearOnly,
    In,
    LineStep,
    NotHear,
    PlayStep,
    Press,
    RungStep,
    SayStep,
    Step,
    StoryCaller,
    VoiceStep,
    Wait,
    WaitFor,
)
from ivr.scenario.studio import Carriage, Studio

Samples = NDArray[np.int16]

_RUNG_WITHIN = samples(120)
"""How long it is waited for somebody to dial."""

SILENCE = np.zeros(FRAME, np.int16)


class Actor(Foresight):
    """One caller. A line to the exchange; the player asks it whether it has finished or failed.

    Parameters
    ----------
    caller : StoryCaller
        Who, and what he does.
    voice : str
        The voice he says things in.
    others : Others
        How it stands with him and the others.
    resolve : callable
        Puts digits in the place of placeholders; raises NothingThere with a sentence.
    says : callable
        Told what he says, by his name, and the sample at which he will have said it.
    """

    judges = True
    """Whether his line is one on which sound has to come as it was sent."""

    def __init__(self, caller: StoryCaller, *, voice: str, references: References, studio: Studio,
                 others: Others, resolve: Callable[[str], str],
                 says: Callable[[str, str, int], None] = lambda *_: None) -> None:
        super().__init__()
        self.caller, self._says = caller.name, says
        self._steps = deque(caller.steps)
        self._voice, self._references, self._studio = voice, references, studio
        self._others, self._resolve = others, resolve
        self._now = 0
        self._outgoing: deque[tuple[Frame, Frame]] = deque()
        self._signal: Signal | None = None
        self._step: Step | None = None
        self._began = self._since = self._met = 0
        self._ear: CallerEar | None = None
        self._sent: Sent | None = None
        self._spoke: Recording | None = None
        self._line: Carriage | None = None
        self._leave = False
        self._stretches: list[int] = []
        self._judge = Judge()
        self.number = self.phone = ""
        self.answers = self._next_number()
        self._rung = self.on_the_line = False
        self.late = self.lag = 0
        self.failure: Failure | None = None

    @property
    def finished(self) -> bool:
        """Whether all steps are done."""
        return self._step is None and not self._steps

    @property
    def dialled_at(self) -> int:
        """The sample at which he dialled."""
        return self._ear.began_at if self._ear else 0

    @property
    def heard(self) -> Samples:
        """All he has heard. int16 array [shape=(n,)]."""
        return self._ear.samples if self._ear else np.zeros(0, np.int16)

    @property
    def spoke(self) -> Samples:
        """All he has sent. int16 array [shape=(n,)]."""
        return self._spoke.samples if self._spoke else np.zeros(0, np.int16)

    def leave(self) -> None:
        """Hang up at the next tick: the story is over."""
        self._leave = True

    def judged(self) -> Iterator[Failure]:
        """Tell what was wrong with the prompts that he has heard."""
        if self._ear is not None:
            until = self._now if self.on_the_line else None
            for step, told in self._judge.judged(self._ear, self._others, until, asked=not self.judges,
                                                late=self.late):
                yield Failure(step.line, self.caller, step.said, told.until, told.wrong)

    def give_up(self, why: str) -> None:
        """Fail at the step that goes on, or comes next; nothing if all are done."""
        step = self._step or (self._steps[0] if self._steps else None)
        if step is not None and self.failure is None:
            heard = f"; {self._not_yet(step)}" if isinstance(step, Hear) and step is self._step else ""
            self._fail(step, f"{why}{heard}")

    # the line

    def signal(self) -> Signal | None:
        """Do what can be done at the start of this tick; return what the line is told."""
        if self._leave:
            there, self.on_the_line = self.on_the_line, False
            return Signal.HANG_UP if there else Signal.GONE
        before = self._step, len(self._steps)
        if self.failure is None:
            self._advance()
        signal, self._signal = self._signal, None
        self._moved = signal is not None or self.failure is not None or before != (self._step, len(self._steps))
        self._now += FRAME
        over = signal is None and not self.on_the_line and (self.finished or self.failure is not None)
        return Signal.GONE if over else signal

    def speak(self) -> Frame:
        """Return the next frame of what is being played, or silence."""
        spoken = self._goes_out(1)
        frame, voice = spoken[0] if spoken else (SILENCE, SILENCE)
        if self._line is None:
            return frame
        self._line.voice(voice)
        return self._line.says(frame)

    def hear(self, frame: Frame) -> None:
        """Listen."""
        if self._ear is not None:
            self._ear.hear(frame if self._line is None else self._line.hears(frame))

    def hung_up(self) -> None:
        """Take it that the bridge has ended the call."""
        self.on_the_line = False

    def ring(self) -> None:
        """Take it that somebody dials the number that he answers."""
        self._rung = True

    # the steps

    def _advance(self) -> None:
        while self._signal is None and self.failure is None:
            if self._step is None:
                if not self._steps:
                    return
                self._step = self._steps.popleft()
                self._began = self._now
                self._begin(self._step)
                if self.failure is not None:
                    return
            if not self._done(self._step):
                return
            self._step = None

    def _begin(self, step: Step) -> None:
        match step:
            case Dial():
                self._signal = Signal.DIAL
                self.number, self.phone = step.number, step.phone
                self._pick_up()
            case LineStep(way=way):
                self._line = self._studio.line(way, self.caller)
                self.judges = self.judges and way.hears == LineWay()
                self.late = max(self.late, way.says.late, way.hears.late)
            case VoiceStep():
                self._voice = chosen(step, self._voice)
            case HangUpStep() if self.on_the_line:
                self._signal = Signal.HANG_UP
                self.on_the_line = False
                self._judge.hung_up(self._now)
            case Press(tone_ms=tone, gap_ms=gap, level_dbm0=level):
                try:
                    keys = self._resolve(step.keys)
                except NothingThere as error:
                    self._fail(step, str(error))
                else:
                    self._play(key_tones(keys, tone, gap, level), step)
            case PlayStep(path=path, channel=channel):
                self._speak(self._studio.recording(path, channel), step, step.says)
            case SayStep(text=text):
                self._speak(self._studio.say(text, self._voice), step, text)

    def _pick_up(self) -> None:
        self.on_the_line = True
        self._since = self._now
        if self._ear is None or self._sent is None or self._spoke is None:
            self._ear = CallerEar(self._references, caller=self.caller, began_at=self._now)
            self._sent = self._references.sent[self.caller] = Sent(self._now)
            self._spoke = Recording(self._now)
            return
        self._outgoing.clear()
        for kept in (self._ear, self._sent, self._spoke):  # all calls are in one recording, at their places
            kept.silent_until(self._now)

    def _next_number(self) -> str:
        """Return the number by which he can be dialled next: it rings until he comes to his step."""
        return next((step.number for step in self._steps if isinstance(step, RungStep)), "")

    def _answered(self, step: RungStep) -> bool:
        """Do what he does when it rings; return whether it has."""
        if not self._rung:
            if self._now - self._began >= _RUNG_WITHIN:
                self._fail(step, f"nobody dialled this number within {seconds(_RUNG_WITHIN):.0f} s")
            return False
        self._rung, self.answers = False, self._next_number()
        self._signal = RUNG[step.word]
        if self._signal is Signal.ANSWER:
            self._pick_up()
        return True

    def _speak(self, samples: Samples, step: Step, words: str) -> None:
        self._play(samples, step)
        if words and self.failure is None:
            self._says(self.caller, words, self._now + len(samples))

    def _play(self, samples: Samples, step: Step) -> None:
        if not self.on_the_line:
            self._fail(step, self._why_over().replace("ended", "had ended"))
            return
        self._since = self._now
        voice, keys = voice_and_keys(samples)
        self._judge.presses(*(self._now + key for key in keys))
        if not isinstance(step, Press):
            self._judge.speaks(self._now)
        self._outgoing.extend(zip(frames(samples), frames(voice), strict=True))

    def _done(self, step: Step) -> bool:
        waited = self._now - self._began
        match step:
            case RungStep():
                return self._answered(step)
            case Wait(lasting=lasting):
                return waited >= lasting
            case Press() | PlayStep() | SayStep():
                if self._outgoing and not self.on_the_line:
                    self._outgoing.clear()
                return not self._outgoing
            case WaitFor():
                return self._waited_for(step, waited)
            case Hear(within=within):
                late = waited >= within + step.lasting + self.lag
                return self._heard(step, late=late or not self.on_the_line)
            case NotHear(stretch=stretch) | HearOnly(stretch=stretch) if stretch:
                return self._heard_in(step)
            case HearOnly(lasting=lasting):
                over = waited >= lasting or not self.on_the_line
                return over and self._nothing_else(step, self._began)
            case NotHear(lasting=lasting):
                return self._not_heard(step, over=waited >= lasting or not self.on_the_line)
            case AnsweredStep():
                if not self.on_the_line:
                    self._fail(step, "the call was over")
                return self.on_the_line
            case EndedStep(within=within):
                if self.on_the_line and waited >= within:
                    self._fail(step, "the call went on")
                return not self.on_the_line
            case In(state=state, within=within):
                is_in = self._others.state_of(self.caller) == state
                if not is_in and waited >= within:
                    self._fail(step, self._others.told_state(self.caller, state, "the call"))
                return is_in
            case _:
                return True

    def _waited_for(self, step: WaitFor, waited: int) -> bool:
        late = waited >= step.within
        since = max(self._since, self._met)  # what his own keys have brought about is not missed
        so = self._others.so(step.awaited, since, self._now, late=late)
        if so:
            self._met = self._now
        elif late:
            self._fail(step, self._others.instead(step.awaited, since, self._now))
        return so

    def has_heard(self, awaited: Awaited, since: int) -> int | None:
        """Return when a sound began that was heard from a moment of the run's clock on; None if it was not."""
        match = None if awaited.sound is None else self.finds(awaited.sound, since)
        return None if match is None else match.start

    def told(self, since: int, until: int) -> str:
        """Say in words what was heard."""
        return self._ear.describe(since, until) if self._ear is not None else "nothing, for he is not on the line"

    def _heard(self, step: Hear, *, late: bool) -> bool:
        if not self._time_to_listen() and not late:
            return False
        match = self._find(step.sound, self._since)
        if match is not None:
            if isinstance(step.sound, HoldMusic) and self._now < match.start + step.lasting and self.on_the_line:
                return False
            if wrong := self._judge.other(self._listening(), step, match, self.told, judges=self.judges):
                self._fail(step, wrong)
            if step.at is not None and not -step.at[1] <= match.start - step.at[0] <= step.at[1] + self.lag:
                own = f", and the line is {1000 * self.lag / RATE:.0f} ms late" if self.lag else ""
                self._fail(step, f"it began at {match.start / RATE:.3f} s{own}")
            self._since = max(match.at, match.start + step.lasting)
            self._judge.heard(step, match.start)
        elif late:
            self._fail(step, self._not_yet(step))
        return match is not None

    def _not_yet(self, step: Hear) -> str:
        """Say what was heard instead, and how often it was heard before where it has to be heard several times."""
        before = f"it was heard {step.before} of {step.times} times; " if step.times > 1 else ""
        return before + self._instead(step.sound)

    def _find(self, sound: Sound, since: int, /) -> Match | None:
        """Return where a sound was heard."""
        return self._listening().find(sound, since)

    def _instead(self, sound: Sound) -> str:
        """Say what was heard instead of a sound."""
        ear = self._listening()
        heard = ear.describe(self._since, self._now)
        if isinstance(sound, KeysSound):
            keys = ear.keys.told(ear.samples, self._since - ear.began_at, self._now - ear.began_at)
            heard = f"{f'the digits {keys}' if keys else 'no digits'}, and {heard}"
        heard = f"heard {heard} instead{ear.told_slots(sound, self._since)}"
        return heard + ("" if self.on_the_line else f"; then {self._why_over()}")

    def _why_over(self) -> str:
        """Say who has ended the call."""
        return "the bridge ended the call"

    def _not_heard(self, step: NotHear, *, over: bool) -> bool:
        if not self._time_to_listen() and not over:
            return False
        match = self._find(step.sound, self._began)
        if match is not None:
            self._fail(step, f"it was heard from {seconds(match.start):.1f} s on")
        return over

    def _nothing_else(self, step: HearOnly, since: int) -> bool:
        if wrong := self._listening().besides(step.sounds, max(since, self.dialled_at), self._now):
            self._fail(step, wrong)
        return True

    def _heard_in(self, step: NotHear | HearOnly) -> bool:
        if step.stretch == BEGINS:
            self._stretches.append(max(self._now, self.dialled_at))
        elif isinstance(step, HearOnly):
            return self._nothing_else(step, self._stretches.pop())
        elif match := self._listening().find(step.sound, self._stretches.pop()):
            self._fail(step, f"it was heard from {seconds(match.start):.1f} s on")
        return True

    def _time_to_listen(self) -> bool:
        return looks(self._began, self._now)

    def _listening(self) -> CallerEar:
        if self._ear is None:
            self._ear = CallerEar(self._references, caller=self.caller, began_at=self._now)
        return self._ear

    def _fail(self, step: Step, instead: str) -> None:
        self.failure = Failure(step.line, self.caller, step.said, self._now, instead)
