"""Makes screen.png and screen-wide.png: `python docs/images/make_screen.py`; needs Chromium.

The demonstration is stepped to a moment worth seeing, drawn without a terminal, and its SVG is taken as a picture.
"""

import asyncio
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from ivr.cli.kit import prompts, stage
from ivr.cli.lobby import demonstration, presenters_panel
from ivr.clock import samples
from ivr.live.monitor import Monitor
from ivr.live.parts import cast_of
from ivr.live.presenter import Presenter
from ivr.live.session import Session
from ivr.screen.app import Screen

HERE = Path(__file__).parent
PICTURES = {"screen": (3, (80, 24), 31.9, 2), "screen-wide": (6, (110, 34), 44.2, 3)}
"""File, callers, columns and rows, seconds from the beginning, whom the presenter is."""


async def drawn(callers: int, size: tuple[int, int], at_s: float, chosen: int) -> str:
    """Return the screen as SVG."""
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


def photographed(svg: str, target: Path) -> None:
    """Write an SVG as PNG."""
    width, height = (int(float(part)) + 1 for part in re.search(
        r'viewBox="0 0 ([0-9.]+) ([0-9.]+)"', svg).groups())  # type: ignore[union-attr]
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "screen.html"
        page.write_text(f"<body style='margin:0'>{svg}</body>", encoding="utf-8")
        subprocess.run(["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
                        f"--window-size={width},{height}", f"--screenshot={target}", page.as_uri()],
                       check=True, capture_output=True)


for name, what in PICTURES.items():
    photographed(asyncio.run(drawn(*what)), HERE / f"{name}.png")
    sys.stdout.write(f"{HERE / name}.png\n")
