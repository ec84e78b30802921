"""How fast an ear is when asked every 100 ms: times real time, for each kind of sound, in three rooms."""

import time

import numpy as np

from ivr.scenario.hearing import CallerEar
from ivr.scenario.references import References, Sent
from ivr.scenario.sounds import HoldMusic, PromptSound, Silence, Sound, ToneSound, VoiceSound
from lobby.chimes import arrival, beep, departure
from lobby.music import hold_music
from prompts import Prompts

SECONDS = 120


def main() -> None:
    """Print one line a room and sound."""
    spoken = Prompts(rate=8000)
    music, said = hold_music(8000), spoken.all_fixed()
    began = time.perf_counter()
    references = References(said, music, {"arrival": arrival(), "departure": departure(), "record": beep()})
    print(f"construction: {(time.perf_counter() - began) * 1000:.0f} ms")
    speech = np.concatenate([clip for clips in said.values() for clip in clips])
    rooms = {"music": np.resize(music, SECONDS * 8000), "speech": np.resize(speech[::-1], SECONDS * 8000),
             "silence": np.zeros(SECONDS * 8000, np.int16)}
    references.sent["bela"] = Sent(0)
    references.sent["bela"].append(np.resize(np.roll(speech, 99999), SECONDS * 8000))
    sounds: list[Sound] = [PromptSound("wrong-pin"), PromptSound("wrong-pin", whole=True), HoldMusic(), Silence(),
                           VoiceSound("bela"), ToneSound("arrival")]
    for room, samples in rooms.items():
        for sound in sounds:
            ear = CallerEar(references, caller="anna", began_at=0)
            spent = 0.0
            for k in range(0, len(samples), 800):
                for f in range(k, k + 800, 160):
                    ear.hear(samples[f:f + 160])
                began = time.perf_counter()
                ear.find(sound, 0)
                spent += time.perf_counter() - began
            print(f"{room:8} {sound!s:45} {SECONDS / spent:8.0f} x real time")


if __name__ == "__main__":
    main()
