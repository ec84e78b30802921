"""The outbox's outside: letters that wait, are carried, and have been delivered (D, S0.12)."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, case, func, select, update
from sqlalchemy.orm import Session

from ivr.directory.errors import BadValue, NotAllowed, NotFound, StoreError
from ivr.directory.letters import withdrawn
from ivr.directory.office import Office
from ivr.directory.pins import MASK_STARS
from ivr.directory.recordings import wav_of
from ivr.directory.tables import Post
from ivr.mail.addresses import on_the_wire
from ivr.mail.errors import MailError
from ivr.mail.letters import WITH_PIN, Facts, Letter, LetterKind, write
from ivr.mail.message import email_of
from ivr.mail.parcel import Parcel
from ivr.mail.voice import VOICE_MESSAGE, VoiceFacts, write_voice

KEPT_S = 30 * 86_400
"""How long a sealed PIN is kept of a letter that was given up on; then nobody asks for it any more."""


@dataclass(frozen=True, slots=True)
class LetterShown:
    """A letter as it is listed; moments in seconds since 1970, UTC.

    Attributes
    ----------
    state : str
        One of `STATES`.
    trouble : str
        Why the last try failed, or why it was withdrawn.
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


@dataclass(frozen=True, slots=True)
class Lying:
    """Letters that have not come.

    Attributes
    ----------
    waiting : int
        Those that are tried again.
    next_at : int or None
        When the first of them is, in seconds since 1970, UTC.
    given_up : int
        Those that are not.
    """

    waiting: int = 0
    next_at: int | None = None
    given_up: int = 0

    def __add__(self, other: "Lying") -> "Lying":
        """Return both together."""
        moments = [at for at in (self.next_at, other.next_at) if at is not None]
        return Lying(self.waiting + other.waiting, min(moments, default=None), self.given_up + other.given_up)

    def __bool__(self) -> bool:
        """Tell whether there is any."""
        return bool(self.waiting or self.given_up)


