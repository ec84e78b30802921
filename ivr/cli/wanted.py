"""Which devices a command means: looked at before one is opened."""

from ivr.cli.faults import UsageError
from ivr.lines.soundcard.card import Wanted

_RATES = (8000, 192_000)


def check_devices(wanted: Wanted) -> None:
    """See that these devices can be meant.

    Raises
    ------
    UsageError
        If they cannot.
    """
    if not wanted.microphone and not wanted.speaker:
        raise UsageError("--no-microphone and --no-speaker together leave nothing to call with: leave out one")
    for name, way, there in (("input", "microphone", wanted.microphone), ("output", "speaker", wanted.speaker)):
        if getattr(wanted, name) and not there:
            raise UsageError(f"--{name} names a {way} and --no-{way} wants none: leave out one of them")
    if wanted.rate is not None and not _RATES[0] <= wanted.rate <= _RATES[1]:
        raise UsageError(f"--rate {wanted.rate} is no rate for a call: take {_RATES[0]} to {_RATES[1]} samples a "
                         "second, or leave it out")
