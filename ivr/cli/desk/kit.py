"""What the commands of the desk share: opening it, asking, showing, delivering letters."""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import asdict, dataclass, fields, is_dataclass, replace
from datetime import UTC, datetime
from typing import Any, TextIO, cast

from cyclopts import App, Parameter

from dtmf.whole import Whole as Whole
from ivr.cli.faults import UsageError, UserDeclined
from ivr.cli.options import Flag as Flag
from ivr.cli.saying import BROKEN, Undisturbed
from ivr.desk.opening import beside, database_url, founded_in_vain, is_empty, open_desk
from ivr.desk.posting import deliver, folder
from ivr.directory.desk import Desk
from ivr.directory.letters import Mailing
from ivr.directory.outbox import Lying
from ivr.mail.delivery.post import Posted

PAGE = 50


@Parameter(name="*")
@dataclass(frozen=True)
class Where:
    """Options that every command of the desk has."""

    database: str = ""
    """The directory: a file, sqlite:///PATH or postgresql://...; else IVR_DATABASE, else one in your folder."""

    json: Flag = False
    """Print facts as JSON."""


@Parameter(name="*")
@dataclass(frozen=True)
class Sure:
    """The option of commands that destroy something."""

    yes: Flag = False
    """Do not ask."""


@Parameter(name="*")
@dataclass(frozen=True)
class Sending:
    """Options of commands that send a letter."""

    send_email: bool | None = None
    """Send the letter even though letters are switched off; --no-send-email: do not send it."""

    send_email_to: str = ""
    """Send it to another address; needs --send-email."""

    send_email_from_address: str = ""
    """Send it from another address; needs --send-email and --send-email-from-name."""

    send_email_from_name: str = ""
    """The name that goes with --send-email-from-address."""

    def mailing(self) -> Mailing:
        """Return what this says about the letter."""
        return Mailing(self.send_email, self.send_email_to, self.send_email_from_address, self.send_email_from_name)


def noun(name: str) -> App:
    """Return the app of a noun; what it is about stands in `ivr.cli.app`."""
    return App(name=name, help_format="plaintext", version_flags=[])


class Untold(Exception):
    """A command has changed something, and could not tell what."""

    exit_code = BROKEN

    def __init__(self, error: OSError, *, shows_pin: bool) -> None:
        super().__init__("what was asked for is done, and its letters are seen to, but what there is to tell of it "
                         f"could not be printed ({error.strerror})"
                         + (": reset a PIN once more that was to be shown" if shows_pin else ""))


@contextmanager
def opened(where: Where, *, founds: bool = False) -> Iterator[Desk]:
    """Open the desk for one command.

    Parameters
    ----------
    founds : bool
        Whether it makes sense on a directory that is not there yet: most look at what is there, or change it.
    """
    take_away = founded_in_vain(where.database)
    was_empty = is_empty(url := database_url(where.database))
    desk = open_desk(where.database, founds=founds)
    if was_empty:
        print(f"ivr: {beside(url)} was empty: a new directory has been founded in it.", file=sys.stderr)
    new = desk.contents() if take_away else []
    told = Undisturbed(sys.stdout)
    try:
        with redirect_stdout(cast("TextIO", told)):
            yield desk
            told.flush()
        if told.error is not None:
            raise told.error
    finally:
        if told.error is not None:
            sys.stdout = None  # Python must not complain about it once more at exit
        in_vain = take_away if new and desk.contents() == new else None
        desk.close()
        if in_vain:
            in_vain()


