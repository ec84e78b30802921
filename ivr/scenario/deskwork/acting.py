"""The administrator of a story: carries out the steps, each at its place on the one clock."""

from collections import deque

from ivr.clock import FRAME
from ivr.directory.errors import DirectoryError
from ivr.engine.ports import FOREVER
from ivr.journal import Journal
from ivr.mail.errors import MailError
from ivr.scenario.desk.words import Order
from ivr.scenario.deskwork.clerk import Clerk
from ivr.scenario.errors import NothingThere
from ivr.scenario.failure import Failure
from ivr.scenario.others import Others
from ivr.scenario.steps import WITHIN, Awaited

NAME = "administrator"


class Administrator:
    """Does one step after the other; what takes no time is done in the tick in which it comes.

    Parameters
    ----------
    orders : tuple of Order
    clerk : Clerk
    others : Others
        How it stands with callers.

    Attributes
    ----------
    failure : Failure or None
        The step that did not come true.
    """

    def __init__(self, orders: tuple[Order, ...], clerk: Clerk, others: Others) -> None:
        self._orders = deque(orders)
        self._clerk, self._others = clerk, others
        self._began: int | None = None
        self._acted = False
        self.failure: Failure | None = None

    @property
    def finished(self) -> bool:
        """Whether all steps are done."""
        return not self._orders

    def until(self, now: int) -> int:
        """Return how long, after `act`, nothing more is done, in samples."""
        if not self._orders and not self._acted:
            return FOREVER
        order, began = self._orders[0] if self._orders else None, self._began
        if self._acted or began is None or order is None or order.word not in ("wait", "wait for"):
            return FRAME
        if order.word == "wait":
            return began + -(-int(order.options["time"]) // FRAME) * FRAME - now
        over = began + -(-int(order.options.get("within", WITHIN)) // FRAME) * FRAME - now
        return min(over, self._others.asked_again(_awaited(order), began, now))

    def act(self, now: int, journal: Journal) -> None:
        """Do what can be done at the start of this tick."""
        before = len(self._orders)
        self._act(now, journal)
        self._acted = before != len(self._orders) or self.failure is not None

    def _act(self, now: int, journal: Journal) -> None:
        while self._orders and self.failure is None:
            order = self._orders[0]
            began = self._began = now if self._began is None else self._began
            if not self._done(order, now, now - began, journal):
                return
            self._orders.popleft()
            self._began = None

    def _done(self, order: Order, now: int, waited: int, journal: Journal) -> bool:
        if order.word == "wait":
            return waited >= int(order.options["time"])
        if order.word == "wait for":
            awaited = _awaited(order)
            late = waited >= order.options.get("within", WITHIN)
            so = self._others.so(awaited, now - waited, now, late=late)
            if late and not so:
                self._fail(order, now, self._others.instead(awaited, now - waited, now))
            return so
        self._ask(order, now, journal)
        return True

    def _ask(self, order: Order, now: int, journal: Journal) -> None:
        try:
            self._clerk.do(order, now, journal)
        except (DirectoryError, NothingThere, MailError) as error:
            if order.refused is None or order.refused.casefold() not in str(error).casefold():
                self._fail(order, now, str(error))
        else:
            if order.refused is not None:
                self._fail(order, now, "it was done, and should have been refused")

    def _fail(self, order: Order, now: int, instead: str) -> None:
        self.failure = Failure(order.line, NAME, order.said, now, instead)


def _awaited(order: Order) -> Awaited:
    return Awaited(order.subject, order.options.get("in", ""), order.options.get("hears"))
