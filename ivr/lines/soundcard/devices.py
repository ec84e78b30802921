"""Which sound devices there are, and which one is meant."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from ivr.lines.soundcard.errors import AmbiguousDevice, NoDevice
from ivr.lines.soundcard.portaudio import Audio

Way = Literal["input", "output"]
_WHAT = {"input": "microphone", "output": "speaker"}


@dataclass(frozen=True, slots=True)
class Device:
    """A sound device.

    Attributes
    ----------
    number : int
        As PortAudio counts; it may be another one after the next plugging in.
    host : str
        The system that it belongs to, such as ALSA.
    inputs, outputs : int
        Most channels it takes in and gives out.
    rate : int
        Samples a second that it takes by default.
    default_input, default_output : bool
        Whether it is used when none is named.
    """

    number: int
    name: str
    host: str
    inputs: int
    outputs: int
    rate: int
    default_input: bool
    default_output: bool

    def as_json(self) -> dict[str, Any]:
        """Return the device as plain values."""
        return asdict(self)


def devices(audio: Audio) -> list[Device]:
    """Return all devices, in the order of their numbers."""
    try:
        default = audio.get_default_host_api_info()
    except OSError:
        default = {}
    found = []
    for number in range(audio.get_device_count()):
        info = audio.get_device_info_by_index(number)
        host = audio.get_host_api_info_by_index(int(info["hostApi"]))
        found.append(Device(
            number, str(info["name"]), str(host["name"]), int(info["maxInputChannels"]),
            int(info["maxOutputChannels"]), round(float(info["defaultSampleRate"])),
            number == default.get("defaultInputDevice"), number == default.get("defaultOutputDevice")))
    return found


def chosen(among: Sequence[Device], wanted: str, way: Way, *, both: bool = False) -> Device:
    """Return the device that is meant.

    Parameters
    ----------
    wanted : str
        A number, a name or a part of one; empty for the default.
    both : bool
        Whether it is needed: nobody is told to do without it.

    Raises
    ------
    NoDevice
        If none fits.
    AmbiguousDevice
        If several do.
    """
    able = [device for device in among if (device.inputs if way == "input" else device.outputs) > 0]
    if not able:
        mend = "and see that no other program holds it" if both else (
            f"see that no other program holds it, or use --no-{_WHAT[way]}")
        raise NoDevice(f"there is no {_WHAT[way]} here: plug one in, {mend}")
    if not wanted:
        default = [one for one in able if (one.default_input if way == "input" else one.default_output)]
        return default[0] if default else able[0]
    if wanted.isascii() and wanted.isdigit():
        fits = [device for device in able if device.number == int(wanted)]
    else:
        fits = [device for device in able if device.name == wanted] or \
               [device for device in able if wanted.casefold() in device.name.casefold()]
    if not fits:
        names = ", ".join(f"{device.number} {device.name!r}" for device in able[:8])
        raise NoDevice(f"there is no {_WHAT[way]} {wanted!r}: take one of {names}; one that another program holds "
                       "is not shown")
    if len(fits) > 1:
        names = ", ".join(f"{device.number} {device.name!r}" for device in fits[:8])
        raise AmbiguousDevice(f"the {_WHAT[way]} {wanted!r} fits several devices, {names}: give a number")
    return fits[0]