def sure(question: str, given: Sure) -> None:
    """Ask before something is destroyed.

    Raises
    ------
    UserDeclined
        If the answer is no.
    UsageError
        If there is nobody to ask.
    """
    if given.yes:
        return
    if not there():
        raise UsageError(f"{question} Nobody is there to answer: add --yes")
    print(f"{question} [y/N] ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise UserDeclined("nothing was changed")


def counted(number: int, noun: str) -> str:
    """Return a number of things in words: "1 meeting", "2 meetings"; "of" and the like stay behind the noun."""
    first, _, rest = noun.partition(" ")
    return f"{number} {first}{'' if number == 1 else 's'} {rest}".rstrip()


def there() -> bool:
    """Tell whether somebody sits at a terminal; the input may even be closed."""
    return sys.stdin is not None and sys.stdin.isatty()


def posted(desk: Desk, where: Where, *, shows_pin: bool = False) -> int:
    """Deliver what is due, after the command has told what it did; say where to, and what has to wait.

    Parameters
    ----------
    shows_pin : bool
        Whether a PIN was in what it told, which cannot be had again.

    Returns
    -------
    int
        The exit code: 1 if a letter of this command itself did not get where it was to go.
    """
    told_folder(desk, where, delivered(desk, where).delivered)
    told_lying(replace(desk.outbox.lying(), given_up=0))
    told_all(shows_pin=shows_pin)
    return 1 if desk.outbox.lost() else 0


def told_all(*, shows_pin: bool) -> None:
    """Have all printed that there was to tell.

    Raises
    ------
    Untold
        If it could not be.
    """
    print(end="", flush=True)
    if isinstance(sys.stdout, Undisturbed) and sys.stdout.error is not None:
        raise Untold(sys.stdout.error, shows_pin=shows_pin)


def delivered(desk: Desk, where: Where) -> Posted:
    """Deliver what is due; say only why something was not delivered."""
    done = deliver(desk, where.database)
    told_troubles(done.troubles)
    return done


def told_troubles(troubles: Iterable[str]) -> None:
    """Say why letters were not delivered."""
    for trouble in troubles:
        print(f"ivr: a letter was not delivered: {trouble} ('ivr mail list' shows which).", file=sys.stderr)


def told_lying(lying: Lying, what: str = "letter") -> None:
    """Say how many letters have not come, when the next of them is tried, and what can be done."""
    said = []
    if lying.waiting:
        waits = "waits; it" if lying.waiting == 1 else "wait; the first"
        said.append(f"{counted(lying.waiting, what)} {waits} is tried at {local(lying.next_at, seconds=True)} "
                    "('ivr mail retry' tries at once, 'ivr mail deliver --watch' as each is due)")
    if lying.given_up:
        was = "was" if lying.given_up == 1 else "were"
        said.append(f"{counted(lying.given_up, what)} {was} given up ('ivr mail list --state given-up' says why)")
    for sentence in said:
        print(f"ivr: {sentence}.", file=sys.stderr)


def told_folder(desk: Desk, where: Where, letters: int) -> None:
    """Say where letters were delivered to, if it is a folder."""
    if letters and not where.json and (maildir := folder(desk, where.database)):
        print(f"Letters are laid into the Maildir {maildir}.")


def letter_line(mailed_to: str, what: str = "A letter about it") -> str:
    """Return what is said about a command's letter."""
    return f"{what} goes to {mailed_to}." if mailed_to else "No letter goes out: tell the organizer yourself."


def plain(value: Any) -> Any:  # noqa: ANN401  (any plain value)
    """Return a result as plain values for JSON; moments as text."""
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: _moment(getattr(value, f.name)) if _is_moment(f.name) else plain(getattr(value, f.name))
                for f in fields(value)}
    if isinstance(value, Mapping):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value


def _is_moment(name: str) -> bool:
    return name.endswith("_at") or name == "locked_until"


def _moment(at: int | None) -> str | None:
    return datetime.fromtimestamp(at, UTC).isoformat().replace("+00:00", "Z") if at else None


def local(at: int | None, *, seconds: bool = False) -> str:
    """Return a moment for a person: of this machine's time zone, to the minute or the second."""
    written = "%Y-%m-%d %H:%M:%S" if seconds else "%Y-%m-%d %H:%M"
    return datetime.fromtimestamp(at).astimezone().strftime(written) if at else ""


def as_json(value: Any) -> None:  # noqa: ANN401
    """Print a result as one JSON object, or a list of them."""
    print(json.dumps(plain(value), ensure_ascii=False))


def shown(value: Any) -> None:  # noqa: ANN401
    """Print a result, a fact a line."""
    facts = asdict(value) if is_dataclass(value) and not isinstance(value, type) else dict(value)
    width = max(len(name) for name in facts) + 2
    for name, fact in facts.items():
        print(f"{name.replace('_', ' '):<{width}}{word(name, fact)}".rstrip())


def word(name: str, fact: Any) -> str:  # noqa: ANN401
    """Return a fact as a person reads it."""
    if _is_moment(name):
        return local(fact)
    if isinstance(fact, bool):
        return "yes" if fact else "no"
    if isinstance(fact, list | tuple):
        return ", ".join(str(one) for one in fact)
    return "" if fact is None else str(fact)


def table(rows: Sequence[Any], columns: Mapping[str, str], *, page: int = 1, size: int = PAGE) -> None:
    """Print results as a table.

    Parameters
    ----------
    rows : sequence of dataclasses
        One more than `size` says that there is another page.
    columns : mapping
        Name of the fact to the head of its column.
    """
    cells = [[word(name, getattr(row, name)) for name in columns] for row in rows[:size]]
    lines = [list(columns.values()), *cells]
    widths = [max(len(line[n]) for line in lines) for n in range(len(columns))]
    for line in lines:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
    if len(rows) > size:
        print(f"There are more: --page {page + 1}")


def listed(rows: Sequence[Any], columns: Mapping[str, str], where: Where, *, page: int = 1, size: int = PAGE,
           none: str = "There are none.") -> None:
    """Print a page of results as a table, or as a JSON list."""
    if where.json:
        as_json(rows[:size])
    elif rows:
        table(rows, columns, page=page, size=size)
    else:
        print(none if page == 1 else f"There is nothing on page {page}: see an earlier one.")


def paged(page: int, size: int) -> tuple[int, int]:
    """Return where a page begins and how many rows to ask for: one more than it shows.

    Raises
    ------
    UsageError
        If there can be no such page.
    """
    if not 1 <= page <= 1_000_000 or not 0 <= size <= 10_000:
        raise UsageError(f"--page takes 1 to 1000000, and --page-size 0 to 10000: not {page} and {size}")
    return (page - 1) * size, size + 1