class Outbox:
    """Letters on their way; what `ivr.mail.delivery` empties."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def claim(self, now: int, until: int, limit: int) -> list[Parcel]:
        """Take up to `limit` letters that are due, so that nobody else takes them before `until`.

        One that cannot be written is among them, with the reason in place of its message.
        """
        with self._office.store.writing() as session:
            self._forget(session, now)
            posts = session.scalars(
                select(Post).where(Post.due_at <= now, Post.claimed_until <= now).order_by(Post.number)
                .limit(limit).with_for_update(skip_locked=True)).all()
            for post in posts:
                post.claimed_until = until
            return [self._parcel(post) for post in posts]

    @staticmethod
    def _forget(session: Session, now: int) -> None:
        """Withdraw letters with a PIN that were given up on long ago."""
        session.execute(update(Post).where(Post.given_up_at <= now - KEPT_S, Post.sealed_pin != "")
                        .values(withdrawn(now, "its PIN was erased 30 days after it had been given up on")))

    def _parcel(self, post: Post) -> Parcel:
        try:
            pin = self._office.world.vault.open(post.sealed_pin) if post.sealed_pin else ""
        except LookupError:
            return Parcel(post.number, post.tries, post.recipient, None, _SEALED_ELSEWHERE)
        except StoreError as error:  # the key file can be brought back
            return Parcel(post.number, post.tries, post.recipient, None, str(error), lasting=False)
        try:
            message = email_of(self._letter(post, pin), sender_name=post.sender_name, sender_address=post.sender,
                               recipient_name=post.recipient_name, recipient=post.recipient,
                               message_id=post.message_id, date=post.written_at, sound=self._sound(post),
                               marks=_marks(post))
            return Parcel(post.number, post.tries, on_the_wire(post.recipient), message)
        except Exception as wrong:  # whatever it is, the other letters go
            return Parcel(post.number, post.tries, post.recipient, None, _unwritable(wrong))

    def wanted(self, number: int) -> bool:
        """Tell whether a letter is to be carried still: neither withdrawn nor delivered since it was claimed."""
        with self._office.store.reading() as session:
            return session.scalar(select(Post.number).where(
                Post.number == number, Post.delivered_at.is_(None), Post.withdrawn_at.is_(None))) is not None

    def _sound(self, post: Post) -> bytes:
        """Return the recording of a voice message; none where it has been taken away since."""
        if post.kind != VOICE_MESSAGE:
            return b""
        try:
            return wav_of(self._office.world.recordings.read(str(post.facts["recording"])))
        except NotFound:
            return b""

    @staticmethod
    def _letter(post: Post, pin: str) -> Letter:
        if post.kind == VOICE_MESSAGE:
            return write_voice(VoiceFacts(**post.facts), post.language)
        return write(LetterKind(post.kind), Facts(**post.facts, pin=pin), post.language)

    def sealed_before(self) -> bool:
        """Tell whether a letter with a PIN has ever been written here, so that there was a key to seal it with."""
        with self._office.store.reading() as session:
            kinds = [kind.value for kind in WITH_PIN]
            return session.scalar(select(Post.number).where(Post.kind.in_(kinds)).limit(1)) is not None

    def delivered(self, number: int, now: int) -> None:
        """Take it that a letter has been delivered, perhaps while it was withdrawn: its PIN is erased."""
        self._update(number, delivered_at=now, due_at=None, claimed_until=0, sealed_pin="", trouble="",
                     given_up_at=None, withdrawn_at=None, tries=Post.tries + 1)

    def failed(self, number: int, now: int, reason: str, again_at: int | None) -> None:
        """Take it that a letter was not delivered; it is tried again at a moment, or given up."""
        self._update(number, _ON_ITS_WAY, due_at=again_at, claimed_until=0, trouble=reason, tries=Post.tries + 1,
                     given_up_at=now if again_at is None else None)

    def _update(self, number: int, *conditions: ColumnElement[bool], **values: object) -> None:
        with self._office.store.writing() as session:
            session.execute(update(Post).where(Post.number == number, Post.delivered_at.is_(None), *conditions)
                            .values(values))

    def list(self, *, organizer: str = "", state: str = "", offset: int = 0,
             limit: int = 50) -> Sequence[LetterShown]:
        """Return letters, the latest first.

        Parameters
        ----------
        organizer : str
            Whose account they are about, an address; all if empty.
        state : str
            One of `STATES`, or empty for all.
        """
        query = select(Post).order_by(Post.number.desc()).offset(offset).limit(limit)
        if organizer:
            query = query.where(Post.organizer == organizer)
        if state:
            query = query.where(_OF_STATE[state])
        with self._office.store.reading() as session:
            return [_shown(post) for post in session.scalars(query)]

    def waiting(self) -> int:
        """Return how many letters are still on their way."""
        with self._office.store.reading() as session:
            return session.scalar(select(func.count()).select_from(Post).where(Post.due_at.is_not(None))) or 0

    def lying(self, organizers: Sequence[str] = ()) -> Lying:
        """Return how many letters have not come, those about some organizers or all.

        Parameters
        ----------
        organizers : sequence of str
            Addresses.
        """
        next_at = func.min(case((Post.claimed_until > Post.due_at, Post.claimed_until), else_=Post.due_at))
        query = select(func.count(Post.due_at), next_at, func.count(Post.given_up_at)).where(
            Post.delivered_at.is_(None), Post.withdrawn_at.is_(None))
        if organizers:
            query = query.where(Post.organizer.in_(organizers))
        with self._office.store.reading() as session:
            return Lying(*session.execute(query).one())

    def lost(self) -> int:
        """Return how many of the letters that were written at this desk failed, and count anew from here.

        One that another program is just about to carry has not failed.
        """
        ids = [*self._office.written]
        self._office.written.clear()
        with self._office.store.reading() as session:
            return sum(session.scalar(select(func.count()).select_from(Post).where(
                Post.message_id.in_(some), _ON_ITS_WAY, Post.delivered_at.is_(None), Post.trouble != "")) or 0
                for some in (ids[n:n + _AT_ONCE] for n in range(0, len(ids), _AT_ONCE)))

    def show(self, number: int) -> tuple[LetterShown, Letter]:
        """Return a letter as it was written, its PIN as stars: only its owner's copy holds it.

        Raises
        ------
        NotFound
            If there is none of this number.
        BadValue
            If it cannot be written.
        """
        with self._office.store.reading() as session:
            post = _post(session, number)
            try:
                return _shown(post), self._letter(post, MASK_STARS if post.kind in _WITH_PIN else "")
            except Exception as wrong:
                raise BadValue(f"letter {number} cannot be shown: {_unwritable(wrong)}", value=number) from None

    def retry(self, number: int | None = None) -> int:
        """Let a letter that waits or was given up be due at once, or all of them; return how many.

        It is so whoever has claimed it: he may have been killed. At worst it comes twice, with one Message-ID.

        Raises
        ------
        NotFound
            If there is none of this number.
        NotAllowed
            If it was withdrawn.
        """
        query = update(Post).where(Post.delivered_at.is_(None), _ON_ITS_WAY)
        with self._office.store.writing() as session:
            if number is not None:
                post = _post(session, number)
                if _state(post) == "withdrawn":
                    writes = "pin reset" if LetterKind(post.kind) in WITH_PIN else "organizer send-info"
                    raise NotAllowed(f"letter {number} was withdrawn, for {post.trouble}: 'ivr {writes} "
                                     f"{post.organizer}' writes another one", value=number)
                query = query.where(Post.number == number)
            query = query.values(due_at=self._office.now(), claimed_until=0, given_up_at=None)
            return int(session.execute(query).rowcount)  # type: ignore[attr-defined]


_WITH_PIN = frozenset(kind.value for kind in WITH_PIN)


def _marks(post: Post) -> dict[str, str]:
    """Return the heads of a mail that say how it is meant."""
    of = post.facts if post.kind == VOICE_MESSAGE else {}
    return {**({"Importance": "high"} if of.get("important") else {}),
            **({"Sensitivity": "Private"} if of.get("private") else {})}


def _post(session: Session, number: int) -> Post:
    post = session.get(Post, number)
    if post is None:
        raise NotFound(f"there is no letter {number}: 'ivr mail list' shows them", value=number)
    return post


def _shown(post: Post) -> LetterShown:
    return LetterShown(post.number, post.kind, post.organizer, post.recipient, _state(post), post.written_at,
                       post.delivered_at, post.due_at, post.tries, post.trouble, post.message_id)


def _state(post: Post) -> str:
    if post.delivered_at is not None:
        return "delivered"
    return "withdrawn" if post.withdrawn_at is not None else "given up" if post.due_at is None else "waiting"


def _unwritable(wrong: Exception) -> str:
    """Return why a letter cannot be written, without quoting it; our own errors never do."""
    why = wrong if isinstance(wrong, MailError) else (
        f"what the outbox holds of it makes no letter ({type(wrong).__name__})")
    return f"it cannot be written: {why}"


_SEALED_ELSEWHERE = ("its PIN was sealed with a key that is not here: deliver it where it was written, or reset "
                     "the PIN once more")
_AT_ONCE = 500
_ON_ITS_WAY = Post.withdrawn_at.is_(None)
_OF_STATE = {
    "waiting": Post.due_at.is_not(None), "delivered": Post.delivered_at.is_not(None),
    "given up": and_(Post.delivered_at.is_(None), Post.due_at.is_(None), _ON_ITS_WAY),
    "withdrawn": and_(Post.delivered_at.is_(None), Post.withdrawn_at.is_not(None)),
}
STATES = tuple(_OF_STATE)
