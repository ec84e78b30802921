"""A flow as a picture: its nodes in rows, by how many steps they are from the first; arrows with their exits."""

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from dtmf.audiofile import replacing
from dtmf.lettering import drawn
from ivr.engine.flow import STAY, Flow, To

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_WIDE, _HIGH = 3.2, 1.9
"""Inches from one node to the next, and from row to row."""

_NARROW = 0.9
"""Inches that an arrow has for itself in a row that it passes."""

_LABEL_X, _LABEL_Y = 0.66, 0.6
"""Where a label is on the first stretch of its arrow, which comes down steeply at both ends."""

_BOX = (2.4, 1.06)
_MOST_SAID = 60
_COLOURS = {"Menu": "#dbe9f6", "Collect": "#e2f0d9", "Record": "#fde9d9", "Ask": "#e8e0f0", "Park": "#fff2cc",
            "End": "#eeeeee"}


_Place = str | tuple[str, str, int]
"""A node, or where an arrow passes a row: from, to, and the row."""


@dataclass(frozen=True, slots=True)
class Chart:
    """One flow to be drawn, and what is said at its nodes.

    Attributes
    ----------
    texts : mapping of node to text
    aside : frozenset of str
        Nodes that have no box: an exit that leads there is told in the box where it begins.
    never : frozenset of (node, exit)
        Exits that are left out.
    """

    flow: Flow
    texts: Mapping[str, str]
    aside: frozenset[str] = frozenset()
    never: frozenset[tuple[str, str]] = frozenset()

    def ways(self, name: str) -> Iterator[tuple[str, To]]:
        """Give what can happen at a node, and where it leads."""
        return (way for way in self.flow.ways(name) if (name, way[0]) not in self.never)


def draw(charts: Sequence[Chart], title: str, path: Path) -> None:
    """Draw flows one below the other, into a file whose name ends in .png or .svg."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    placed = [_rows(chart) for chart in charts]
    wide = max(sum(_width(one) for one in row) for rows in placed for row in rows) + 1.0
    high = sum(len(rows) * _HIGH + 0.5 for rows in placed) + 0.4
    words = [word for chart in charts for word in (chart.flow.name, *chart.flow.nodes, *chart.texts.values())]
    _, families = drawn("".join([title, *words]))
    # a salt of its own, so that the same file gives the same picture
    with mpl.rc_context({"svg.hashsalt": "flow", "svg.fonttype": "none", "font.family": families,
                         "text.parse_math": False}):
        figure = Figure(figsize=(wide, high))
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_xlim(0, wide)
        axes.set_ylim(0, high)
        axes.axis("off")
        axes.text(0.3, high - 0.35, drawn(title)[0], fontsize=13, fontweight="bold", va="center")
        top = high - 0.4
        for chart, rows in zip(charts, placed, strict=True):
            if len(charts) > 1:
                axes.text(0.3, top - 0.25, drawn(chart.flow.name)[0], fontsize=11, fontstyle="italic", va="center")
            places = _places(rows, wide, top - 0.3)
            arrows = _arrows(chart)
            for (begin, end), exits in arrows.items():
                if end in places and begin != end:
                    _arrow(axes, places, begin, end, ", ".join(exits))
            for name in chart.flow.nodes:
                if name in places:
                    _box(axes, chart, name, places[name], arrows)
            top -= len(rows) * _HIGH + 0.5
        with replacing(path) as part:
            metadata = {"Date": None, "Creator": None} if path.suffix.lower() == ".svg" else {}
            figure.savefig(part, format=path.suffix.lower().removeprefix("."), dpi=110, metadata=metadata)


def layout(chart: Chart) -> tuple[list[list[str]], dict[tuple[str, str], list[str]]]:
    """Return the nodes by rows, as they are drawn, and from where to where exits lead."""
    return ([[name for name in row if isinstance(name, str)] for row in _rows(chart)],
            {way: exits for way, exits in _arrows(chart).items() if way[0] != way[1]})


def _arrows(chart: Chart) -> dict[tuple[str, str], list[str]]:
    """Return the exits between any two nodes; of those that only a key tells apart, one."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for name in chart.flow.nodes:
        for exit_, to in chart.ways(name):
            exits = arrows.setdefault((name, to.node), []) if to.node != STAY else []
            if not (exit_ == "keyed" and "ended" in exits):
                exits.append(str(exit_))
    return arrows


def _rows(chart: Chart) -> list[list[_Place]]:
    """Return the nodes by rows, each below all those that lead to it, but for those that lead back.

    An arrow that passes rows has a place of its own in each, so that it goes round the boxes there.
    """
    after: dict[str, list[str]] = {}
    state: dict[str, int] = {}
    order: list[str] = []

    def visit(first: str) -> None:
        stack = [(first, iter(_next(chart, first)))]
        state[first] = 1
        while stack:
            name, others = stack[-1]
            for other in others:
                if state.get(other) != 1:
                    after.setdefault(name, []).append(other)
                if other not in state:
                    state[other] = 1
                    stack.append((other, iter(_next(chart, other))))
                    break
            else:
                state[name] = 2
                order.append(name)
                stack.pop()

    visit(chart.flow.start)
    depth = dict.fromkeys(order, 0)
    for name in reversed(order):
        for other in after.get(name, ()):
            depth[other] = max(depth[other], depth[name] + 1)
    rows: list[list[_Place]] = [[] for _ in range(max(depth.values()) + 1)]
    for name in reversed(order):
        rows[depth[name]].append(name)
    above: dict[_Place, list[_Place]] = {}
    for begin in reversed(order):
        for end in _next(chart, begin):
            first, last = sorted((begin, end), key=lambda name: depth[name])
            passed = [(begin, end, row) for row in range(depth[first] + 1, depth[last])]
            chain: list[_Place] = [first, *passed, last]
            for one, next_ in pairwise(chain):
                above.setdefault(next_, []).append(one)
                if isinstance(next_, tuple):
                    rows[next_[2]].append(next_)
    _ordered(rows, above)
    return rows


