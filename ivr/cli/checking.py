"""`ivr phone --check`: plays the 16 keys, listens, and says what would be better."""

import json
import math
from dataclasses import asdict

import numpy as np

from dtmf import KEYS
from dtmf.limits import limits
from ivr.cli.faults import UsageError
from ivr.cli.phone import PhoneOptions
from ivr.cli.saying import FAILED, OK
from ivr.cli.wanted import check_devices
from ivr.clock import FRAME, RATE
from ivr.lines.soundcard.card import card
from ivr.lines.soundcard.check import Check, measured, played, through
from ivr.lines.soundcard.verdict import verdict
from ivr.live.recording import recording


def check(options: PhoneOptions, *, as_json: bool) -> int:
    """Check speaker and microphone; return 0 if every key is heard by the setting, else 1.

    Raises
    ------
    SoundCardError
        If a device cannot be used.
    """
    check_devices(options.wanted)
    limits(options.setting)
    if not options.wanted.microphone or not options.wanted.speaker:
        raise UsageError("--check plays keys and listens to them: it needs both a microphone and a speaker")
    sound = played()
    with card(options.wanted) as there:
        there.warm_up()
        heard = through(there, sound)
        found = measured(sound, heard, setting=options.setting, clipped=there.clipped,
                         glitches=there.glitches.lost + there.glitches.gaps + there.glitches.dropped)
        names = [one.device.name for one in (there.speaker, there.microphone) if one is not None]
    if options.record is not None:
        with recording(options.record) as keep:
            for frame in heard.reshape(-1, FRAME):
                keep(np.asarray(frame, np.int16))
    if as_json:
        print(json.dumps(_facts(found)))
    else:
        print(f"{len(KEYS)} keys by the speaker {names[0]!r}, {len(sound) / RATE:.0f} s, heard by the microphone "
              f"{names[1]!r}:")
        print("\n".join([*_lines(found), *verdict(found)]))
    return OK if found.heard(options.setting) == len(KEYS) and not found.spare else FAILED


def _lines(check: Check) -> list[str]:
    if not check.keys:
        return []
    rows = [f"  {key.key}   {key.level_dbm0:6.1f} dBm0   twist {key.twist_db:+5.1f} dB   {key.delay_ms:4.0f} ms   "
            f"{'heard' if key.default else 'with --setting wide' if key.wide else 'not heard'}"
            for key in check.keys]
    noise = "none" if math.isinf(check.noise_dbm0) else f"{check.noise_dbm0:.0f} dBm0"
    return [*rows, f"  delay {check.delay_ms:.0f} ms, noise {noise}, a key dies away in {check.decay_ms:.0f} ms"]


def _facts(check: Check) -> dict[str, object]:
    facts = {name: None if isinstance(value, float) and not math.isfinite(value) else value
             for name, value in asdict(check).items()}
    return {**facts, "heard": {name: check.heard(name) for name in ("default", "wide", "strict")},
            "verdict": verdict(check)}
