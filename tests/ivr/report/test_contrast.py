"""The page's colours: what is written can be read, in the light and in the dark (WCAG 2.2, 1.4.3 and 1.4.11)."""

import colorsys
import re

import pytest

from ivr.report.parts import style

CSS = style()
TEXT, SHAPE = 4.5, 3.0

ON_THE_PAGE = ("ink", "soft", "faint", "accent", "bad", "good-ink")
BANDS = ("greeting", "language", "id", "question", "name", "pin", "lobby", "meeting", "other", "bad")
PAIRS = [
    *((ink, ground, TEXT) for ink in ON_THE_PAGE for ground in ("paper", "panel")),
    *((f"{kind}-ink", kind, TEXT) for kind in BANDS),
    ("ink", "raised", TEXT), ("faint", "raised", TEXT), ("paper", "ink", TEXT), ("paper", "accent", TEXT),
    ("ink", "bad-panel", TEXT), ("soft", "bad-panel", TEXT), ("bad", "bad-panel", TEXT),
    ("accent-deep", "bad-panel", TEXT),
    *((ink, ground, TEXT) for ink in ("lobby-ink", "pin-ink") for ground in ("paper", "panel")),
    ("prompt", "panel", SHAPE), ("torn", "panel", SHAPE), ("level", "panel", SHAPE),
    ("now", "paper", SHAPE), ("now", "panel", SHAPE),
]


def colours(dark: bool) -> dict[str, str]:
    light, _, rest = CSS.partition("@media screen and (prefers-color-scheme: dark)")
    found = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6});", light))
    return found | dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6});", rest)) if dark else found


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[n:n + 2], 16) / 255 for n in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    brighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_colours_when_one_is_written_on_another_then_it_can_be_read(dark: bool) -> None:
    known = colours(dark)
    weak = [(ink, ground, round(ratio, 2)) for ink, ground, least in PAIRS
            if (ratio := contrast(known[ink], known[ground])) < least]
    assert not weak


def hue(colour: str) -> tuple[float, float]:
    red, green, blue = (int(colour[n:n + 2], 16) / 255 for n in (1, 3, 5))
    angle, _, colourful = colorsys.rgb_to_hls(red, green, blue)
    return 360 * angle, colourful


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_colours_when_something_has_failed_then_nothing_else_is_red(dark: bool) -> None:
    known = colours(dark)
    red = {name for name, colour in known.items() if len(colour) == 7 and hue(colour)[1] > 0.2
           and min(hue(colour)[0], 360 - hue(colour)[0]) < 20}
    assert red == {"bad", "bad-panel"} | ({"bad-ink"} if dark else set())


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_colours_when_a_kind_of_band_has_one_then_it_is_looked_at_here(dark: bool) -> None:
    written = set(re.findall(r"--([a-z-]+-ink):", CSS))
    assert written <= {ink for ink, _, _ in PAIRS}
    assert {ink for ink, _, _ in PAIRS} <= set(colours(dark))
