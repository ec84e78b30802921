"""The report as one HTML page: everything is inside it, so it opens without a network and can be mailed."""

import base64
import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

from dtmf.audiofile import replacing
from ivr.clock import RATE, samples, seconds
from ivr.journal import Entry
from ivr.report import deskmarks, lanes, parts, redact, sound, spectrogram, telling
from ivr.report.model import Hides, Missed, Samples, Story, Track
from ivr.report.pool import Pool, PoolPiece
from ivr.report.wording import ENGLISH, Say, decimal, in_scripts, saying
from ivr.secrecy import HIDDEN, MASK

Place = Callable[[int], str]

MARKED_HZ = (697, 941, 1209, 1633)
"""Frequencies named beside a spectrogram: the outer ones of the two groups that make a key."""

DRAWN = 50
"""The most callers that have a lane; above, the busiest have one and the others are listed."""

OPEN = 6
"""The most lanes that are unfolded at first."""

_IN_A_ROW = 12
"""The most callers that have a button each above the journal; more are a list to choose from."""

_AXIS_STEPS_S = (1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600)


def write_page(story: Story, path: str | os.PathLike[str], *, audio: bool = True) -> None:
    """Write the report of a story to `path`, whole or not at all.

    Parameters
    ----------
    audio : bool
        Whether the page holds what the callers heard.

    Raises
    ------
    dtmf.AudioError
        If the folder is not there or does not let us write; `dtmf.errors.NoRoom` if the disk is full.
    """
    put(render(story, audio=audio), Path(path))


def put(page: str, path: Path) -> None:
    """Write a page whole or not at all.

    Raises
    ------
    dtmf.AudioError
        If the folder is not there or does not let us write; `dtmf.errors.NoRoom` if the disk is full.
    """
    with replacing(path) as unfinished:
        unfinished.write_text(page, encoding="utf-8", newline="\n")


def render(story: Story, *, audio: bool = True, language: str = ENGLISH, beside: bool = True) -> str:
    """Return the report of a story as HTML.

    Parameters
    ----------
    language : str
        As "de-DE".
    beside : bool
        Whether the journal and files of sound are beside it.
    """
    script = f"{parts.script('report.js')}report();\n"
    return filled("page.html.j2", script, lang="en" if language == ENGLISH else language, **_parts(
        story, audio=audio, silent="This page holds no sound; the WAV files beside it do.", language=language,
        beside=beside))


def part(story: Story, *, audio: bool) -> str:
    """Return the report of a story as a part of a page of many: what stands in its body."""
    return filled("story.html.j2", "", **_parts(
        story, audio=audio, silent="Stories that came true are kept without sound, unless --keep all asks for it."))


def text(name: str) -> str:
    """Return one of the files that pages are made of."""
    return (resources.files("ivr.report") / "templates" / name).read_text(encoding="utf-8")


