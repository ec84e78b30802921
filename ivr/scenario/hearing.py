"""What a caller hears, judged on the audio alone: delayed, faint, coded, cut short, or mixed with others."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from ivr.scenario.carded import following, rested, track_of
from ivr.scenario.correlate import Samples, Searched, flattened, power_of
from ivr.scenario.described import HeardPart, besides, joined, told
from ivr.scenario.holding import judged_music, music_level
from ivr.scenario.keyed import KeyTrack
from ivr.scenario.loudness import level_of
from ivr.scenario.marks import Mark
from ivr.scenario.music import MusicStretch, MusicTrack, without_music
from ivr.scenario.pieces import PieceTrack, whole_prompt
from ivr.scenario.recorded import RecordedTrack
from ivr.scenario.references import Everything, Piece, Recording, References
from ivr.scenario.signals import SignalTrack
from ivr.scenario.slots import heard_with, told_slots
from ivr.scenario.sounds import (
    HoldMusic,
    KeysSound,
    LineTone,
    Match,
    MusicSound,
    PromptSound,
    RecordedSound,
    Silence,
    SomeSound,
    Sound,
    ToneSound,
    VoiceSound,
)
from ivr.scenario.voices import VoiceTrack
from ivr.scenario.wholeness import OFF_DB, HowHeard, judged

SILENCE_DBM0 = -50.0
_MUSIC_S = 0.4
_BEFORE_S = 6.0
"""How far back a prompt may have begun that is still being said."""
_SLOT_S = 8
_SELDOM = 16
"""Parts after which it is looked again whether one is music, where none was."""
_FEW = 16
"""Stretches that are kept: what is asked next is mostly asked of the same ones."""


class CallerEar:
    """One caller's ear.

    Parameters
    ----------
    references : References
        What can be heard.
    caller : str
        Whose ear.
    began_at : int
        Place on the run's clock of the first sample that will be heard.
    """

    def __init__(self, references: References, *, caller: str, began_at: int) -> None:
        self.caller, self.began_at = caller, began_at
        self._references = references
        self.recording = Recording(began_at)
        self.hear, self.silent_until = self.recording.append, self.recording.silent_until
        self._pieces: dict[tuple[str, str], list[PieceTrack]] = {}
        self._voices: dict[str, VoiceTrack] = {}
        self._recorded: dict[str, RecordedTrack] = {}
        self._music = following(references.music)
        self._loops: dict[str, MusicTrack] = {}
        self._signals = SignalTrack(references.rate)
        self.keys = KeyTrack()
        self._powers = np.zeros(0)
        self._before: int | None = None
        self._mark: Mark | None = None
        self._began_music: int | None = None
        self._vainly, self._tried = 0, 1
        self._lately_cut = lru_cache(_FEW)(self._cut)
        self._lately_apart, self._round = lru_cache(_FEW)(self._apart), 0

    def ahead(self, sound: Samples) -> None:
        """Hear what may not come to pass: `settle` or `back` is to follow."""
        self._before, self._mark = len(self.samples), None
        self.hear(sound)

    def settle(self) -> None:
        """Take it that it has come to pass."""
        self._before = self._mark = None

    def back(self) -> None:
        """Have heard nothing of it, nor looked into it."""
        if self._before is None:
            return
        self.recording.shorten(len(self.samples) - self._before)
        if (mark := self._mark) is not None:
            self._powers = self._powers[:mark.powers]
            self._pieces = {key: [track.back(at) for track, at in zip(self._pieces[key], marks, strict=True)]
                            for key, marks in mark.pieces.items()}
            self._voices = {name: self._voices[name].back(at) for name, at in mark.voices.items()}
            self._music.back(mark.music)
            self._loops = {name: self._loops[name].back(at) for name, at in mark.loops.items()}
            self._lately_cut.cache_clear()  # what was there may be something else now
            self._lately_apart.cache_clear()
            self._round = mark.round
        self.settle()

    def _marked(self) -> Mark:
        tracks = {key: [track.mark() for track in tracks] for key, tracks in self._pieces.items()}
        return Mark(self._round, len(self._powers), tracks,
                    {name: track.mark() for name, track in self._voices.items()},
                    self._music.mark(), {name: track.mark() for name, track in self._loops.items()})

    @property
    def samples(self) -> Samples:
        """All that was heard, as a view. int16 array [shape=(n,)]."""
        return self.recording.samples

    def find(self, sound: Sound, since: int, until: int | None = None) -> Match | None:
        """Return where a sound was first heard; None if it was not.

        What is asked for the first time is analysed from `since` on, and every stretch only once.

        Parameters
        ----------
        sound : Sound
        since, until : int
            On the run's clock. Only what was recognised by `until` counts; by default all that was heard. A
            prompt or tone must begin after `since`; music and silence may have begun earlier, and count
            from there.

        Raises
        ------
        KeyError
            If there is no such prompt, tone or music. A caller who has sent nothing is not heard.
        """
        if self._before is not None and self._mark is None:
            self._mark = self._marked()
        end = len(self.samples) if until is None else min(until - self.began_at, len(self.samples))
        since = max(since - self.began_at, 0)
        found = self._found(sound, since, end)
        if found is None or found[2] > end:
            return None
        return Match(*(moment + self.began_at for moment in found))

    def _found(self, sound: Sound, since: int, end: int) -> tuple[int, int, int] | None:
        found: tuple[int, int, int] | None = None
        match sound:
            case PromptSound(slots=slots) if slots:
                found = self._filled(sound, since, end)
            case PromptSound(name, whole):
                found = self._prompt(name, whole, since, end)
            case ToneSound(name):
                found = self._prompt(name, True, since, end, tone=True)
            case HoldMusic():
                found = self._music_of(self._music, since, end)
            case Silence(lasting_s):
                found = self._silence(since, end, lasting_s)
            case RecordedSound(name):
                found = self._again(name, since, end)
            case VoiceSound(name):
                found = self._voice(name, since, end)
            case LineTone(name):
                found = self._signals.tone(name, self.samples, since, end)
            case SomeSound(kind, lasting):
                found = self._signals.kind(kind, self.samples, since, end, lasting)
            case MusicSound(name):
                track = self._loops.setdefault(name, following(self._references.loops[name]))
                found = self._music_of(track, since, end)
            case KeysSound(keys):
                found = self.keys.find(keys, self.samples, since, end)
        return found

    def _tracks(self, kind: str, name: str, since: int, cut: Callable[[int, int], Searched] | None = None,
                until: int | None = None) -> list[PieceTrack]:
        key = (kind, name)
        if key not in self._pieces:
            of = self._references
            everything: Everything = of.all_tones if kind == "tone" else of.all_prompts
            pieces: list[Piece] = [of.tones[name]] if kind == "tone" else of.prompts[name]
            self._pieces[key] = [track_of(of, piece, everything) for piece in pieces]
        for track in self._pieces[key]:
            track.advance(self.samples[:until], since, cut or self._lately_cut, self._vain)
        return self._pieces[key]

    def _apart(self, begin: int, end: int) -> Samples | None:
        """Return what was heard beside hold music; None if none was heard."""
        found = without_music(self._references.music, self.samples, begin, end, self._round)
        if found is None:
            return None
        self._round = found[1]
        return found[0]

    def _vain(self, piece: Piece, begin: int, end: int) -> bool:
        """Return whether a part is hold music to the sample, and the piece is like nothing in that."""
        if (self._vainly or not self._is_music(begin, end)):
            self._vainly = max(0, self._vainly - 1)
            return False
        return not self._references.in_music(piece)

    def _is_music(self, begin: int, end: int) -> bool:
        music, heard = self._references.music, self.samples[begin:end]
        if len(heard) > music.length:
            return False
        if self._began_music is not None and music.is_at(heard, begin - self._began_music):
            return True
        place = music.place(heard)
        if place is None:
            self._tried = min(2 * self._tried, _SELDOM)
            self._vainly = self._tried - 1
            return False
        self._began_music, self._tried = begin - place, 1
        return True

    def _cut(self, begin: int, end: int) -> Searched:
        return Searched(flattened(self.samples, begin, end))

    def _prompt(self, name: str, whole: bool, since: int, end: int, *, tone: bool = False
                ) -> tuple[int, int, int] | None:
        tracks = self._tracks("tone" if tone else "prompt", name, since)
        if whole:
            span = whole_prompt(tracks, self.samples[:end], since, self._references.rate)
            return None if span is None else (*span, span[1])
        heard = [h for track in tracks for h in track.heard if h.start >= since]
        first = min(heard, key=lambda h: h.at, default=None)
        return None if first is None else (first.start, first.at, first.at)

    def _filled(self, sound: PromptSound, since: int, end: int) -> tuple[int, int, int] | None:
        if (speaker := self._references.speaker) is None:
            return None
        tracks = self._tracks("prompt", sound.name, since)
        found = heard_with(speaker, sound, tracks, self.samples[:end], since, self.began_at)
        return None if found is None else (found.start, found.end, found.end)

    def told_slots(self, sound: Sound, since: int) -> str:
        """Say what a prompt that was heard from a moment of the run's clock on has in it, as far as it is known."""
        speaker = self._references.speaker
        if speaker is None or not isinstance(sound, PromptSound) or not sound.slots:
            return ""
        here = max(since - self.began_at, 0)
        tracks = self._tracks("prompt", sound.name, here)
        told = told_slots(speaker, sound, tracks, self.samples, here, self.began_at)
        return f"; {told}" if told else ""

    def judge(self, sound: PromptSound, start: int, limit: int, asked: Sequence[int] = (), off_db: float = OFF_DB
              ) -> HowHeard:
        """Return what is wrong with a prompt that was heard from `start` on.

        Parameters
        ----------
        start, limit : int
            On the run's clock; nothing is expected any more from `limit` on.
        asked : sequence of int
            When prompts began that the story has heard: what it hears twice may be said twice.
        """
        tracks = self._tracks("prompt", sound.name, start - self.began_at, until=start - self.began_at)
        told = judged(tracks, self.samples, start - self.began_at, limit - self.began_at, self._references.rate,
                      [one - self.began_at for one in asked], off_db)
        return HowHeard(told.wrong, told.until + self.began_at)

    def judge_music(self, start: int, end: int, off_db: float = OFF_DB) -> HowHeard:
        """Return what is wrong with the hold music that was heard from `start` to `end` on the run's clock."""
        stop, begun = self._stretch(start, end)
        if begun is None:
            return HowHeard("", end)
        told = judged_music(self._references.music, self.samples, begun, stop, off_db)
        return replace(told, until=told.until + self.began_at)

    def plays_on(self, start: int, end: int) -> HowHeard:
        """Return whether hold music breaks off between two moments: all that is told of it on a bad line."""
        _, begun = self._stretch(start, end)
        if begun is None or begun.end + self._references.rate // 10 >= end - self.began_at:
            return HowHeard("", end)
        return HowHeard("it broke off", begun.end + self.began_at, broke_off=True)

    def _stretch(self, start: int, end: int) -> tuple[int, MusicStretch | None]:
        """Return where to look no further, and the music from `start` on, since the ear began."""
        here, stop = start - self.began_at, min(end - self.began_at, len(self.samples))
        stretch = next((one for one in self._music.stretches if one.start <= here < one.end), None)
        return stop, None if stretch is None else replace(stretch, start=here)

    def level(self, sound: Sound, start: int, end: int) -> float:
        """Return how loud a sound was that was heard from `start` to `end` on the run's clock, in dBm0.

        Of hold music and of another caller's voice it is told whatever else was heard, of all else with that.
        """
        here, stop = start - self.began_at, min(end - self.began_at, len(self.samples))
        if isinstance(sound, HoldMusic) and (begun := self._stretch(start, end)[1]) is not None:
            return music_level(self._references.music, self.samples, begun, stop)
        if isinstance(sound, VoiceSound):
            return self._voices[sound.name].level(self.samples, self._references.sent, here)
        return level_of(self.samples[here:stop])

    def _music_of(self, track: MusicTrack, since: int, end: int) -> tuple[int, int, int] | None:
        track.advance(self.samples, since)
        least = round(_MUSIC_S * self._references.rate)
        for stretch in track.stretches:
            begin = max(stretch.start, since)
            if min(stretch.end, end) - begin >= least:
                return begin, min(stretch.end, end), max(stretch.at, begin + least)
        return None

    def _quiet(self) -> NDArray[np.bool_]:
        frame = self._references.rate // 50
        known, whole = len(self._powers), len(self.samples) // frame
        new = self.samples[known * frame:whole * frame].reshape(-1, frame).astype(np.float64)
        self._powers = np.concatenate([self._powers, np.square(new).mean(axis=1)])
        return self._powers < power_of(SILENCE_DBM0)

    def _silence(self, since: int, end: int, lasting_s: float) -> tuple[int, int, int] | None:
        frame = self._references.rate // 50
        least = round(lasting_s * 50)
        first = -(-since // frame)
        quiet = self._quiet()[first:end // frame]
        edges = np.flatnonzero(np.diff(np.concatenate([[0], quiet.view(np.int8), [0]])))
        for begin, stop in edges.reshape(-1, 2):
            if stop - begin >= least:
                start = (first + int(begin)) * frame
                return start, (first + int(stop)) * frame, start + least * frame
        return None

    def _voice(self, name: str, since: int, end: int) -> tuple[int, int, int] | None:
        if name not in self._voices:
            self._voices[name] = VoiceTrack(name, self.began_at, self._references.rate)
        self._voices[name].advance(self.samples, self._references.sent, since, self._lately_apart)
        for spoken in self._voices[name].spoken:
            if spoken.start >= since and spoken.end <= end:
                return spoken.start, spoken.end, spoken.end
        return None

    def _again(self, name: str, since: int, end: int) -> tuple[int, int, int] | None:
        of = self._references
        if name not in of.sent:
            return None
        if name not in self._recorded:
            self._recorded[name] = RecordedTrack(name, of)
        sent = of.sent[name]
        ended = sent.until < self.began_at + len(self.samples) - of.rate
        return self._recorded[name].first(self.samples, sent, since, end, self._lately_cut, ended=ended)

    def describe(self, since: int, until: int) -> str:
        """Say in words what was heard, in the order in which it came; times in seconds of the run's clock."""
        begin, end, parts = self._parts(since, until)
        quiet = self._quiet()
        return told(parts, self._powers, quiet, begin=begin, end=end, rate=self._references.rate,
                    zero=self.began_at)

    def besides(self, sounds: Collection[Sound], since: int, until: int) -> str:
        """Say what else was heard than these sounds; empty if nothing was."""
        of = self._references
        begin, end, parts = self._parts(since, until)
        names = {self._called(sound) for sound in sounds}
        names |= {f"{name} in {of.language}" for name in names if of.language and " in " not in name}
        quiet = self._quiet()
        return besides(parts, names, self._powers, quiet, begin=begin, end=end, rate=of.rate, zero=self.began_at)

    def _called(self, sound: Sound) -> str:
        """Return how a sound is called where all that was heard is told."""
        match sound:
            case HoldMusic():
                return "hold-music"
            case ToneSound(name):
                return f"the tone {name}"
            case VoiceSound(name):
                return f"{name}'s voice"
            case PromptSound(name):
                return f"the prompt {self._references.prompts[name][0].name}"
            case _:
                return ""

    def _parts(self, since: int, until: int) -> tuple[int, int, list[HeardPart]]:
        """Return a stretch, since the ear began, and the known sounds in it."""
        of = self._references
        begin = max(since - self.began_at, 0)
        end = min(until - self.began_at, len(self.samples))
        before = max(begin - round(_BEFORE_S * of.rate), 0)
        parts: list[HeardPart] = []
        once = cache(self._cut)  # all prompts are looked for in the same stretches
        for name in of.prompts:
            tracks = self._tracks("prompt", name, before, once)
            of_first = f" in {of.language}" if of.language and " in " not in name else ""
            said = [HeardPart(h.start, t.extent(self.samples, h.start), f"the prompt {name}{of_first}", brief=True)
                    for t in tracks for h in t.heard]
            parts += joined(said, _SLOT_S * of.rate) if len(tracks) > 1 else said
            rested(tracks)
        for name in of.tones:
            parts += [HeardPart(h.start, t.extent(self.samples, h.start), f"the tone {name}", brief=True)
                      for t in self._tracks("tone", name, before) for h in t.heard]
        self._music_of(self._music, before, end)
        parts += [HeardPart(s.start, s.end, "hold-music") for s in self._music.stretches]
        for name in of.sent:
            if name != self.caller:
                self._voice(name, before, end)
                spoken = self._voices[name].spoken
                # too little of it to be heard as one that speaks now
                which = "" if any(s.start >= begin and s.end <= end for s in spoken) else "the end of "
                parts += joined((HeardPart(s.start, s.until, f"{which}{name}'s voice") for s in spoken), of.rate)
        return begin, end, parts
