"""`ivr load`: one story, many at once, out or in, in real time."""

import re
from contextlib import suppress
from pathlib import Path

from ivr.cli.call import CallOptions, nobody_at, story_of, telephones
from ivr.cli.faults import UsageError
from ivr.cli.kit import check_outputs, stage, write_text
from ivr.cli.loading import Tally, csv_of, table
from ivr.cli.saying import BROKEN, FAILED, OK, complain, tell, tell_json
from ivr.cli.taking import ListeningAt, called_story, telephones_called
from ivr.clock import FRAME, RATE, samples, seconds
from ivr.lines.sip.writing import host_in
from ivr.live.pace import WallClock, steady
from ivr.scenario.foreign.crowd import CalledCrowd, Crowd
from ivr.scenario.target import SOUNDCARD

_RATE = re.compile(r"([0-9]{1,5}(?:\.[0-9]{1,3})?)(?:/s)?")
_LENGTH = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,3})?) *(s|min|h)?")
_UNITS = {"s": 1, "min": 60, "h": 3600}
_MOST = 5000
_CALLS = ListeningAt()
_LATE = 0.01
"""Share of late ticks from which on figures are no longer the other side's."""


def load(words: list[str], options: CallOptions, *, calls: int, rate: str, lasting: str, csv: Path | None,
         listening: ListeningAt = _CALLS) -> int:
    """Play a story many times at once at whoever is called, or for whoever calls; return the exit code.

    Raises
    ------
    NetworkError
        If he cannot be reached, or nothing can be listened at here.
    """
    if not 1 <= calls <= _MOST:
        raise UsageError(f"--calls {calls}: take 1 to {_MOST}")
    a_second, length = _rate(rate), _length(lasting)
    listens = bool(listening.where)
    scenario, path = called_story(words, options, listening) if listens else story_of(words, options)
    if scenario.target == SOUNDCARD:
        raise UsageError(f"{path} calls whoever is at the sound card, which is the line of one caller: 'ivr call' "
                         "plays it, and load goes by SIP")
    check_outputs({"--csv": csv}, read={"the story": path})
    tally = Tally()
    with telephones_called(options, listening) if listens else telephones(scenario, options) as phones:
        pace = WallClock(sleep=phones.wait)
        crowd = (CalledCrowd if listens else Crowd)(
            scenario, stage(), phones, most=calls, rate=a_second, lasting=samples(length), told=tally.take)
        if isinstance(crowd, CalledCrowd):
            phones.takes = crowd.takes
            if not options.as_json:
                tell(f"Call sip:1000@{host_in(phones.here.host)}:{phones.here.port}")
        with steady(), suppress(KeyboardInterrupt):
            _run(crowd, pace, tally, quiet=options.as_json)
        if not crowd.over:
            crowd.stop()
            while not crowd.over:
                pace.wait()
                crowd.step()
        came = phones.came
    ticks = crowd.now // FRAME
    away = crowd.turned_away if isinstance(crowd, CalledCrowd) else None
    facts = tally.facts(begun=crowd.begun, failed=crowd.failed, ticks=ticks, late_ticks=pace.late, turned_away=away)
    if csv is not None:
        write_text(csv, csv_of(tally.rows))
    if options.as_json:
        where = {"listened": listening.where} if listens else {"target": scenario.target}
        tell_json({"file": str(path), **where, "seconds": seconds(crowd.now), **facts})
    else:
        for line in table(facts):
            tell(line)
    if crowd.failed and tally.rows and not (listens or came):
        return complain(nobody_at(scenario), BROKEN)
    if pace.late > _LATE * ticks:
        return complain(f"this machine cannot keep up: {pace.late} of {ticks} ticks came late, so the figures are "
                        "its own; take fewer calls, or another machine", BROKEN)
    return FAILED if crowd.failed else OK


def _run(crowd: Crowd, pace: WallClock, tally: Tally, *, quiet: bool) -> None:
    while not crowd.over:
        pace.wait()
        crowd.step()
        if not quiet and crowd.now % RATE == 0:
            lost, late = (sum(row[name] or 0 for row in tally.rows) for name in ("lost", "late"))
            tell(f"{seconds(crowd.now):5.0f} s  {crowd.count} on the line, {crowd.begun} begun, {crowd.failed} "
                 f"failed; packets {lost} lost, {late} late; {pace.late} late ticks")


def _rate(text: str) -> float:
    found = _RATE.fullmatch(text.strip())
    if not found or not 0 < float(found[1]) <= _MOST:
        raise UsageError(f"--rate {text} is no rate: write how many begin a second, as in 10/s or 0.5/s")
    return float(found[1])


def _length(text: str) -> float:
    found = _LENGTH.fullmatch(text.strip())
    length = float(found[1]) * _UNITS[found[2] or "s"] if found else 0.0
    if not 0 < length <= 24 * 3600:
        raise UsageError(f"--for {text} is no length of time: write one such as 30s or 5min, a day at most")
    return length


