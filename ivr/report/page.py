"""The report as one HTML page: everything is inside it, so it opens without a network and can be mailed.

Errors
------
CannotWrite
    The page cannot be written where it should go.
"""

import base64
import hashlib
import os
from collections.abc import Callable, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

from dtmf import AudioError
from dtmf.audiofile import replacing
from ivr.clock import samples, seconds
from ivr.journal import Entry
from ivr.report import errands, hush, lanes, sound, spectrogram, telling
from ivr.report.model import ReportError, Samples, Story, Track
from ivr.secrecy import HIDDEN, MASK

Place = Callable[[int], str]

MARKED_HZ = (697, 941, 1209, 1633)
"""Frequencies named beside a spectrogram: the outer ones of the two groups that make a key."""

_AXIS_STEPS_S = (1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600)


class CannotWrite(ReportError, OSError):
    """The page cannot be written where it should go."""


def write_page(story: Story, path: str | os.PathLike[str]) -> None:
    """Write the report of a story to `path`, whole or not at all.

    Raises
    ------
    CannotWrite
        If the folder is not there or does not let us write.
    """
    page = render(story)
    try:
        with replacing(Path(path)) as part:
            part.write_text(page, encoding="utf-8", newline="\n")
    except AudioError as error:
        raise CannotWrite(str(error)) from None


def render(story: Story) -> str:
    """Return the report of a story as HTML."""
    import jinja2
    from markupsafe import Markup

    files = resources.files("ivr.report") / "templates"
    loader = jinja2.FunctionLoader(lambda name: (files / name).read_text(encoding="utf-8"))
    environment = jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined,
                                     trim_blocks=True, lstrip_blocks=True)
    script = (files / "page.js").read_text(encoding="utf-8")
    style = (files / "page.css").read_text(encoding="utf-8")
    total = story.total
    marks = errands.errands(story.entries, total)

    def place(sample: int) -> str:
        return f"{100 * sample / total:.4f}".rstrip("0").rstrip(".") + "%"

    return environment.get_template("page.html.j2").render(
        story=story, at=place, width=lambda span: place(span.ended_at - span.began_at), seconds=seconds,
        lanes=[_lane(story, track, serial) for serial, track in enumerate(story.tracks)],
        ticks=_ticks(total), rows=telling.rows(story.entries),
        errands=marks, errand_rows=errands.rows_of(marks),
        starts=[e for e in story.entries if e.event == "started"],
        callers=list(dict.fromkeys(t.caller for t in story.tracks)),
        marked=[(hz, 100 * (1 - spectrogram.height_of(hz))) for hz in MARKED_HZ],
        MASK=MASK, HIDDEN=HIDDEN, script=Markup(script), style=Markup(style),  # noqa: S704  (our own files)
        # The page may run this one script and fetch nothing, so no name in it can ever become a script.
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode())


def _lane(story: Story, track: Track, serial: int) -> dict[str, Any]:
    entries = story.entries_of(track)
    end = track.ended_at
    audible, muted = hush.heard(story, track)
    visible, veils = hush.sent(story, track)
    peaks, level, columns = sound.outline(audible)
    prompts = lanes.prompts(entries)
    return {
        "serial": serial, "caller": track.caller, "began_at": track.dialled_at, "ended_at": end,
        "heard_until": track.dialled_at + len(track.heard),
        "spoke_until": track.dialled_at + len(track.spoke),
        "summary": lanes.summary(entries, track.dialled_at, end),
        "bands": lanes.bands(entries, end), "music": lanes.music(entries, end),
        "prompts": [(p, room) for p, room in zip(prompts, _room(prompts, story.total), strict=True)],
        "pressed": _keys(entries, track, visible), "veils": veils, "muted": muted,
        "peaks": peaks, "level": level, "columns": columns,
        "audio": _data("audio/flac", sound.flac(audible)),
        "picture": _data("image/png", spectrogram.png(visible)),
    }


def _keys(entries: Sequence[Entry], track: Track, visible: Samples) -> list[lanes.Key]:
    """Return the keys to show: those of the journal, and `#` where it sounds and the journal is silent."""
    told = lanes.keys(entries, track.ended_at)
    near = [k.began_at for k in told if k.label == "#"]
    more = [k for k in hush.terminators(visible, track.dialled_at)
            if all(abs(k.began_at - at) > hush.AFTER for at in near)]
    return sorted([*told, *more], key=lambda k: (k.began_at, k.ended_at))


def _room(prompts: Sequence[lanes.Spoken], total: int) -> list[int]:
    """Return for every prompt up to where its label may run: the next prompt, or the end."""
    return [later.began_at for later in prompts[1:]] + [total] if prompts else []


def _ticks(total: int) -> list[int]:
    """Return where the axis has its ticks: a dozen at most."""
    step = next((s for s in _AXIS_STEPS_S if seconds(total) / s <= 12), _AXIS_STEPS_S[-1])
    return list(range(0, total, samples(step)))


def _data(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"
