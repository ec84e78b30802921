"""Digits being collected: the conference ID and the PIN.

What each odd entry means, stated once (tests/ivr/engine/test_entries.py quotes it):

=====================================  ==================================================================
typed                                  meaning
=====================================  ==================================================================
`#` alone                              nothing heard: one try is spent, the question comes again
`*` within an ID or a PIN              begin again: what was typed is dropped, no try is spent
7 digits and `#`, or 5 s of silence    a conference ID (A1.11)
7 digits and `*`                       a conference ID; the `*` is typed ahead to the next question. If no
                                       meeting has the ID, the `*` has begun the next entry
fewer than 7 digits, ended             too short: one try
more than 7 digits and `#`             too long: one try
more than 7 digits and 5 s of silence  if the first seven are a meeting's ID, it is taken, the caller is told
                                       which, and the rest is dropped; else too long: one try
more than 7 digits and `*`             begin again, as within any entry
PIN of fewer than 4 or more than 12    wrong, without asking: no such PIN exists (B1.2)
A to D                                 not on a caller's keypad: noted, otherwise as if never pressed
=====================================  ==================================================================
"""

from dataclasses import dataclass, field

from ivr.conference.table import Event

TERMINATOR = "#"
BEGIN_AGAIN = "*"
LETTERS = "ABCD"

_KEPT = 32
"""Digits of one entry that are kept; more only make it longer still."""


@dataclass(slots=True)
class Entry:
    """The digits of one answer so far, and when each came (samples)."""

    digits: str = field(default="", repr=False)
    times: list[int] = field(default_factory=list)

    def clear(self) -> None:
        """Forget everything typed."""
        self.digits = ""
        self.times = []

    def add(self, key: str, at: int) -> None:
        """Take one digit, or drop all of them for the key that begins again."""
        if key == BEGIN_AGAIN:
            self.clear()
        elif len(self.digits) < _KEPT:
            self.digits += key
            self.times.append(at)


def conference_id_ended(digits: str, length: int, *, silence: bool) -> Event:
    """Return what an entry of a conference ID amounts to, ended by silence or by a key."""
    if not digits:
        return Event.NOTHING_HEARD
    if len(digits) > length:
        return Event.OVERFULL if silence else Event.TOO_LONG
    return Event.ENTERED if len(digits) == length else Event.TOO_SHORT


def pin_ended(digits: str, lengths: range) -> Event:
    """Return what an ended entry of a PIN amounts to."""
    if not digits:
        return Event.NOTHING_HEARD
    return Event.ENTERED if len(digits) in lengths else Event.WRONG_PIN