def filled(template: str, script: str, **values: Any) -> str:  # noqa: ANN401
    """Return a template with its values; a page that runs `script` runs nothing else, and fetches nothing."""
    import jinja2
    from markupsafe import Markup

    environment = jinja2.Environment(loader=jinja2.FunctionLoader(text), autoescape=True,
                                     undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.get_template(template).render(
        **values, script=Markup(script), style=Markup(parts.style()),  # noqa: S704  (our own files)
        # no name in it can ever become a script
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode())


def _parts(story: Story, *, audio: bool, silent: str, language: str = ENGLISH,
           beside: bool = True) -> dict[str, Any]:
    """Return what the template of a story asks for; `silent` is what is said where there is no sound."""
    total, say = story.total, saying(language)
    marks = deskmarks.desk_marks(story.entries, total, say)
    drawn, others = busiest(story)
    redactor, pool = redact.Redactor(story), Pool() if audio else None
    all_lanes = [_lane(story, track, redactor, pool, say) for track in drawn]
    callers = list(dict.fromkeys(t.caller for t in drawn))
    told = story.entries if not others else [e for e in story.entries if not e.caller or e.caller in callers]
    rows = telling.rows(told, story.hides, say)
    kept = pool.samples if pool is not None else np.zeros(0, np.int16)
    kind, content = sound.packed(kept)

    def place(sample: int) -> str:
        return f"{100 * sample / total:.4f}".rstrip("0").rstrip(".") + "%"

    return {
        "story": story, "at": place, "width": lambda span: place(span.ended_at - span.began_at), "seconds": seconds,
        "lanes": all_lanes, "others": [_listed(story, track, say) for track in others], "missed": _missed(story),
        "ticks": _ticks(total), "rows": rows, "folded": len(drawn) > OPEN,
        "desk_marks": marks, "desk_rows": deskmarks.rows_of(marks), "bands": lanes.kinds(all_lanes),
        "starts": [e for e in story.entries if e.event == "started"],
        "callers": callers, "listed": len(callers) > _IN_A_ROW, "calls": len(story.tracks),
        "marked": [(hz, 100 * (1 - spectrogram.height_of(hz))) for hz in MARKED_HZ],
        "with_audio": audio, "silent": silent, "kind": kind, "pool": base64.b64encode(content).decode(),
        "signs": _signs(all_lanes, rows), "veiled": any(lane["veils"] or lane["muted"] for lane in all_lanes),
        "t": say, "decimal": lambda value, digits: decimal(value, digits, say), "scripts": in_scripts(language),
        "beside": beside, "pooled": len(kept), "MASK": MASK, "HIDDEN": HIDDEN, "RATE": RATE,
    }


def _signs(all_lanes: Sequence[Mapping[str, Any]], rows: Sequence[telling.JournalRow]) -> set[str]:
    """Return the signs that stand on the page for what it does not show."""
    there = [row.told for row in rows]
    for lane in all_lanes:
        there += [one.label for one in (*lane["pressed"], *lane["veils"])]
    return {sign for sign in (MASK, HIDDEN) if any(sign in one for one in there)}


def busiest(story: Story) -> tuple[list[Track], list[Track]]:
    """Return the tracks that have a lane and those that have none, each in the order of the story.

    Those for whom something did not come true come first, then those of whom the journal tells most.
    """
    if len(story.tracks) <= DRAWN:
        return list(story.tracks), []
    failed = {missed.caller for missed in story.missed}
    order = sorted(story.tracks, key=lambda t: (t.caller not in failed, -len(story.entries_of(t))))
    chosen = {id(track) for track in order[:DRAWN]}
    return ([t for t in story.tracks if id(t) in chosen], [t for t in story.tracks if id(t) not in chosen])


def _lane(story: Story, track: Track, redactor: redact.Redactor, pool: Pool | None, say: Say) -> dict[str, Any]:
    entries = story.entries_of(track)
    end = track.ended_at
    audible, muted = redactor.heard(track)
    visible, veils = redactor.sent(track)
    peaks, level, columns = sound.outline(audible)
    prompts = lanes.prompts(entries)
    pressed = _keys(entries, track, visible, story.hides)
    picture = spectrogram.png(visible)
    return {
        "caller": track.caller, "began_at": track.dialled_at, "ended_at": end,
        "heard_until": track.dialled_at + len(track.heard),
        "spoke_until": track.dialled_at + len(track.spoke),
        "summary": lanes.summary(entries, track.dialled_at, end, say),
        "bands": lanes.bands(entries, end), "music": lanes.music(entries, end),
        "prompts": [(p, room) for p, room in zip(prompts, _room(prompts, story.total), strict=True)],
        "pressed": pressed, "veils": veils, "muted": muted,
        "peaks": peaks, "level": level, "columns": columns,
        "pieces": _pieces(pool.add(audible)) if pool is not None else "", "samples": len(track.heard),
        "picture": _data("image/png", picture) if picture else "", "sends": bool(picture or veils or pressed),
        "missed": [missed for missed in story.missed if missed.caller == track.caller],
    }


def _listed(story: Story, track: Track, say: Say) -> tuple[str, str, int]:
    entries = story.entries_of(track)
    return track.caller, lanes.summary(entries, track.dialled_at, track.ended_at, say), len(entries)


def _missed(story: Story) -> list[tuple[Missed, str, str]]:
    """Return what did not come true, each with what its opposite is called and was."""
    return [(m, "Heard", m.instead.removeprefix("heard ").removesuffix(" instead"))
            if m.instead.startswith("heard ") else (m, "Instead", m.instead) for m in story.missed]


def _pieces(pieces: Sequence[PoolPiece]) -> str:
    return " ".join(f"{p.at},{p.begin},{p.length}" for p in pieces)


def _keys(entries: Sequence[Entry], track: Track, visible: Samples, hides: Hides) -> list[lanes.LaneKey]:
    """Return the keys to show: those of the journal, and `#` where it sounds and the journal is silent."""
    told = lanes.keys(entries, track.ended_at, hides)
    near = [k.began_at for k in told if k.label == "#"]
    more = [k for k in redact.terminators(visible, track.dialled_at)
            if all(abs(k.began_at - at) > redact.AFTER for at in near)]
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
