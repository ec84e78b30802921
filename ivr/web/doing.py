"""Has something done in a session's thread, waits for what comes of it, and notes who wanted it."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from ivr.journal import Entry
from ivr.live.session import Session

T = TypeVar("T")

_PATIENCE_S = 5.0


class NotDone(Exception):
    """The session has not done it, or has ended."""

    exit_code = 3


class PresenterActs:
    """Does what a presenter wants.

    Parameters
    ----------
    bridge : Session
        Whose journal tells of all that was wanted.
    """

    def __init__(self, bridge: Session) -> None:
        self._bridge = bridge

    def noted(self, what: str, by: str, **about: Any) -> None:  # noqa: ANN401  (any plain value, and no secret)
        """Have an entry of the journal tell that somebody wants something."""
        bridge = self._bridge.bridge
        facts = {"what": what, **({"by": by} if by else {}), **about}
        self._bridge.post(lambda: bridge.journal.write(Entry(bridge.now, 0, "", "presenter", facts)))

    def done(self, session: Session, act: Callable[[], T]) -> T:
        """Return what comes of something that is done before the session's next tick.

        Raises
        ------
        NotDone
            If it has not come in time: the session has ended, or is held.
        Exception
            What the act raises.
        """
        future: Future[T] = Future()

        def acts() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                future.set_result(act())
            except Exception as error:
                future.set_exception(error)

        if session.over:
            return act()  # nobody else is at work there
        session.post(acts)
        try:
            return future.result(_PATIENCE_S)
        except TimeoutError:
            future.cancel()
            raise NotDone("it is not done: nothing goes on there now") from None
