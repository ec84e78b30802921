"""The faults: each is put into a bridge that is right, and a story that is played on it has to fail by its words.

A fault changes what is said (`voice`), a sound (`stage`), the bridge that was put together (`bridge`), or the rules
(`rules`); what callers take for right stays what it was.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ivr.clock import FRAME, RATE
from ivr.conference.bridge import ConferenceBridge
from ivr.scenario.player import Performance, Result
from ivr.scenario.references import References
from ivr.scenario.stage import Stage
from ivr.scenario.steps import Scenario
from lobby import hold_music
from prompts.slots import KINDS, SlotKind

Samples = NDArray[np.int16]
Clips = list[Samples]
Frames = Callable[[Samples], Samples]


class Changed:
    """A voice that says something otherwise.

    Parameters
    ----------
    voice : Voice
        The right one.
    clips : callable
        Given the clips of a prompt, returns those that are said.
    slot : callable
        Given the kind of a slot and its value, returns what is said of it.
    """

    def __init__(self, voice: Any, clips: Callable[[Clips], Clips], slot: Callable[[SlotKind, Any], Any]) -> None:
        self._voice, self._clips, self._slot = voice, clips, slot

    def __getattr__(self, name: str) -> Any:
        return getattr(self._voice, name)

    def clips(self, name: str, language: str = "", /, **slots: Any) -> Clips:
        """Return what is said of a prompt."""
        said = {key: self._slot(KINDS[key], value) for key, value in slots.items()}
        return self._clips([*self._voice.clips(name, language, **said)])


@dataclass(frozen=True)
class Fault:
    """One fault; `stories` are patterns of those that are likely to notice it, which are tried first."""

    stories: tuple[str, ...] = ()
    clips: Callable[[Clips], Clips] | None = None
    slot: Callable[[SlotKind, Any], Any] | None = None
    stage: Callable[[Stage], Mapping[str, Any]] | None = None
    bridge: Callable[[ConferenceBridge], object] | None = None
    rules: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Faulty(Stage):
    """A stage that has a fault; what ought to be heard is known from one without."""

    right: Stage = field(kw_only=True)

    def references(self, languages: tuple[str, ...]) -> References:
        """Return what would be heard."""
        return self.right.references(languages)


def played(scenario: Scenario, stage: Stage, fault: Fault) -> Result:
    """Return how a story goes where the product has a fault."""
    if fault.rules:
        scenario = replace(scenario, product=replace(scenario.product, **fault.rules))
    changes = dict(fault.stage(stage)) if fault.stage else {}
    if fault.clips or fault.slot:
        changes["voice"] = Changed(stage.voice, fault.clips or (lambda clips: clips),
                                   fault.slot or (lambda _, value: value))
    faulty = _Faulty(**{each.name: getattr(stage, each.name) for each in fields(stage)} | changes, right=stage)
    with Performance(scenario, faulty) as performance:
        if fault.bridge:
            fault.bridge(performance.exchange.bridge)
        while not performance.over:
            performance.step()
        return performance.end()


# what is said


def each(change: Frames) -> Callable[[Clips], Clips]:
    """Change every clip."""
    return lambda clips: [change(clip) for clip in clips]


def as_one(change: Frames) -> Callable[[Clips], Clips]:
    """Change a prompt as a whole."""
    return lambda clips: [change(np.concatenate(clips))] if clips else clips


def quieter(db: float) -> Frames:
    """Make a sound quieter."""
    return lambda sound: np.rint(sound * 10 ** (-db / 20)).astype(np.int16)


def clipped(sound: Samples) -> Samples:
    """Make a sound eight times as loud as there is room for."""
    return np.clip(sound.astype(np.int32) * 8, -32768, 32767).astype(np.int16)


def with_gaps(sound: Samples) -> Samples:
    """Leave out 20 ms in every 200."""
    holed = sound.copy()
    for at in range(800, len(holed), 1600):
        holed[at:at + 160] = 0
    return holed


def faster(sound: Samples) -> Samples:
    """Play a sound a tenth too fast, and too high."""
    at = np.arange(0, max(len(sound) - 1, 1), 1.1)
    return np.interp(at, np.arange(len(sound)), sound).astype(np.int16)


def half(sound: Samples) -> int:
    """Return where the second half of a sound begins."""
    return len(sound) // 2


def of_kind(kind: SlotKind, change: Callable[[Any], Any]) -> Callable[[SlotKind, Any], Any]:
    """Change the value of slots of one kind."""
    return lambda one, value: change(value) if one is kind else value


def backwards(value: Any) -> Any:
    """Turn recorded names round."""
    if isinstance(value, np.ndarray):
        return value[::-1].copy()
    return [backwards(one) for one in value] if isinstance(value, list | tuple) else value


# the bridge


def heard(change: Callable[[Samples, Samples, Any], Samples]) -> Callable[[ConferenceBridge], None]:
    """Change what comes out of every tick: given that, what came in, and a place to keep something."""
    def put_in(bridge: ConferenceBridge) -> None:
        right, kept = bridge.tick, {}

        def tick(heard: Samples, missing: Any = None) -> Samples:
            return change(right(heard, missing), heard, (bridge, kept))

        bridge.tick = tick
    return put_in


def out(change: Frames) -> Callable[[ConferenceBridge], None]:
    """Change what every caller hears, a frame at a time."""
    return heard(lambda spoken, _, __: change(spoken))


def dropped(spoken: Samples, _: Samples, place: Any) -> Samples:
    """Lose a frame in ten."""
    bridge, _ = place
    return spoken if bridge.now // FRAME % 10 else np.zeros_like(spoken)


def noisy(spoken: Samples, _: Samples, place: Any) -> Samples:
    """Add noise at -36 dBm0."""
    bridge, _ = place
    noise = np.random.default_rng(bridge.now).normal(0, 360, spoken.shape)
    return np.clip(spoken + noise, -32768, 32767).astype(np.int16)


def before(spoken: Samples, kept: dict[str, Any], frames: int) -> Samples:
    """Return what came out so many frames ago."""
    line = kept.setdefault("line", [])
    line.append(spoken.copy())
    past = line.pop(0) if len(line) > frames else 0 * spoken
    return past[:len(spoken)] if len(past) >= len(spoken) else np.pad(past, ((0, len(spoken) - len(past)), (0, 0)))


def echoing(spoken: Samples, _: Samples, place: Any) -> Samples:
    """Add everything once more, 300 ms later and 6 dB down."""
    echo = before(spoken, place[1], 15) // 2
    return np.clip(spoken.astype(np.int32) + echo, -32768, 32767).astype(np.int16)


def late(spoken: Samples, _: Samples, place: Any) -> Samples:
    """Let everything come half a second late."""
    return before(spoken, place[1], 25)


def leaking(spoken: Samples, heard: Samples, place: Any) -> Samples:
    """Let those in the lobby hear what is said by those in a meeting, 24 dB down."""
    bridge, _ = place
    inside = [call.row for call in bridge.calls.values() if call.state == "meeting"]
    waiting = [call.row for call in bridge.calls.values() if call.state == "lobby"]
    if inside and waiting:
        leak = heard[inside].astype(np.int32).sum(axis=0) // 16
        spoken[waiting] = np.clip(spoken[waiting] + leak, -32768, 32767)
    return spoken


def neighbouring(spoken: Samples, heard: Samples, place: Any) -> Samples:
    """Let those in a lobby hear each other, 24 dB down."""
    bridge, _ = place
    waiting = [call.row for call in bridge.calls.values() if call.state == "lobby"]
    if len(waiting) > 1:
        said = heard[waiting].astype(np.int32)
        spoken[waiting] = np.clip(spoken[waiting] + (said.sum(axis=0) - said) // 16, -32768, 32767)
    return spoken


def still_playing(spoken: Samples, _: Samples, place: Any) -> Samples:
    """Let those in a meeting hear the hold music, 12 dB down, as it goes on."""
    bridge, kept = place
    music = kept.setdefault("music", hold_music())
    inside = [call.row for call in bridge.calls.values() if call.state == "meeting"]
    if inside:
        now = np.take(music, range(bridge.now, bridge.now + FRAME), mode="wrap").astype(np.int32)
        spoken[inside] = np.clip(spoken[inside] + now // 4, -32768, 32767)
    return spoken


def crossed(spoken: Samples, _: Samples, place: Any) -> Samples:
    """Let the first two callers hear each other's prompts."""
    bridge, _ = place
    rows = sorted(call.row for call in bridge.calls.values())[:2]
    if len(rows) == 2:
        spoken[rows] = spoken[rows[::-1]]
    return spoken


