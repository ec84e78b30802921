"""Keys come in the audio, and beside it: which of them count.

RFC 4733 outranks what a stream tells, that outranks INFO, and INFO the audio. The first key of a higher source
takes over for good in that call; one that was counted already from a lower source counts once, as the earlier. What
did not count is told in the journal, without saying which key it was: it may be one of a PIN's.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from dtmf import DigitEnded, DigitHeard
from ivr.clock import samples
from ivr.engine.call import Call
from ivr.engine.messages import DigitBegan, DigitOver

AUDIO, INFO, STREAM, RFC4733 = "audio", "info", "stream", "rfc4733"
_RANK = {AUDIO: 0, INFO: 1, STREAM: 2, RFC4733: 3}

SAME = samples(0.15)
"""How far apart two sources may tell of one key, beyond its length."""

_UNKNOWN = float("nan")
"""The level and frequencies of what has no sound."""

Heard = DigitHeard | DigitEnded


@dataclass(slots=True)
class _Key:
    """A key that counted."""

    key: str = field(repr=False)  # it may be one of a PIN's
    rank: int
    start: int
    end: int | None = None
    """None while it is down."""

    def past(self, at: int) -> bool:
        """Tell whether a key that begins at a sample cannot be this one, nor any that comes later."""
        return self.end is not None and at > self.end + SAME

    def near(self, at: int) -> bool:
        """Tell whether a key that begins at a sample may be this one."""
        return at >= self.start - SAME and not self.past(at)


@dataclass(slots=True)
class _Keys:
    """The keys of a call."""

    rank: int = 0
    counted: list[_Key] = field(default_factory=list)
    """None that is long past."""
    down: dict[tuple[str, int], _Key | None] = field(default_factory=dict)
    """What is down, by source, and of keys in the audio by their beginning as well; None: it does not count."""


class Sources:
    """The keys of all calls.

    Parameters
    ----------
    calls : mapping of serial to Call
    note : callable
        Writes an entry of a call into the journal.
    """

    def __init__(self, calls: Mapping[int, Call], note: Callable[..., None]) -> None:
        self._calls, self._note = calls, note
        self._keys: dict[int, _Keys] = {}
        self._told: list[tuple[int, DigitBegan | DigitOver]] = []

    def __bool__(self) -> bool:
        """Tell whether anything has come beside the audio since the last tick."""
        return bool(self._told)

    def tell(self, call: Call, event: DigitBegan | DigitOver) -> None:
        """Take a key that came beside the audio, for the next tick."""
        self._told.append((call.serial, event))

    def sift(self, heard: list[Heard], serials: Mapping[int, int], now: int) -> list[Heard]:
        """Return what counts of all that has come.

        Parameters
        ----------
        heard : list of DigitHeard and DigitEnded
            What the decoder has told in this tick.
        serials : mapping of row to serial
        now : int
            The sample at which the tick begins.

        Returns
        -------
        list of DigitHeard and DigitEnded
            Of keys without a sound level and frequencies are NaN. In the order of (moment, row).
        """
        told, self._told = self._told, []
        came = [(one.at + self._dialled_at(one, serials), 1, serials.get(one.channel, 0), AUDIO, one)
                for one in heard]
        if told:
            came += [(max(event.at, now), 0, serial, event.by, self._as_heard(self._calls[serial], event))
                     for serial, event in told if serial in self._calls]
            came.sort(key=lambda one: one[:3])
        sifted = [self._sifted(self._calls[serial], by, one, max(at, now)) if serial else one
                  for at, _, serial, by, one in came]
        return [one for one in sifted if one is not None]

    def forget(self, serial: int) -> None:
        """Be done with a call."""
        self._keys.pop(serial, None)

    def _dialled_at(self, one: Heard, serials: Mapping[int, int]) -> int:
        call = self._calls.get(serials.get(one.channel, 0))
        return call.dialled_at if call else 0

    def _as_heard(self, call: Call, event: DigitBegan | DigitOver) -> Heard:
        at = event.at - call.dialled_at
        if isinstance(event, DigitBegan):
            return DigitHeard(call.row, event.key, at, at)
        return DigitEnded(call.row, "", at, at, at, *(_UNKNOWN,) * 5)

    def _sifted(self, call: Call, by: str, one: Heard, at: int) -> Heard | None:
        keys = self._keys.setdefault(call.serial, _Keys())
        place = by, one.start if by == AUDIO else 0
        if isinstance(one, DigitEnded):
            key = keys.down.pop(place, None)
            if key is None:
                return None
            key.end = call.dialled_at + one.end
            return replace(one, digit=key.key, start=key.start - call.dialled_at)
        start, before = call.dialled_at + one.start, keys.down.get(place)
        if before is not None:
            before.end = start  # its end was lost
        keys.down[place] = key = self._counted(call, keys, _Key(one.digit, _RANK[by], start), by, at)
        return None if key is None else one

    def _counted(self, call: Call, keys: _Keys, key: _Key, by: str, at: int) -> _Key | None:
        """Return a key if it counts; else tell of it."""
        if key.rank < keys.rank:
            outranked = next(source for source, rank in _RANK.items() if rank == keys.rank)
            self._note(call, at, "not-counted", by=by, because=outranked)
            return None
        if key.rank > keys.rank:
            keys.rank = key.rank
            self._note(call, at, "keys-by", by=by)
        keys.counted = [one for one in keys.counted if not one.past(key.start)]
        for same in keys.counted:
            if same.key == key.key and same.rank < key.rank and same.near(key.start):
                keys.counted.remove(same)
                self._note(call, at, "not-counted", by=by, because="the same key")
                return None
        keys.counted.append(key)
        return key
