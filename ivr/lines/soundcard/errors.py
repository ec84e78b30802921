"""What can be wrong with sound devices.

SoundCardError      the sound card's part cannot be done: a device, or what is needed for one, is missing
    NoPyAudio       PyAudio is not installed, or its library is not
    NoDevice        there is no device of the wanted kind, name or number
    DeviceRefused   it is there and cannot be used: busy, or not at this rate
    DeviceGone      it was pulled out, or went silent, during the call
AmbiguousDevice     several devices fit the name that was given
"""


class SoundCardError(Exception):
    """The sound card's part cannot be done here."""

    exit_code = 3


class NoPyAudio(SoundCardError):
    """PyAudio is missing or does not load.

    Attributes
    ----------
    remedy : str
        The command that mends it.
    """

    def __init__(self, message: str, *, remedy: str) -> None:
        super().__init__(message)
        self.remedy = remedy


class NoDevice(SoundCardError):
    """There is no such device."""


class DeviceRefused(SoundCardError):
    """A device that is there cannot be used, or not so."""


class DeviceGone(SoundCardError):
    """A device ended during the call."""


class AmbiguousDevice(Exception):
    """A name that several devices have."""

    exit_code = 2