def _ordered(rows: list[list[_Place]], above: Mapping[_Place, list[_Place]]) -> None:
    """Put what is in a row in the order of what is above it: then arrows cross less."""
    at: dict[_Place, float] = {}
    for row in rows:
        mean = {one: sum(at[up] for up in above.get(one, ()) if up in at) / max(1, len(above.get(one, ())))
                for one in row}
        row.sort(key=mean.__getitem__)
        left = -sum(map(_width, row)) / 2
        for one in row:
            at[one] = left + _width(one) / 2
            left += _width(one)


def _width(one: _Place) -> float:
    return _WIDE if isinstance(one, str) else _NARROW


def _places(rows: list[list[_Place]], wide: float, top: float) -> dict[_Place, tuple[float, float]]:
    places: dict[_Place, tuple[float, float]] = {}
    for depth, row in enumerate(rows):
        left = wide / 2 - sum(map(_width, row)) / 2
        for one in row:
            places[one] = left + _width(one) / 2, top - _HIGH * (depth + 0.4)
            left += _width(one)
    return places


def _next(chart: Chart, name: str) -> list[str]:
    return list(dict.fromkeys(to.node for _, to in chart.ways(name)
                              if to.node not in (STAY, name) and to.node not in chart.aside))


def _arrow(axes: "Axes", places: Mapping[_Place, tuple[float, float]], begin: str, end: str, label: str) -> None:
    from matplotlib.patches import FancyArrowPatch
    from matplotlib.path import Path as Curve

    (x, y), (to_x, to_y) = places[begin], places[end]
    way = 1 if to_y < y else -1
    passed = sorted((place for one, place in places.items() if isinstance(one, tuple) and one[:2] == (begin, end)),
                    key=lambda place: -way * place[1])
    if y == to_y:
        side = 1 if to_x > x else -1
        points = [(x + side * _BOX[0] / 2, y), (to_x - side * _BOX[0] / 2, to_y)]
        vertices, codes = points, [Curve.MOVETO, Curve.LINETO]
    else:
        aside = 0.0 if way == 1 else 0.35 * _BOX[0]  # what leads back keeps off what leads on
        points = [(x + aside, y - way * _BOX[1] / 2), *((px, py + way * part) for px, py in passed for part in (
            _BOX[1] / 2, -_BOX[1] / 2)), (to_x + aside, to_y + way * _BOX[1] / 2)]
        vertices, codes = [points[0]], [Curve.MOVETO]
        for (ax, ay), (bx, by) in pairwise(points):
            half = (ay - by) / 2
            vertices += [(ax, ay - half), (bx, by + half), (bx, by)]
            codes += [Curve.CURVE4] * 3
    axes.add_patch(FancyArrowPatch(path=Curve(vertices, codes), arrowstyle="-|>", mutation_scale=11,
                                   color="#7f7f7f", linewidth=0.9, zorder=1))
    (ax, ay), (bx, by) = points[0], points[1]
    said, _ = drawn(textwrap.shorten(label, 30, placeholder=" ..."))
    axes.text(ax + (bx - ax) * _LABEL_X, ay + (by - ay) * _LABEL_Y, said,
              fontsize=7.5, ha="center", va="center", zorder=3,
              bbox={"boxstyle": "round,pad=0.12", "facecolor": "white", "edgecolor": "none", "alpha": 0.9})


def _box(axes: "Axes", chart: Chart, name: str, place: tuple[float, float],
         arrows: Mapping[tuple[str, str], Sequence[str]]) -> None:
    from matplotlib.patches import FancyBboxPatch

    x, y = place
    kind = type(chart.flow.nodes[name]).__name__
    axes.add_patch(FancyBboxPatch((x - _BOX[0] / 2, y - _BOX[1] / 2), *_BOX, zorder=2, linewidth=1.0,
                                  boxstyle="round,pad=0.02,rounding_size=0.1", edgecolor="#404040",
                                  facecolor=_COLOURS.get(kind, "#ffffff")))
    axes.text(x, y + 0.36, drawn(name)[0], fontsize=9.5, fontweight="bold", ha="center", va="center", zorder=4)
    lines = textwrap.wrap(textwrap.shorten(chart.texts.get(name, ""), _MOST_SAID, placeholder=" ..."), 36)[:2]
    for (begin, end), exits in arrows.items():
        if begin == name and (end == name or end in chart.aside):
            where = "again" if end == name else end
            lines.append(textwrap.shorten(f"{where}: {', '.join(exits)}", 40, placeholder=" ..."))
    axes.text(x, y - 0.1, "\n".join(drawn(line)[0] for line in lines), fontsize=6.8, ha="center", va="center",
              color="#303030", zorder=4, linespacing=1.25)
