"""What can go wrong in this package, split by whose fault it is.

::

    DtmfError
    ├── DigitError    the caller asked for a key that is not on the keypad   (also a ValueError)
    ├── LevelError    the caller asked for a tone that does not fit          (also a ValueError)
    ├── RateError     the sample rate is not one that can be heard           (also a ValueError)
    ├── UnknownSetting  there is no setting of this name                     (also a ValueError)
    ├── BreakError    a break within a key cannot be as long as asked for    (also a ValueError)
    ├── ShapeError    the array is not of the shape or type asked for        (also a ValueError)
    ├── AudioError    a file cannot be read or written as audio
    │   └── NoRoom    the disk does not take what is to be written
    └── CannotRun     the machine's fault: nobody answers, a part is missing
"""


class DtmfError(Exception):
    """The root: every message is one sentence that holds the bad value and says what to do.

    Attributes
    ----------
    value : str
        What is wrong, as the sentence has it; empty if that is nothing that could be typed otherwise.
    """

    exit_code = 2

    def __init__(self, message: str = "", *, value: object = "") -> None:
        super().__init__(message)
        self.value = str(value)


class DigitError(DtmfError, ValueError):
    """A character is none of the 16 keys."""


class LevelError(DtmfError, ValueError):
    """A level, a twist or a length cannot be made in 16 bits."""


class RateError(DtmfError, ValueError):
    """A sample rate is outside 4 to 192 kHz."""


class UnknownSetting(DtmfError, ValueError):
    """A setting is none of those that there are."""


class BreakError(DtmfError, ValueError):
    """A break that is to be bridged within a key is negative, or longer than any."""


class ShapeError(DtmfError, ValueError):
    """An array of samples has the wrong shape or type."""


class AudioError(DtmfError):
    """A file is missing, is not audio, holds nothing, or cannot be written."""


class CannotRun(DtmfError):
    """What is needed to run is not there: a scheduler that answers, workers, a part to install."""

    exit_code = 3


class NoRoom(AudioError):
    """The disk is full, or fails: the same command does it when there is room."""

    exit_code = 3
