"""Emptying the outbox: what is due is carried, what failed is put back for later or given up.

A letter is delivered at least once: it is carried first and marked after, so that a crash in between brings it once
more, with the same Message-ID. Nobody else takes it meanwhile, as it is claimed for `CLAIM_S` seconds.

Whatever is wrong with one letter holds up no other, be it that it cannot be written or that its carrier breaks down
over it.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from email.message import EmailMessage
from typing import Protocol

from ivr.mail.delivery.errors import Undelivered
from ivr.mail.parcel import Parcel

FIRST_WAIT_S = 60
LONGEST_WAIT_S = 4 * 3600
MOST_TRIES = 26
"""A letter is tried for three days and a quarter of an hour: long enough for a server that fails over a weekend."""

BATCH = 50
CLAIM_S = 600


class Postbox(Protocol):
    """Where letters wait. Moments are seconds since 1970 UTC."""

    def claim(self, now: int, until: int, limit: int) -> Sequence[Parcel]:
        """Take up to `limit` letters that are due, so that nobody else takes them before `until`."""

    def wanted(self, number: int) -> bool:
        """Tell whether a letter is to be carried still: it may have been withdrawn since it was claimed."""

    def delivered(self, number: int, now: int) -> None:
        """Take it that a letter has been delivered: its PIN is erased."""

    def failed(self, number: int, now: int, reason: str, again_at: int | None) -> None:
        """Take it that a letter was not delivered; it is due again at a moment, or given up if there is none."""


class LetterCarrier(AbstractContextManager["LetterCarrier"], Protocol):
    """Carries letters; entered once for the letters of a round, so that they share a connection."""

    def carry(self, message: EmailMessage, recipient: str) -> None:
        """Deliver a letter to an address.

        Raises
        ------
        Undelivered
            If it could not be delivered.
        """


@dataclass(frozen=True, slots=True)
class Posted:
    """What became of the letters of one round.

    Attributes
    ----------
    troubles : tuple of str
        Why some were not delivered, each reason once, in the order they came up.
    """

    delivered: int = 0
    postponed: int = 0
    given_up: int = 0
    troubles: tuple[str, ...] = ()


def back_off(tries: int) -> int:
    """Return how long to wait, in seconds, after so many tries in vain: a minute, doubling, four hours at most.

    It is exact. Chance is added to such waits where many senders would come back to one server at the same moment;
    here there is one, whose letters share a connection, and a run is to be the same as its rerun.
    """
    if tries < 1:
        raise ValueError(f"{tries} tries cannot have failed: give 1 or more")
    return min(FIRST_WAIT_S << min(tries - 1, 16), LONGEST_WAIT_S)


def post(outbox: Postbox, carrier: LetterCarrier, clock: Callable[[], int], *, limit: int | None = None) -> Posted:
    """Carry every letter that is due now.

    Letters that become due meanwhile wait for the next round, so that this one ends. An error of the outbox is one
    of the database: it ends the round, and the letters that were claimed are due again when the claim is over.

    Parameters
    ----------
    clock : callable
        Seconds since 1970 UTC.
    limit : int, optional
        Carry this many letters at most.
    """
    began = clock()
    posted = Posted()
    taken = 0
    with carrier:
        while (room := BATCH if limit is None else min(BATCH, limit - taken)) > 0:
            claimed_at = max(began, clock())
            parcels = outbox.claim(began, claimed_at + CLAIM_S, room)
            if not parcels:
                break
            taken += len(parcels)
            for parcel in parcels:
                if clock() >= claimed_at + CLAIM_S // 2:
                    break  # the other half is for a letter on its way; these are due again when the claim is over
                if outbox.wanted(parcel.number):
                    posted = _posted(parcel, outbox, carrier, lambda: max(began, clock()), posted)
    return posted


def _posted(parcel: Parcel, outbox: Postbox, carrier: LetterCarrier, clock: Callable[[], int], posted: Posted
            ) -> Posted:
    if (failure := _carried(parcel, carrier)) is None:
        outbox.delivered(parcel.number, clock())
        return replace(posted, delivered=posted.delivered + 1)
    now, tries = clock(), parcel.tries + 1
    again_at = None if failure.lasting or tries >= MOST_TRIES else now + back_off(tries)
    outbox.failed(parcel.number, now, failure.reason, again_at)
    troubles = tuple(dict.fromkeys((*posted.troubles, failure.reason)))
    if again_at is None:
        return replace(posted, given_up=posted.given_up + 1, troubles=troubles)
    return replace(posted, postponed=posted.postponed + 1, troubles=troubles)


def _carried(parcel: Parcel, carrier: LetterCarrier) -> Undelivered | None:
    if parcel.message is None:
        return Undelivered(parcel.trouble, lasting=parcel.lasting)
    try:
        carrier.carry(parcel.message, parcel.recipient)
    except Undelivered as failure:
        return failure
    except Exception as fault:  # whatever it is, the other letters go; what it says could quote the letter
        return Undelivered(f"this program broke down over the letter to {parcel.recipient} "
                           f"({type(fault).__name__}): please report it")
    return None
