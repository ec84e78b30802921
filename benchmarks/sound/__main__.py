"""Makes docs/listen.html: the same call in every language, from a scenario, to listen to and to read along."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ivr.cli.kit import studio
from ivr.clock import RATE, samples, seconds
from ivr.conference.profile import PROFILES
from ivr.scenario.grammar import Words, load
from ivr.scenario.player import Result, play
from ivr.scenario.stage import Stage
from lobby import arrival, beep, departure, hold_music
from prompts import Prompts, languages
from prompts.level import active_level
from prompts.slots import KINDS, Samples, SlotKind, Value

HERE = Path(__file__).parent
DOCS = HERE.parents[1] / "docs"
FIRST = "en-US"
HEARD_BY = "anna"
KEYS = {"2534815": "2534815 #", "1234567": "1234567 #", "0": "0"}
"""What the journal shows of keys, as the page tells it."""


class Everybody:
    """The prompts in one language, whichever the bridge asks for."""

    def __init__(self, spoken: Prompts) -> None:
        self._spoken = spoken
        self.slots = spoken.slots

    def clips(self, name: str, language: str = "", /, **slots: Value) -> list[Samples]:  # noqa: ARG002
        """Return a prompt's clips."""
        return self._spoken.clips(name, **slots)

    def text(self, name: str, language: str = "", /, **slots: Value) -> str:  # noqa: ARG002
        """Return a prompt's words."""
        return self._spoken.text(name, **slots)


def stage(language: str) -> tuple[Prompts, Stage]:
    """Return a stage on which everybody speaks a language."""
    spoken = Prompts(language)
    return spoken, Stage(
        voice=Everybody(spoken), fixed=spoken.all_fixed(), music=hold_music(), voice_of=spoken.voice_of,
        tones={"arrival": arrival(), "departure": departure(), "record": beep()},
        studio=studio(spoken))


def played(language: str, words: dict[str, str], folder: Path) -> tuple[Prompts, Result]:
    """Play the call in a language; languages take different times, so others come later where that is longer.

    Raises
    ------
    SystemExit
        If the caller does not hear what the story says.
    """
    text = (HERE / "call.yaml").read_text(encoding="utf-8")
    spoken, on = stage(language)
    lasts = sum(len(clip) for name in ("welcome", "enter-conference-id", "organizer-question", "record-name",
                                       "wait-in-lobby") for clip in spoken.fixed(name)) / RATE
    lasts += sum(len(clip) for clip in spoken.clips("unknown-conference-id", conference_id="2534815")) / RATE
    filled = {**words, "starts": f"{lasts + 14:.0f}", "comes": f"{lasts + 10:.0f}"}
    for name, value in filled.items():
        text = text.replace(f"{{{name}}}", value)
    path = folder / f"{language}.yaml"
    path.write_text(text, encoding="utf-8")
    result = play(load(path, Words(spoken.names(), PROFILES)), on)
    if not result.passed:
        raise SystemExit(f"{language}: {result.failures[0]}")
    return spoken, result


def lines(spoken: Prompts, english: Prompts, result: Result, words: dict[str, str]) -> Iterator[dict[str, Any]]:
    """Give what the caller heard and did, in order, with the moment at which it began."""
    some = {SlotKind.DIGITS: "2534815", SlotKind.NAME: words["bela"],
            SlotKind.NAMES: [words["bela"].strip(".\u3002")], SlotKind.KEYS: "*", SlotKind.NUMBER: 1}
    began = next(take.dialled_at for take in result.takes if take.caller == HEARD_BY)
    for entry in result.journal:
        if entry.caller != HEARD_BY:
            continue
        pressed = KEYS.get(str(entry.facts.get("digits", entry.facts.get("key"))))
        here = {"at": seconds(entry.at - began), "name": "", "text": "", "gloss": ""}
        match entry.event:
            case "prompt":
                name = str(entry.facts["prompt"])
                slots = {slot: some[KINDS[slot]] for slot in spoken.slots(name)}
                at = int(str(entry.facts["began_at"])) - began
                yield {"at": seconds(at), "kind": "said", "text": spoken.text(name, **slots), "name": name,
                       "gloss": english.text(name, **slots) if english is not spoken else ""}
            case "music" if entry.facts["what"] == "starts":
                yield {**here, "kind": "music", "text": "hold music"}
            case "entered" | "key" if pressed:
                # an entry is told when its last key is down
                at = max(entry.at - began - len(pressed.replace(" ", "")) * samples(0.18), 0)
                yield {**here, "at": seconds(at), "kind": "did", "text": f"Anna presses {pressed}"}


def main() -> None:
    """Write the page and its sounds."""
    said = yaml.safe_load((HERE / "words.yaml").read_text(encoding="utf-8"))
    sounds = DOCS / "listen"
    sounds.mkdir(exist_ok=True)
    calls = []
    english = Prompts(FIRST)
    order = [FIRST, *(language for language in languages() if language != FIRST)]
    for language in order:
        spoken, result = played(language, said[language], sounds)
        (sounds / f"{language}.yaml").unlink()
        if not result.passed:
            sys.exit(f"{language}: {'; '.join(map(str, result.failures))}")
        heard = next(take.heard for take in result.takes if take.caller == HEARD_BY)
        soundfile.write(sounds / f"{language}.mp3", heard, RATE, format="MP3")
        calls.append({
            "id": language, "name": spoken.catalogue().name, "english": said[language]["language"],
            "seconds": len(heard) / RATE, "level": active_level(heard, RATE), "wave": outline(heard),
            "lines": sorted(lines(spoken, english if language != FIRST else spoken, result, said[language]),
                            key=lambda line: line["at"]),
        })
    menu, marks = [], []
    for key, language in enumerate(order, 1):
        marks.append({"id": language, "at": sum(map(len, menu)) / RATE,
                      "text": Prompts(language).text("this-language", key=str(key))})
        menu += [*Prompts(language).clips("this-language", key=str(key)), np.zeros(RATE // 2, np.int16)]
    soundfile.write(sounds / "menu.mp3", np.concatenate(menu), RATE, format="MP3")
    page = Environment(loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
                       lstrip_blocks=True).get_template("listen.html.j2")
    text = page.render(calls=calls, marks=marks)
    (DOCS / "listen.html").write_text(text + "\n", encoding="utf-8")
    size = sum(path.stat().st_size for path in sounds.iterdir()) + len(text)
    print(json.dumps({call["id"]: f"{call['seconds']:.0f} s, {call['level']:.1f} dBm0" for call in calls}))
    print(f"{DOCS / 'listen.html'}: {size / 1000:.0f} kB in all")


def outline(heard: np.ndarray, wide: int = 600) -> str:
    """Return the path of a waveform's outline, `wide` points of loudness."""
    frames = np.array_split(np.abs(heard.astype(int)), wide)
    tops = [min(frame.max() / 20000, 1.0) * 19 for frame in frames]
    up = " ".join(f"{x} {20 - top:.1f}" for x, top in enumerate(tops))
    down = " ".join(f"{x} {20 + top:.1f}" for x, top in reversed(list(enumerate(tops))))
    return f"M{up} {down}Z".replace(".0 ", " ")


if __name__ == "__main__":
    main()
