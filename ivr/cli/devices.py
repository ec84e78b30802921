"""`ivr devices`: the sound devices there are."""

import json

from ivr.lines.soundcard.devices import Device, devices
from ivr.lines.soundcard.errors import NoDevice
from ivr.lines.soundcard.portaudio import audio


def show(*, as_json: bool) -> int:
    """Print the devices, a line or one JSON object each; return the exit code."""
    with audio() as there:
        found = devices(there)
    if not found:
        raise NoDevice("there is no sound device here: plug one in, or see that no other program holds it")
    for device in found:
        print(json.dumps(device.as_json(), ensure_ascii=False) if as_json else _line(device))
    return 0


def _line(device: Device) -> str:
    ways = [f"{word}{' (default)' if default else ''}" for word, able, default in (
        ("microphone", device.inputs, device.default_input),
        ("speaker", device.outputs, device.default_output)) if able]
    return f"{device.number:3}  {device.name:<40}  {device.host:<10} {device.rate:6} Hz  {', '.join(ways)}".rstrip()
