"""What wrong PINs lead to: pure arithmetic (B3, F2). Moments in seconds since 1970, UTC.

The products say less than a program must know. Our choices [U]:

- the window begins with a wrong PIN; a right one neither begins one nor leaves one open;
- a window and a lock are over at their last second: what comes exactly then is after them;
- a try during a lock is refused unseen: it counts nowhere and prolongs nothing, be it right or wrong;
- where one wrong PIN reaches two limits, the lock that only an administrator can lift prevails, and a mailbox that
  locks is not reset as well (F2: the 15th);
- a limit that is off counts nothing, so switching it on later finds no old debts;
- a right PIN that has expired is refused, but it is no wrong one: the counts stay as they are.
"""

from dataclasses import dataclass, replace
from typing import Literal

from ivr.directory.administration import Limit, Lockout, PinRules

Reason = Literal["right", "wrong", "locked", "expired"]
"""What came of a try."""


@dataclass(frozen=True, slots=True)
class Tries:
    """What one PIN remembers of the tries at it.

    Attributes
    ----------
    local : int
        Wrong ones in the present window.
    local_since : int
        When that window began; of no meaning while `local` is 0.
    locked_until : int
        The end of a lock that ends by itself; 0 for none.
    overall : int
        Wrong ones since the last unlock (B3), or in sequence (F2).
    since_reset : int
        Wrong ones in sequence since the system last reset the PIN (F2).
    locked : bool
        Whether it is locked until an administrator unlocks it.
    """

    local: int = 0
    local_since: int = 0
    locked_until: int = 0
    overall: int = 0
    since_reset: int = 0
    locked: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of a try.

    Attributes
    ----------
    tries : Tries
        What to remember from now on.
    accepted : bool
        Whether the PIN opens what it is for.
    reset_due : bool
        Whether the system is to make a new PIN now and mail it (F2).
    newly_locked : bool
        Whether this very try has locked it, for a while or until an unlock.
    """

    tries: Tries
    accepted: bool
    reset_due: bool = False
    newly_locked: bool = False
    reason: Reason = "wrong"


def judge(tries: Tries, *, right: bool, digits: int, lockout: Lockout, now: int, expired: bool = False) -> Judged:
    """Judge one try.

    Parameters
    ----------
    right : bool
        Whether the entry is the PIN.
    digits : int
        Length of the PIN itself, not of the entry: else a caller would choose his own limits.
    expired : bool
        Whether the PIN has run out and cannot be changed in the call.
    """
    if is_locked(tries, now):
        return Judged(tries, accepted=False, reason="locked")
    tries = _aged(tries, lockout, now)
    if not right:
        return _wrong(tries, _limit(lockout, digits), lockout, now)
    if expired:
        return Judged(tries, accepted=False, reason="expired")
    tries = replace(tries, local=0, local_since=0, since_reset=0, overall=0 if lockout.forgiven else tries.overall)
    return Judged(tries, accepted=True, reason="right")


def is_locked(tries: Tries, now: int) -> bool:
    """Tell whether the PIN is locked at this moment, in either way."""
    return tries.locked or now < tries.locked_until


def locked(tries: Tries) -> Tries:
    """Return the tries after an administrator's lock (B4)."""
    return replace(tries, locked=True)


def unlocked(tries: Tries) -> Tries:  # noqa: ARG001
    """Return the tries after an administrator's unlock: both locks are off and every count is 0 (B3)."""
    return Tries()


def after_reset(tries: Tries, rules: PinRules) -> Tries:
    """Return the tries after somebody, not the system, has set a new PIN.

    Where a locked PIN must be unlocked first (B4), setting one is no unlock and forgives nothing; elsewhere locks
    and counts are gone (F3). The reset that the system makes itself is counted by `judge`.
    """
    return tries if rules.unlock_before_set else Tries()


def _aged(tries: Tries, lockout: Lockout, now: int) -> Tries:
    """Return the tries without a lock and a window that are over."""
    if tries.locked_until:
        tries = replace(tries, locked_until=0)
    if tries.local and lockout.window and now - tries.local_since >= lockout.window:
        tries = replace(tries, local=0, local_since=0)
    return tries


def _limit(lockout: Lockout, digits: int) -> Limit:
    """Return what a PIN of this length bears; a limit of 0 is off."""
    rows = [row for row in lockout.limits if row.digits <= digits] or lockout.limits[:1]
    row = rows[-1] if rows else Limit(digits, 0, 0)
    return Limit(digits, lockout.tries or row.local, lockout.lock_after or row.overall)


def _wrong(tries: Tries, limit: Limit, lockout: Lockout, now: int) -> Judged:
    """Count a wrong PIN and say what it leads to."""
    if limit.local:
        tries = replace(tries, local=tries.local + 1, local_since=tries.local_since if tries.local else now)
    if limit.overall:
        tries = replace(tries, overall=tries.overall + 1)
    if lockout.reset_after:
        tries = replace(tries, since_reset=tries.since_reset + 1)
    if 0 < limit.overall <= tries.overall:
        return Judged(replace(tries, local=0, local_since=0, locked=True), accepted=False, newly_locked=True)
    if 0 < limit.local <= tries.local:
        return Judged(replace(tries, local=0, local_since=0, locked_until=now + lockout.lock),
                      accepted=False, newly_locked=lockout.lock > 0)
    if 0 < lockout.reset_after <= tries.since_reset:
        return Judged(replace(tries, since_reset=0), accepted=False, reset_due=True)
    return Judged(tries, accepted=False)
