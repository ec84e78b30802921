"""A call that somebody has made, as a story: what he did, and what he heard before he did it.

What he keyed is known here only as far as a story may show it: `ivr.scenario.secrets` makes variables of the rest.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from ivr.clock import samples, seconds
from ivr.journal import Entry
from ivr.scenario.taped import SentSound

RECOGNISED = samples(0.7)
"""How long a prompt has to be heard until a story's step is over; what was cut sooner is not expected."""
_A_LITTLE = samples(0.1)
_MARGIN = samples(0.5)
"""By how much less music is expected than there was."""
_WITHIN = 30


@dataclass(frozen=True, slots=True)
class Did:
    """Something that the caller did, from `begin` to `end`: keys as a story has them, or what he said.

    Attributes
    ----------
    gap_ms : int
        Between keys.
    file : str
        The recording of what he said.
    """

    begin: int
    end: int
    keys: str = ""
    gap_ms: int = 100
    file: str = ""
    sound: SentSound | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Met:
    """Something that he heard: a prompt, or hold music, from `begin` to `end`.

    Attributes
    ----------
    digits : str
        The conference ID in it.
    language : str
        In which it was said, if not in the first one.
    is_text : bool
        Whether its name is what was said.
    """

    name: str
    begin: int
    end: int
    whole: bool
    digits: str = ""
    language: str = ""
    is_text: bool = False

    @property
    def is_music(self) -> bool:
        """Whether it goes on and on."""
        return self.name == "hold-music"

    def sound(self, *, over: bool) -> str:
        """Return how a step says what is heard; `over` is whether it comes to its end before that."""
        named = json.dumps(self.name, ensure_ascii=False) if self.is_text else self.name
        parts = [f"{'text' if self.is_text else 'prompt'}: {named}"]
        parts += [f"conference id: {self.digits}"] if self.digits and over else []
        parts += [f"language: {self.language}"] if self.language else []
        return f"{{{', '.join(parts)}}}" if self.is_text or len(parts) > 1 else self.name


def met(entries: Sequence[Entry], until: int, *, first: str = "", by_text: bool = False) -> list[Met]:
    """Return what was heard, of a journal of one call that ended at `until`, in its order.

    Parameters
    ----------
    first : str
        The language in which it is spoken until another is chosen.
    by_text : bool
        Whether prompts are named by their texts, as an application's are: what it plays is not told.
    """
    found: list[Met] = []
    digits, language, began = "", "", -1
    for entry in entries:
        facts = entry.facts
        match entry.event:
            case "entered" if facts["entry"] == "conference ID":
                digits = str(facts["digits"])
            case "language":
                language = "" if facts["language"] == first else str(facts["language"])
            case "prompt":
                name = str(facts["prompt"])
                if by_text and (name.startswith("/") or "://" in name):
                    continue
                known = digits if name == "unknown-conference-id" and digits.isdigit() else ""
                found.append(Met(name, facts["began_at"], entry.at, not facts["interrupted"], known, language,
                                 by_text and name != "fault"))
            case "music" if facts["what"] == "starts":
                began = entry.at
            case "music" if began >= 0:
                found.append(Met("hold-music", began, entry.at, whole=False))
                began = -1
    if began >= 0:
        found.append(Met("hold-music", began, until, whole=False))
    return sorted(found, key=lambda one: one.begin)


def parted(heard: Sequence[Met], did: Sequence[Did]) -> list[Met]:
    """Return what was heard with music in parts, where somebody did something and it went on: each is expected."""
    parts: list[Met] = []
    for one in heard:
        for deed in did if one.is_music else ():
            if one.begin < deed.begin and deed.end < one.end:
                parts.append(replace(one, end=deed.begin))
                one = replace(one, begin=deed.begin)
        parts.append(one)
    return parts


@dataclass(frozen=True, slots=True)
class SavedStep:
    """A step of the story, in YAML; `of` is the place of what it hears among all that was heard."""

    lines: tuple[str, ...]
    of: int | None = None


