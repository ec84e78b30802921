"""What pictures are taken of: pages of HTML, the same on every machine with the same voices."""

import asyncio
import contextlib
import io
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.pictures.live import live
from ivr.cli import main
from ivr.cli.kit import prompts, stage
from ivr.cli.lobby import demonstration, presenters_panel
from ivr.clock import samples
from ivr.live.monitor import Monitor
from ivr.live.parts import cast_of
from ivr.live.presenter import Presenter
from ivr.live.session import Session
from ivr.mail.letters import Facts, LetterKind, ListedMeeting, write
from ivr.screen.app import Screen


@dataclass(frozen=True)
class Subject:
    """What a picture is of.

    Attributes
    ----------
    page : callable
        Makes the HTML.
    size : tuple of int, optional
        Of the window, in pixels; as large as the drawing that the page is, if left out.
    curves : bool
        Whether it is no page but curves, as JSON, which need no browser.
    live : bool
        Whether it is a live page and what it was told, as JSON.
    """

    page: Callable[[], str]
    size: tuple[int, int] | None = None
    curves: bool = False
    live: bool = False


def report() -> str:
    """Return the page that the demonstration leaves behind."""
    with tempfile.TemporaryDirectory() as folder:
        with contextlib.redirect_stdout(io.StringIO()):
            main(["demo", "--report", folder])
        return (Path(folder) / "report.html").read_text(encoding="utf-8")


def letter() -> str:
    """Return the letter to an organizer who was enabled."""
    morning = 1612170000  # 1 February 2021, 9:00 UTC
    return write(LetterKind.ENABLED, Facts(
        name="Amos Marble", account="amos.marble@contoso.com", number="+14255550100", pin="*****",
        meetings=[ListedMeeting("1234567", "Budget", morning),
                  ListedMeeting("7654321", "Geology", morning + 86400)]), "en-US").html


def misses() -> str:
    """Return which keys are missed over noise: `python -m benchmarks.ear --plot docs/images/ear-noise.png`."""
    return (Path(__file__).parents[2] / "docs" / "images" / "ear-noise.json").read_text(encoding="utf-8")


def own_ivr() -> str:
    """Return the order line of the examples, as it is drawn."""
    with tempfile.TemporaryDirectory() as folder:
        drawn = Path(folder) / "drawn.svg"
        example = Path(__file__).parents[2] / "examples" / "order-line" / "order-line.yaml"
        main(["draw", str(example), "-o", str(drawn)])
        return drawn.read_text(encoding="utf-8")


def screen(callers: int, size: tuple[int, int], at_s: float, chosen: int) -> str:
    """Return the screen of the lobby at a moment worth seeing, as SVG.

    Parameters
    ----------
    callers : int
    size : tuple of int
        Columns and rows.
    at_s : float
        Seconds from the beginning.
    chosen : int
        Whom the presenter is.
    """
    drawn = asyncio.run(_drawn(callers, size, at_s, chosen))
    return re.sub(r"terminal-\d+", "terminal", drawn)


async def _drawn(callers: int, size: tuple[int, int], at_s: float, chosen: int) -> str:
    cast = demonstration(cast_of(callers), stage())
    session = Session(cast.exchange, step=cast.step, over=lambda: cast.over, words=prompts())
    presenter = Presenter(cast.names, Monitor(cast.names[0]), cast)
    app = Screen(session, presenters_panel("The lobby of 1234567", presenter, led=True))
    async with app.run_test(size=size) as pilot:
        presenter.choose(chosen)
        while session.bridge.now < samples(at_s):
            session.step()
        app.look()
        await pilot.pause(0.1)
        return app.export_screenshot(title="ivr lobby")


SUBJECTS = {
    "live": Subject(lambda: live(5, 34.4, "amos"), (1500, 1060), live=True),
    "demo-report": Subject(report, (1400, 1150)),
    "letter": Subject(letter, (760, 1130)),
    "own-ivr": Subject(own_ivr, (975, 1000)),
    "ear-noise": Subject(misses, curves=True),
    "screen": Subject(lambda: screen(3, (80, 24), 31.9, 2)),
    "screen-wide": Subject(lambda: screen(6, (110, 34), 44.2, 3)),
}
"""Name of a picture under docs/images -> what it is of."""
