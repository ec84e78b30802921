"""Opening a device at a rate that it takes."""

from collections.abc import Sequence
from dataclasses import dataclass

from ivr.lines.soundcard.devices import Device, Way
from ivr.lines.soundcard.errors import DeviceRefused
from ivr.lines.soundcard.portaudio import BAD_RATE, INT16, UNAVAILABLE, Audio, Stream, reason

_RATES = (48000, 44100, 32000, 16000, 8000, 96000)
"""Tried in this order: 48 kHz is what nearly every card runs at, and is six times ours."""

_LOWEST, _HIGHEST = 8000, 192_000
_BUFFER_S = {"input": 0.02, "output": 0.04}
"""What PortAudio is told as its unit; it holds about three of them."""


@dataclass(frozen=True, slots=True)
class Opened:
    """An open stream: `channels` of int16, interleaved.

    Attributes
    ----------
    lag_s : float
        How late its sound is, as the device says.
    """

    device: Device
    stream: Stream
    rate: int
    channels: int
    lag_s: float = 0.0


def opened(audio: Audio, device: Device, way: Way, rate: int | None) -> Opened:
    """Open a device at `rate`, or at the best rate that it takes.

    Raises
    ------
    DeviceRefused
        If it takes no such rate, or cannot be opened at all; the message says which.
    """
    rates = _order(device) if rate is None else (rate,)
    most = device.inputs if way == "input" else device.outputs
    last = OSError("")
    for wanted in rates:
        for channels in (1, 2)[:most]:
            try:
                stream = _open(audio, device, way, wanted, channels)
            except OSError as error:
                last = last if last.errno == BAD_RATE else error
                continue
            lag_s = stream.get_input_latency() if way == "input" else stream.get_output_latency()
            return Opened(device, stream, wanted, channels, lag_s)
        if last.errno == UNAVAILABLE:
            break
    raise DeviceRefused(_sentence(audio, device, way, rate, last))


def _open(audio: Audio, device: Device, way: Way, rate: int, channels: int) -> Stream:
    unit = round(_BUFFER_S[way] * rate)
    if way == "input":
        return audio.open(rate, channels, INT16, input=True, input_device_index=device.number,
                          frames_per_buffer=unit)
    return audio.open(rate, channels, INT16, output=True, output_device_index=device.number, frames_per_buffer=unit)


def _order(device: Device) -> Sequence[int]:
    # ALSA's answer is the first that PortAudio asked for; elsewhere it is the rate that the card runs at
    if device.host == "ALSA":
        return tuple(dict.fromkeys((*_RATES, device.rate)))
    return tuple(dict.fromkeys((device.rate, *_RATES)))


def _sentence(audio: Audio, device: Device, way: Way, rate: int | None, error: OSError) -> str:
    name = f"the {'microphone' if way == 'input' else 'speaker'} {device.name!r}"
    if error.errno == UNAVAILABLE:
        return (f"{name} is in use by another program, or cannot be reached: close what uses it, or choose another "
                f"by --{way} (see 'ivr devices')")
    if rate is not None and error.errno == BAD_RATE:
        takes = [str(other) for other in _order(device) if _takes(audio, device, way, other)]
        instead = f"it takes {', '.join(takes)}: " if takes else ""
        return f"{name} does not take {rate} samples a second; {instead}leave out --rate, or give one of these"
    return f"{name} cannot be opened ({reason(error)}): choose another by --{way} (see 'ivr devices')"


def _takes(audio: Audio, device: Device, way: Way, rate: int) -> bool:
    try:
        stream = _open(audio, device, way, rate, 1)
    except OSError:
        return False
    stream.close()
    return True