Mix = Callable[..., Samples]


def mix(change: Callable[[Mix, Samples, NDArray[np.int64]], Samples]) -> Callable[[ConferenceBridge], None]:
    """Change what the mix gives: given what mixes, what goes in, and the rows that are in rooms."""
    def put_in(bridge: ConferenceBridge) -> None:
        mixer = bridge._mixing._mixer
        right = mixer.mix
        mixer.mix = lambda heard, extra=None: change(
            lambda heard: right(heard, extra), heard, np.flatnonzero(mixer._room >= 0))
    return put_in


def himself(right: Mix, heard: Samples, rows: NDArray[np.int64]) -> Samples:
    """Let everyone in a room hear himself, 12 dB down."""
    spoken = right(heard)
    spoken[rows] = np.clip(spoken[rows].astype(np.int32) + heard[rows] // 4, -32768, 32767)
    return spoken


def without_first(right: Mix, heard: Samples, rows: NDArray[np.int64]) -> Samples:
    """Let nobody hear the first in a room."""
    heard = heard.copy()
    heard[rows[:1]] = 0
    return right(heard)


def unclamped(bridge: ConferenceBridge) -> None:
    """Let others hear keys."""
    right, came = bridge.tick, {}

    def tick(heard: Samples, missing: Any = None) -> Samples:
        came["heard"] = heard
        return right(heard, missing)

    bridge.tick = tick
    bridge.clamped = lambda: came["heard"]


def without(part: str, name: str) -> Callable[[ConferenceBridge], None]:
    """Have a part of the bridge not do something."""
    return lambda bridge: setattr(getattr(bridge, part), name, lambda *_, **__: None)


def unstopped(bridge: ConferenceBridge) -> None:
    """Say a prompt to its end, whatever is keyed meanwhile."""
    players = bridge._players
    right = players.speak
    players.cut = lambda *_: None
    players.speak = lambda call, parts, at, *, cuts: right(call, parts, at, cuts=False)  # noqa: ARG005


def unducked(bridge: ConferenceBridge) -> None:
    """Leave a room as loud as it is under a prompt."""
    right = bridge._mixing._ducked.apply
    bridge._mixing._ducked.apply = lambda frame, _: right(frame, {})


def music(change: Frames) -> Callable[[Stage], Mapping[str, Any]]:
    """Change the hold music."""
    return lambda stage: {"music": change(stage.music)}


def tones(names: Iterable[str], change: Callable[[Mapping[str, Samples]], Samples]) -> Any:
    """Change tones."""
    return lambda stage: {"tones": {**stage.tones, **{name: change(stage.tones) for name in names}}}


ANY = ("a7-prompts-*", "s0-15-lobby", "a7-*", "a1-12-*")
LOBBY = ("s0-15-lobby", "a3-*", "peers-the-music-stops")
ROOM = ("a3-15-*", "a5-*", "s0-15-lobby", "a6-*")
FAULTS: Mapping[str, Fault] = {
    "prompts 12 dB down": Fault(ANY, clips=each(quieter(12))),
    "prompts 40 dB down": Fault(ANY, clips=each(quieter(40))),
    "prompts said twice": Fault(ANY, clips=lambda clips: clips * 2),
    "prompts cut at 60 %": Fault(ANY, clips=as_one(lambda sound: sound[:len(sound) * 6 // 10])),
    "second half of prompts said twice": Fault(ANY, clips=as_one(
        lambda sound: np.concatenate([sound, sound[half(sound):]]))),
    "prompts with drop-outs": Fault(ANY, clips=each(with_gaps)),
    "prompts clipped eightfold": Fault(ANY, clips=each(clipped)),
    "prompts backwards": Fault(ANY, clips=each(lambda sound: sound[::-1].copy())),
    "prompts a tenth too fast": Fault(ANY, clips=each(faster)),
    "prompts without their first half second": Fault(ANY, clips=as_one(
        lambda sound: sound[RATE // 2:] if len(sound) > RATE else sound)),
    "only the first piece of a prompt": Fault(ANY, clips=lambda clips: clips[:1]),
    "digits read back backwards": Fault(("a1-12-*", "f1-*"), slot=of_kind(SlotKind.DIGITS, lambda v: v[::-1])),
    "numbers one too high": Fault(("a4-10-*", "a5-roll-call", "f1-8-*"), slot=of_kind(
        SlotKind.NUMBER, lambda v: min(int(v) + 1, 999))),
    "another key named": Fault(("a5-help-*", "a1-4-*"), slot=of_kind(SlotKind.KEYS, lambda _: "9")),
    "names backwards": Fault(("a4-4-*", "a4-*"), slot=lambda kind, v: backwards(v) if kind in (
        SlotKind.NAME, SlotKind.NAMES) else v),
    "music that stops after 12 s": Fault(("a3-4-*",), stage=music(lambda sound: np.where(
        np.arange(len(sound)) < 12 * RATE, sound, 0).astype(np.int16))),
    "music goes on in a meeting": Fault(LOBBY, bridge=heard(still_playing)),
    "those in a lobby hear each other": Fault(("a3-4-*",), bridge=heard(neighbouring)),
    "no music": Fault(LOBBY, stage=music(np.zeros_like)),
    "music 12 dB down": Fault(LOBBY, stage=music(quieter(12))),
    "music from the wrong place": Fault(LOBBY, stage=music(lambda sound: np.roll(sound, half(sound)))),
    "music with drop-outs": Fault(LOBBY, stage=music(with_gaps)),
    "music backwards": Fault(LOBBY, stage=music(lambda sound: sound[::-1].copy())),
    "the tone of comings at goings": Fault(("a4-2-*",), stage=tones(("departure",), lambda all_: all_["arrival"])),
    "no tones in a meeting": Fault(("a4-2-*",), bridge=lambda bridge: setattr(
        bridge._mixing, "sound", lambda *_: None)),
    "no tone before a recording": Fault(("f4-*", "a4-4-*"), stage=tones(
        ("record",), lambda all_: 0 * all_["record"])),
    "each hears himself": Fault(ROOM, bridge=mix(himself)),
    "nobody hears anybody": Fault(ROOM, bridge=mix(lambda right, heard, _: 0 * right(heard))),
    "the first is not heard": Fault(ROOM, bridge=mix(without_first)),
    "rooms 12 dB down": Fault(ROOM, bridge=mix(lambda right, heard, _: right(heard) // 4)),
    "keys are heard by others": Fault(("a3-15-*", "a5-*"), bridge=unclamped),
    "the muted are heard": Fault(("a5-a-muted-*", "a5-a-server-*"), bridge=without("_mixing", "mute")),
    "rooms as loud under prompts": Fault(ROOM, bridge=unducked),
    "the lobby hears the meeting": Fault(("a3-*", "s0-15-*"), bridge=heard(leaking)),
    "two hear each other's prompts": Fault(LOBBY, bridge=heard(crossed)),
    "everything 12 dB down": Fault(ANY, bridge=out(lambda spoken: spoken // 4)),
    "everything 40 dB down": Fault(ANY, bridge=out(lambda spoken: spoken // 100)),
    "everything half a second late": Fault(ANY, bridge=heard(late)),
    "everything clipped eightfold": Fault(ANY, bridge=out(clipped)),
    "a frame in ten is lost": Fault(ANY, bridge=heard(dropped)),
    "noise": Fault(ANY, bridge=heard(noisy)),
    "an echo": Fault(ANY, bridge=heard(echoing)),
    "a key does not stop a prompt": Fault(("a7-*", "s0-15-*"), bridge=unstopped),
    "a conference ID has a try more": Fault(("a1-12-*", "a1-13-*"), rules={"conference_id_tries": 4}),
    "a PIN has a try more": Fault(("a2-13-*",), rules={"pin_tries": 4}),
    "silence takes four times as long": Fault(("a2-8-*", "a1-13-*"), rules={"organizer_timeout": 20 * RATE}),
}
"""Every fault by its name."""