def steps(did: Sequence[Did], heard: Sequence[Met], over_at: int, *, by_bridge: bool,
          without: Collection[int] = (), dial: str = "- dial") -> list[SavedStep]:
    """Return the steps of a story of what was done and heard.

    Parameters
    ----------
    over_at : int
        When the call ended.
    by_bridge : bool
        Whether the bridge has ended it.
    without : collection of int
        Places of what was heard that is not to be expected.
    dial : str
        The first step.
    """
    told, now, since = [SavedStep((dial,))], 0, 0
    for deed in (*did, None):
        begin = over_at if deed is None else deed.begin
        before = [(n, one) for n, one in enumerate(heard) if since <= one.begin and n not in without
                  and min(one.end, begin) - one.begin >= RECOGNISED]
        for at, (n, one) in enumerate(before):
            follows = before[at + 1][1].begin if at + 1 < len(before) else begin
            lines, heard_by = _hears(one, follows, now, last=at + 1 == len(before))
            now = max(now, heard_by)
            told.append(SavedStep(lines, n))
        if deed is None:
            break
        told += _waits(begin - now)
        told.append(SavedStep(_does(deed)))
        now, since = max(deed.end, now), begin
    if by_bridge:
        return [*told, SavedStep(("- ended:", f"  within: {max(_WITHIN, _length(over_at - now)):g} s"))]
    return [*told, *_waits(over_at - now), SavedStep(("- hang up",))]


def _hears(one: Met, follows: int, now: int, *, last: bool) -> tuple[tuple[str, ...], int]:
    """Return the step that hears something, and when it is over."""
    within = () if one.begin - now < samples(_WITHIN - 5) else (
        f"  within: {_length(one.begin - now) + _WITHIN:g} s",)
    if one.is_music:
        lasting = min(one.end, follows) - one.begin - _MARGIN
        if lasting < 2 * _MARGIN:
            return (f"- hear: {one.name}", *within), one.begin + RECOGNISED
        return (f"- hear: {one.name}", f"  for: {_length(lasting):g} s", *within), one.begin + lasting
    over = one.whole and one.end <= follows
    hear = f"- hear: {one.sound(over=over)}"
    if one.digits and over:
        return (hear, *within), one.end
    if last and over:
        return (hear, "  whole: yes", *within), one.end
    return (hear, *within), one.begin + RECOGNISED


def _waits(lasting: int) -> Iterator[SavedStep]:
    if lasting >= _A_LITTLE:
        yield SavedStep((f"- wait: {_length(lasting):g} s",))


def _does(deed: Did) -> tuple[str, ...]:
    if deed.file:
        return (f"- play: {deed.file}",)
    return (f'- press: "{deed.keys}"', *([] if deed.gap_ms == 100 else [f"  gap: {deed.gap_ms} ms"]))


def _length(lasting: int) -> float:
    return round(seconds(lasting), 2)


def story(title: str, meetings: Iterable[str], variables: Iterable[str], told: Iterable[SavedStep], caller: str,
          says: Iterable[str] = (), calls: Iterable[str] = (), others: Iterable[str] = ()
          ) -> tuple[str, dict[int, int]]:
    """Return a whole story as text, and which line of it hears what.

    Parameters
    ----------
    meetings : iterable of str
        Each as a line of YAML.
    variables : iterable of str
        Names; each without a value, which is given when it is played.
    says : iterable of str
        Comments at its top.
    calls, others : iterable of str
        Lines that tell what is called, and who else there is.
    """
    names = list(variables)
    lines = [*(f"# {line}" for line in says), f"title: {title}", *calls]
    lines += ["vars:", *(f"  {name}:" for name in names)] if names else []
    known = list(meetings)
    lines += ["meetings:", *(f"  - {one}" for one in known)] if known else []
    lines += ["callers:", f"  {caller}:"]
    hears: dict[int, int] = {}
    for step in told:
        if step.of is not None:
            hears[len(lines) + 1] = step.of
        lines += [f"    {line}" for line in step.lines]
    return "\n".join([*lines, *others, ""]), hears
