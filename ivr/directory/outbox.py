"""The outbox's outside: letters that wait, are carried, and have been delivered (D, S0.12)."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from ivr.directory.errors import NotFound
from ivr.directory.office import Office
from ivr.directory.pins import MASK_STARS
from ivr.directory.tables import Post
from ivr.mail.letters import Facts, Kind, Letter, email_of, write
from ivr.mail.parcel import Parcel


@dataclass(frozen=True, slots=True)
class LetterShown:
    """A letter as it is listed; moments in seconds since 1970, UTC.

    Attributes
    ----------
    state : str
        "waiting", "delivered" or "given up".
    trouble : str
        Why the last try failed.
    """

    number: int
    kind: str
    organizer: str
    recipient: str
    state: str
    written_at: int
    delivered_at: int | None
    due_at: int | None
    tries: int
    trouble: str
    message_id: str


class Outbox:
    """Letters on their way; what `ivr.mail.delivery` empties."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def claim(self, now: int, until: int, limit: int) -> list[Parcel]:
        """Take up to `limit` letters that are due, so that nobody else takes them before `until`."""
        with self._office.store.writing() as session:
            posts = session.scalars(
                select(Post).where(Post.due_at <= now, Post.claimed_until <= now).order_by(Post.number)
                .limit(limit).with_for_update(skip_locked=True)).all()
            parcels = []
            for post in posts:
                try:
                    pin = self._office.world.vault.open(post.sealed_pin) if post.sealed_pin else ""
                except LookupError:
                    post.due_at = None
                    post.trouble = ("its PIN was sealed with a key that is not here: deliver it where it was "
                                    "written, or reset the PIN once more")
                    continue
                post.claimed_until = until
                parcels.append(self._parcel(post, pin))
            return parcels

    def _parcel(self, post: Post, pin: str) -> Parcel:
        letter = self._letter(post, pin)
        message = email_of(letter, sender_name=post.sender_name, sender_address=post.sender,
                           recipient_name=post.recipient_name, recipient=post.recipient,
                           message_id=post.message_id, date=post.written_at)
        return Parcel(post.number, post.tries, post.recipient, message)

    @staticmethod
    def _letter(post: Post, pin: str) -> Letter:
        return write(Kind(post.kind), Facts(**post.facts, pin=pin), post.language)

    def delivered(self, number: int, now: int) -> None:
        """Take it that a letter has been delivered: its PIN is erased."""
        self._update(number, delivered_at=now, due_at=None, claimed_until=0, sealed_pin="", trouble="",
                     tries=Post.tries + 1)

    def failed(self, number: int, now: int, reason: str, again_at: int | None) -> None:  # noqa: ARG002
        """Take it that a letter was not delivered; it is tried again at a moment, or given up."""
        self._update(number, due_at=again_at, claimed_until=0, trouble=reason, tries=Post.tries + 1)

    def _update(self, number: int, **values: object) -> None:
        with self._office.store.writing() as session:
            session.execute(update(Post).where(Post.number == number, Post.delivered_at.is_(None)).values(values))

    def list(self, *, organizer: str = "", state: str = "", offset: int = 0,
             limit: int = 50) -> Sequence[LetterShown]:
        """Return letters, the latest first.

        Parameters
        ----------
        organizer : str
            Whose account they are about, an address; all if empty.
        state : str
            "waiting", "delivered", "given up", or empty for all.
        """
        query = select(Post).order_by(Post.number.desc()).offset(offset).limit(limit)
        if organizer:
            query = query.where(Post.organizer == organizer)
        if state == "delivered":
            query = query.where(Post.delivered_at.is_not(None))
        elif state:
            query = query.where(Post.delivered_at.is_(None),
                                Post.due_at.is_not(None) if state == "waiting" else Post.due_at.is_(None))
        with self._office.store.reading() as session:
            return [_shown(post) for post in session.scalars(query)]

    def waiting(self) -> int:
        """Return how many letters are still on their way."""
        with self._office.store.reading() as session:
            return session.scalar(select(func.count()).select_from(Post).where(Post.due_at.is_not(None))) or 0

    def show(self, number: int) -> tuple[LetterShown, Letter]:
        """Return a letter as it was written, its PIN as stars: only its owner's copy holds it.

        Raises
        ------
        NotFound
            If there is none of this number.
        """
        with self._office.store.reading() as session:
            post = _post(session, number)
            has_pin = Kind(post.kind) in (Kind.ENABLED, Kind.PIN_RESET)
            return _shown(post), self._letter(post, MASK_STARS if has_pin else "")

    def retry(self, number: int | None = None) -> int:
        """Let a letter that waits or was given up be due at once, or all of them; return how many."""
        now = self._office.now()
        with self._office.store.writing() as session:
            if number is not None:
                _post(session, number)
            query = update(Post).where(Post.delivered_at.is_(None), Post.claimed_until <= now)
            if number is not None:
                query = query.where(Post.number == number)
            return int(session.execute(query.values(due_at=now)).rowcount)  # type: ignore[attr-defined]


def _post(session: Session, number: int) -> Post:
    post = session.get(Post, number)
    if post is None:
        raise NotFound(f"there is no letter {number}: 'ivr mail list' shows them")
    return post


def _shown(post: Post) -> LetterShown:
    state = "delivered" if post.delivered_at is not None else "waiting" if post.due_at is not None else "given up"
    return LetterShown(post.number, post.kind, post.organizer, post.recipient, state, post.written_at,
                       post.delivered_at, post.due_at, post.tries, post.trouble, post.message_id)
