"""How a live bridge keeps up, as lines of a file."""

import json

import pytest

import dtmf
from ivr.clock import FRAME, samples
from ivr.live.figures import figure_lines
from ivr.live.pace import WallClock


class Bridge:
    """As much of one as is asked here."""

    def __init__(self):
        self.now, self.calls = 0, {}


def test_figures_of_eleven_seconds_then_a_line_every_five_and_one_in_the_end(tmp_path):
    bridge, pace, path = Bridge(), WallClock(), tmp_path / "figures.jsonl"
    with figure_lines(path, bridge, pace, delay_ms=lambda: 40.0, processor_s=lambda: bridge.now / 80_000) as lines:
        while bridge.now < samples(11):
            bridge.now += FRAME
            bridge.calls = dict.fromkeys(range(3 if bridge.now < samples(7) else 1))
            pace.late += bridge.now == samples(6)
            lines.tick()
            assert not lines.trouble
    told = [json.loads(line) for line in path.read_text().splitlines()]
    assert [one["at"] for one in told] == [5, 10, 11]
    assert [(one["calls"], one["most"], one["ticks"], one["late_ticks"], one["processor_s"]) for one in told] == [
        (3, 3, 250, 0, 0.5), (1, 3, 500, 1, 1.0), (1, 3, 550, 1, 1.1)]
    assert {one["delay_ms"] for one in told} == {40.0}


def test_figures_without_a_file_then_none_and_into_a_folder_that_is_not_there_then_said(tmp_path):
    told = {"delay_ms": lambda: 0.0, "processor_s": lambda: 0.0}
    with figure_lines(None, Bridge(), WallClock(), **told) as lines:
        assert lines is None
    with (pytest.raises(dtmf.AudioError, match=r"figures\.jsonl"),
          figure_lines(tmp_path / "nowhere" / "figures.jsonl", Bridge(), WallClock(), **told)):
        pass
