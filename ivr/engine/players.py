"""What each call is being played: prompts one after the other, hold music, the tone before a recording."""

from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

from ivr.clock import Timers
from ivr.engine.call import Call
from ivr.engine.events import Events
from ivr.engine.requests import Said
from ivr.engine.sound import Heads, Playing, Samples, Voice
from ivr.engine.store import Clip, Store

CLIP = "clip"
"""Kind of the timer that is due when what a call hears has to change."""

_MOST_WAITING = 64
"""Prompts that may wait to be said to a caller: some minutes; who comes and goes so fast is old news by then."""

Note = Callable[..., None]
"""Writes an entry of a call: the call, the sample, the event, and facts by name."""


class Players:
    """The players of all calls.

    Parameters
    ----------
    voice : Voice
    music : int16 array [shape=(n,)]
        Hold music, a loop.
    timers : Timers
        Where it is kept when a clip ends: owner is the call's serial, kind `CLIP`.
    note : callable
        Writes what was said into the journal.
    events : Events
        Told of prompts that begin.

    Attributes
    ----------
    speaking_rows : set of rows
        To whom a prompt is being said.
    """

    def __init__(self, voice: Voice, music: Samples, timers: Timers, note: Note, events: Events) -> None:
        self.now = 0
        self._events = events
        self._begun: list[tuple[Call, Said, int]] = []
        self._voice, self._timers, self._note = voice, timers, note
        self._store = Store()
        self._music = self._store.add(music)
        self._heads = Heads(1, self._store)
        self._playing: dict[int, Playing] = {}
        self.speaking_rows: set[int] = set()

    def resize(self, rows: int) -> None:
        """Have `rows` rows; nobody is in those that go."""
        self._heads.resize(rows)

    def render(self) -> Samples:
        """Return the next frame of every row. int16 array [shape=(rows, 160)]."""
        for call, said, at in self._begun:
            if self.saying(call) is said:  # of one that was cut in the tick in which it began nothing is heard
                self._events.saying(call, said, at)
        self._begun.clear()
        frame = self._heads.render()
        self._store.tidy()
        return frame

    def ahead(self, frames: int) -> Samples:
        """Return the next frames, if nothing begins or ends in them. int16 array [shape=(rows, frames * 160)]."""
        return self._heads.ahead(frames)

    def go_on(self, frames: int) -> None:
        """Move on by so many frames, of those that came `ahead`."""
        self._heads.go_on(frames)

    def add(self, call: Call) -> None:
        """Begin with a call."""
        self._playing[call.serial] = Playing()

    def forget(self, call: Call) -> None:
        """Be done with a call."""
        self._drop(call)
        self._playing.pop(call.serial)

    def still(self, call: Call) -> None:
        """Play nothing to a call, whatever state its player is in; `count_anew` is to follow."""
        self._playing[call.serial] = Playing()
        self._still(call)

    def count_anew(self) -> None:
        """Find out which clips are in use: after a fault some may have been taken, or let go, and not told of."""
        held = [self._music]
        for playing in self._playing.values():
            held += [*playing.clips, *([playing.clip] if playing.clip else []),
                     *(clip for _, clips in playing.queue for clip in clips)]
        self._store.count_anew(held)

    def speaking(self, call: Call) -> bool:
        """Tell whether a prompt is being said to a call."""
        return self._playing[call.serial].speaking

    def saying(self, call: Call) -> Said | None:
        """Return what is being said to a call, if anything is."""
        playing = self._playing.get(call.serial)
        return playing.said if playing else None

    def speak(self, call: Call, parts: Iterable[Said], at: int, *, cuts: bool) -> None:
        """Say prompts, at once or after what is being said; music makes way and comes again."""
        playing = self._playing[call.serial]
        if cuts:
            self.silence(call, at)
            playing = self._playing[call.serial]
        for part in parts:
            wanted: dict[str, Any] = {slot: part.slots[slot] for slot in self._voice.slots(part.prompt)}
            self.queue(call, part, self._voice.clips(part.prompt, part.language, **wanted))
        if playing.music_on:
            self._note(call, at, "music", what="stops")
            playing.music_on = False
        if not playing.speaking:
            self._next(call, at)

    def queue(self, call: Call, said: Said, clips: Iterable[Samples]) -> None:
        """Put the clips of a prompt behind what is to be said."""
        queue = self._playing[call.serial].queue
        queue.append((said, [self._store.add(clip) for clip in clips]))
        if len(queue) > _MOST_WAITING:
            self._release(queue.popleft()[1])

    def tone(self, call: Call, samples: Samples, at: int) -> int:
        """Play a tone that is no prompt; return how many samples it takes. `silence` ends it."""
        self.silence(call, at)
        clip = self._playing[call.serial].clip = self._store.add(samples)
        self._heads.play(call.row, clip)
        return clip.length

    def play_back(self, call: Call, samples: Samples, at: int) -> None:
        """Play what is no prompt, after what is being said."""
        self._playing[call.serial].queue.append((Said(""), [self._store.add(samples)]))
        if not self.speaking(call):
            self._next(call, at)

    def music(self, call: Call, at: int) -> None:
        """Play hold music as soon as everything is said."""
        self._playing[call.serial].music = True
        if not self.speaking(call):
            self._next(call, at)

    def clip_ended(self, call: Call, at: int) -> bool:
        """Go on to the next clip; return whether everything is said now."""
        playing = self._playing[call.serial]
        if playing.clips:
            self._play(call, playing.clips.popleft())
        elif playing.music_on:
            self._play(call, self._store.hold(self._music))
        else:
            self._said(call, at, interrupted=False)
            self._next(call, at)
            return not playing.speaking
        return False

    def cut(self, call: Call, at: int) -> None:
        """Stop what is being said and all that was to follow, but for the music."""
        playing = self._playing[call.serial]
        if playing.speaking:
            self._said(call, at, interrupted=True)
            self._drop(call)
            self._next(call, at)

    def silence(self, call: Call, at: int) -> None:
        """Stop whatever plays, music included."""
        playing = self._playing[call.serial]
        if playing.speaking:
            self._said(call, at, interrupted=True)
        if playing.music_on:
            self._note(call, at, "music", what="stops")
        self._drop(call)
        self._playing[call.serial] = Playing()

    def _next(self, call: Call, at: int) -> None:
        playing = self._playing[call.serial]
        if playing.queue:
            playing.said, clips = playing.queue.popleft()
            playing.began_at = self.now
            if self._events.wanted:
                self._begun.append((call, playing.said, at))
            playing.clips = deque(clips)
            self._play(call, playing.clips.popleft())
            self.speaking_rows.add(call.row)
        elif playing.music and not playing.music_on:
            playing.music_on = True
            self._note(call, at, "music", what="starts")
            self._play(call, self._store.hold(self._music))
        elif not playing.music_on:
            self._still(call)

    def _play(self, call: Call, clip: Clip) -> None:
        # whatever happened within this tick, what follows is heard from its first sample on
        self._heads.play(call.row, clip)
        self._timers.set(call.serial, CLIP, self.now + clip.length)
        self._playing[call.serial].clip, before = clip, self._playing[call.serial].clip
        if before is not None:
            self._store.release(before)

    def _still(self, call: Call) -> None:
        self._heads.stop(call.row)
        self._timers.cancel(call.serial, CLIP)
        self.speaking_rows.discard(call.row)
        playing = self._playing[call.serial]
        if playing.clip is not None:
            self._store.release(playing.clip)
            playing.clip = None

    def _drop(self, call: Call) -> None:
        """Play nothing, and let go all that was to follow."""
        self._still(call)
        playing = self._playing[call.serial]
        for _, clips in playing.queue:
            self._release(clips)
        self._release(playing.clips)
        playing.queue.clear()
        playing.clips.clear()

    def _release(self, clips: Iterable[Clip]) -> None:
        for clip in clips:
            self._store.release(clip)

    def _said(self, call: Call, at: int, *, interrupted: bool) -> None:
        playing = self._playing[call.serial]
        if playing.said is not None:
            if playing.said.prompt:
                self._note(call, at, "prompt", prompt=playing.said.prompt, began_at=playing.began_at,
                           interrupted=interrupted)
            playing.said = None
            self.speaking_rows.discard(call.row)
