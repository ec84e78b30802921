"""Rows: limits, how much a slow receiver hears, and that every row can be asked for."""

from itertools import pairwise

import numpy as np
import pytest

from benchmarks.ear.__main__ import ROWS, chosen, main
from benchmarks.ear.disturbed import noisy
from benchmarks.ear.impairments import SPOKEN, spoken
from benchmarks.ear.ours import Ours
from benchmarks.ear.rows import QUICK, Row, Unavailable, at_least, at_most, share_of
from benchmarks.ear.signals import Line, pulses, random_keys, to_int16
from benchmarks.ear.table import Result, as_object, text


class Perfect:
    """A receiver that knows what was sent."""

    name, share = "perfect", 1.0

    def hear(self, lines):
        return [line.digits for line in lines]


class Deaf(Perfect):
    name = "deaf"

    def hear(self, lines):
        return ["" for _ in lines]


def row(limits, figures):
    return Row("a", "a row (%)", lambda _effort: lambda _receiver: figures, limits)


@pytest.mark.parametrize(
    ("limits", "figures", "passes"),
    [
        ((at_most(1), at_least(2)), (1.0, 2.0), True),
        ((at_most(1), at_least(2)), (1.1, 2.0), False),
        ((at_most(1), None), (0.0, 99.0), True),
        ((at_most(1),), (float("inf"),), False),
        ((at_most(1),), None, False),
    ],
)
def test_row_when_a_figure_is_beyond_its_limit_then_it_falls_short(limits, figures, passes):
    assert row(limits, figures).passes(figures) is passes


def test_rows_then_each_has_a_name_of_its_own():
    names = [row.name for row in ROWS]
    assert len(set(names)) == len(names)


def test_chosen_without_long_rows_then_only_those_left_out_that_nobody_named():
    everything = chosen([])
    assert [row.name for row in everything if row not in chosen([], long=False)] == [
        "talkoff-speech", "talkoff-speech-pitches", "talkoff-music-pitches"]
    assert [row.name for row in chosen(["talkoff-music-p"], long=False)] == ["talkoff-music-pitches"]


@pytest.mark.parametrize("name", ["freq", "level", "length", "pause", "break", "loss", "echo", "dial", "mitel",
                                  "beside-gsm", "beside-twist"])
def test_row_when_all_is_heard_then_no_figure_of_a_deaf_receiver_is_as_good(name):
    for row in chosen([name]):
        measure = row.prepare(QUICK)
        assert measure(Perfect()) != measure(Deaf())


def test_signals_when_made_twice_then_the_same():
    one, other = (noisy(100, 50, 3)(QUICK) for _ in range(2))
    assert all(np.array_equal(a.samples, b.samples) for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("codec", [*SPOKEN, "GSM 06.10"])
def test_codec_of_speech_then_long_keys_come_through_it_changed(codec):
    keys = "159D#"
    samples = to_int16(pulses(keys, np.random.default_rng(4), tone_ms=200, gap_ms=200)[0])
    try:
        heard = spoken(samples, codec)
    except Unavailable as error:
        pytest.skip(str(error))
    assert not np.array_equal(heard[: len(samples)], samples)
    assert Ours().hear([Line(heard, keys)]) == [keys]


def test_random_keys_then_no_two_alike_in_a_row():
    keys = random_keys(1000, np.random.default_rng(2))
    assert all(one != other for one, other in pairwise(keys))


def test_share_of_when_a_sweep_then_every_line_keeps_its_first_pulses():
    samples, spans = pulses("1" * 20, np.random.default_rng(3))
    (part,) = share_of([Line(to_int16(samples), "1" * 20, 1.5, spans)], 0.1)
    assert part.digits == "11"
    assert spans[1, 1] < len(part.samples) < spans[2, 0]


def test_table_when_ours_falls_short_then_says_so_and_machines_read_the_same():
    result = Result(row((at_most(1),), (2.0,)), {"ours": (2.0,), "peer": None})
    assert text([result], ["ours", "peer"]).splitlines()[2].split("|")[2:] == [
        " ≤ 1          ", " 2.0  ", "      ", " short ", ""]  # fmt: skip
    told = as_object([result], ["ours", "peer"], [])["rows"][0]
    assert (told["limits"], told["figures"]) == ([["≤", 1]], {"ours": [2.0], "peer": None})
    assert told["verdict"]["ours"] == "short"


def test_command_when_no_row_has_that_name_then_2_and_the_names(capsys):
    assert main(["--only", "nothing-like-it"]) == 2
    assert "frequency" in capsys.readouterr().err


def test_command_when_one_row_and_no_peers_then_its_figures(capsys):
    assert main(["--only", "mitel-decode", "--no-peers", "--check"]) == 0
    assert "| 0.0 / 0.0 | ok |" in capsys.readouterr().out
