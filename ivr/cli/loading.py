"""What comes of many calls: counted while they go on, and told in the end as a table, an object or rows."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from ivr.clock import seconds
from ivr.lines.sip.rtp.quality import delay_of, mos, r_factor
from ivr.scenario.foreign.crowd import CallOutcome

_PARTS = (50, 95, 99)
_MOST_REASONS = 10
COLUMNS = ("caller", "began", "passed", "reason", "code", "codec", "first_ms", "set_up_ms", "packets", "lost",
           "late", "jitter_ms", "gap_ms", "lasted_s", "a_second", "round_trip_ms", "r", "mos",
           "digits_right", "digits_wrong")
"""Of a row a call."""


@dataclass(slots=True)
class Tally:
    """All calls that are over.

    Attributes
    ----------
    rows : list of dict
        Each with `COLUMNS`; None where something is not known.
    """

    rows: list[dict[str, Any]] = field(default_factory=list)

    def take(self, call: CallOutcome) -> None:
        """Count a call."""
        facts = call.facts
        failure = call.failure
        row: dict[str, Any] = {
            "caller": call.caller, "began": round(seconds(call.began_at), 3), "passed": failure is None,
            "reason": "" if failure is None else f"line {failure.line}: {failure.instead}",
            "code": call.code or None, "codec": call.codec, "digits_right": call.right, "digits_wrong": call.wrong}
        for name in ("first_ms", "set_up_ms", "packets", "lost", "late", "jitter_ms", "gap_ms", "lasted_s",
                     "round_trip_ms"):
            value = facts.get(name)
            row[name] = round(value, 2) if isinstance(value, float) else value
        row["a_second"] = _a_second(facts)
        row["r"], row["mos"] = _quality(facts)
        self.rows.append({name: row[name] for name in COLUMNS})

    def facts(self, *, begun: int, failed: int, ticks: int, late_ticks: int,
              turned_away: Mapping[int, int] | None = None) -> dict[str, Any]:
        """Return all figures as plain values.

        Parameters
        ----------
        begun, failed : int
            Stories.
        ticks, late_ticks : int
            Of ours.
        turned_away : mapping of int to int, optional
            Where others call: how many were not taken, by their code.
        """
        came, lost, late = (sum(self._all(name)) for name in ("packets", "lost", "late"))
        reasons = Counter(row["reason"] for row in self.rows if row["reason"])
        return {
            "stories": begun, "failed": failed, "calls": len(self.rows),
            **({} if turned_away is None else {"turned_away": {str(code): n for code, n in turned_away.items()}}),
            "reasons": dict(reasons.most_common()),
            "first_ms": _spread(self._all("first_ms")), "set_up_ms": _spread(self._all("set_up_ms")),
            "packets": came, "lost": lost, "late": late, "jitter_ms": _spread(self._all("jitter_ms")),
            "a_second": _worst(self._all("a_second")),
            "gap_ms": _spread(self._all("gap_ms"), most=True),
            "r": _worst(self._all("r")), "mos": _worst(self._all("mos")),
            "digits_right": sum(self._all("digits_right")), "digits_wrong": sum(self._all("digits_wrong")),
            "ticks": ticks, "late_ticks": late_ticks}

    def _all(self, name: str) -> list[Any]:
        return [row[name] for row in self.rows if row[name] is not None]


def _a_second(facts: dict[str, Any]) -> float | None:
    """Return how many packets came a second; what says the end of a key once more comes beside those."""
    lasted_s = float(facts.get("lasted_s", 0))
    once = int(facts.get("packets", 0)) - int(facts.get("repeated", 0))
    return round((once - 1) / lasted_s, 2) if lasted_s else None


def _quality(facts: dict[str, Any]) -> tuple[float | None, float | None]:
    sent = facts.get("packets", 0) + facts.get("lost", 0)
    if not sent:
        return None, None
    delay = delay_of(jitter_ms=facts.get("jitter_ms", 0.0), round_trip_ms=facts.get("round_trip_ms"))
    found = r_factor(lost=(facts["lost"] + facts.get("late", 0)) / sent, delay_ms=delay)
    return round(found, 1), round(mos(found), 2)


def _spread(values: Sequence[float], *, most: bool = False) -> dict[str, float] | None:
    """Return median, 95th and 99th percentile by the nearest rank, and the most if wanted; None of nothing."""
    ordered = sorted(values)
    if not ordered:
        return None
    ranks = {f"p{part}": ordered[-(-len(ordered) * part // 100) - 1] for part in _PARTS[1:]}
    return {"median": median(ordered), **ranks, **({"most": ordered[-1]} if most else {})}


def _worst(values: Sequence[float]) -> dict[str, float] | None:
    return {"median": median(values), "least": min(values)} if values else None


def table(facts: dict[str, Any]) -> list[str]:
    """Return the figures as lines for people."""
    sent = facts["packets"] + facts["lost"]
    lines = [("stories", f"{facts['stories']} begun, {facts['stories'] - facts['failed']} came true, "
                         f"{facts['failed']} failed; {facts['calls']} calls")]
    if turned_away := facts.get("turned_away"):
        lines.append(("turned away", ", ".join(f"{count} with {code}" for code, count in turned_away.items())))
    reasons = list(facts["reasons"].items())
    lines += [("", f"{count} x {reason}") for reason, count in reasons[:_MOST_REASONS]]
    if len(reasons) > _MOST_REASONS:
        lines.append(("", f"and {len(reasons) - _MOST_REASONS} other reasons"))
    lines += [(name, _milliseconds(facts[fact])) for name, fact in (("rings after", "first_ms"),
                                                                    ("set-up", "set_up_ms"))]
    lost = f" ({100 * facts['lost'] / sent:.3f} %)" if sent else ""
    lines += [("packets", f"{facts['packets']} came, {facts['lost']} lost{lost}, {facts['late']} too late"),
              ("jitter", _milliseconds(facts["jitter_ms"]))]
    if facts["gap_ms"] is not None and facts["a_second"] is not None:
        lines.append(("gaps", f"{_milliseconds(facts['gap_ms'])}, most {facts['gap_ms']['most']:.1f} ms; "
                              f"{facts['a_second']['median']:.2f} packets a second"))
    if facts["r"] is not None:
        lines.append(("quality", f"R {facts['r']['median']:.1f}, least {facts['r']['least']:.1f}; "
                                 f"MOS {facts['mos']['median']:.2f}, least {facts['mos']['least']:.2f} (E-model)"))
    lines += [("digits", f"{facts['digits_right']} right, {facts['digits_wrong']} wrong"),
              ("ticks", f"{facts['ticks']}, {facts['late_ticks']} late")]
    return [f"{name:<12}{told}" for name, told in lines]


def _milliseconds(spread: dict[str, float] | None) -> str:
    if spread is None:
        return "nothing to tell"
    return f"median {spread['median']:.1f} ms, 95 % {spread['p95']:.1f} ms, 99 % {spread['p99']:.1f} ms"


def csv_of(rows: Iterable[dict[str, Any]]) -> str:
    """Return a row a call, with a head."""
    import csv
    import io

    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()
