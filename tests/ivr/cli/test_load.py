"""`ivr load`: what it refuses, its figures, and a minute's load in real time."""

import csv
import json

import pytest
from farside import story

from ivr.cli.loading import Tally, csv_of, table
from ivr.scenario.failure import Failure
from ivr.scenario.foreign.crowd import CallOutcome


@pytest.mark.parametrize(("words", "said"), [
    (["--calls", "0"], "--calls 0: take 1 to 5000"), (["--rate", "fast"], "--rate fast is no rate"),
    (["--rate", "0"], "--rate 0 is no rate"), (["--for", "ever"], "--for ever is no length of time"),
    (["--for", "0s"], "--for 0s is no length of time"), (["--dtmf", "x"], "keys go by events, info or audio"),
    (["--csv", "{file}"], "are one file")])
def test_words_when_they_cannot_be_meant_then_one_sentence_and_2(ivr, tmp_path, words, said):
    path = tmp_path / "story.yaml"
    path.write_text(story(["dial"]))
    code, _, told = ivr("load", path, *(word.format(file=path) for word in words))
    assert code == 2
    assert said in told
    assert len(told.splitlines()) == 1


@pytest.mark.parametrize(("words", "steps", "said"), [
    (["--listen", "here"], ["dial"], "--listen here is no address"),
    (["--listen", "0.0.0.0:5070"], ["dial"], "add --open if anybody may"),
    (["--listen", "127.0.0.1:5070", "--auth", "ann"], ["dial"], "--auth is for who calls"),
    (["--listen", "127.0.0.1:5070", "sip:1000@127.0.0.1"], ["dial"], "sip:1000@127.0.0.1 would be called"),
    (["--listen", "127.0.0.1:5070"], ["dial", "refused"], "the step 'refused' is for who calls"),
    ([], ["answers: 1000"], "the step 'answers' is for stories in which somebody is dialled")])
def test_words_of_who_is_called_when_they_cannot_be_meant_then_one_sentence_and_2(ivr, tmp_path, words, steps,
                                                                                  said):
    path = tmp_path / "story.yaml"
    path.write_text(story(steps))
    code, _, told = ivr("load", path, *words)
    assert code == 2
    assert said in told
    assert len(told.splitlines()) == 1


def outcome(number, instead="", **facts):
    failure = Failure(5, "anna", "hear: busy", 0, instead) if instead else None
    known = {"first_ms": 1.0 * number, "set_up_ms": 2.0 * number, "packets": 100, "lost": 0, "late": 0,
             "jitter_ms": 1.0}
    return CallOutcome("anna", 8000 * number, failure, 0, "PCMU", {**known, **facts}, 4, 0)


def test_figures_of_calls_then_counted_with_percentiles_reasons_and_quality():
    tally = Tally()
    for number in range(1, 101):
        tally.take(outcome(number))
    for _ in range(2):
        tally.take(outcome(1, "heard something else instead", lost=100))
    busy = Failure(4, "anna", "dial", 0, "the call was refused: 486 Busy Here")
    tally.take(CallOutcome("anna", 0, busy, 486, "", {"first_ms": 3.0}, 0, 2))
    facts = tally.facts(begun=103, failed=3, ticks=500, late_ticks=2)
    assert facts["set_up_ms"] == {"median": 99.0, "p95": 190.0, "p99": 198.0}
    assert facts["first_ms"]["p99"] == 99.0
    assert facts["reasons"] == {"line 5: heard something else instead": 2,
                                "line 4: the call was refused: 486 Busy Here": 1}
    assert (facts["packets"], facts["lost"], facts["digits_right"], facts["digits_wrong"]) == (10_200, 200, 408, 2)
    assert (facts["r"]["median"], facts["r"]["least"], facts["mos"]["least"]) == (92.2, 4.8, 1.0)
    told = "\n".join(table(facts))
    for words in ("103 begun, 100 came true, 3 failed; 103 calls", "2 x line 5: heard something else instead",
                  "median 99.0 ms, 95 % 190.0 ms, 99 % 198.0 ms", "200 lost (1.923 %)", "R 92.2, least 4.8",
                  "408 right, 2 wrong", "500, 2 late"):
        assert words in told
    rows = list(csv.DictReader(csv_of(tally.rows).splitlines()))
    assert len(rows) == 103
    assert (rows[-1]["code"], rows[-1]["set_up_ms"], rows[0]["began"]) == ("486", "", "1.0")


def test_packets_a_second_when_keys_came_as_events_then_their_repeated_ends_are_not_counted():
    tally = Tally()
    tally.take(outcome(1, packets=411, repeated=10, lasted_s=8.0))
    assert tally.facts(begun=1, failed=0, ticks=1, late_ticks=0)["a_second"] == {"median": 50.0, "least": 50.0}


def test_figures_of_no_calls_then_nothing_to_tell():
    facts = Tally().facts(begun=0, failed=0, ticks=1, late_ticks=0)
    assert facts["set_up_ms"] is None
    assert "set-up      nothing to tell" in table(facts)


@pytest.mark.slow
def test_a_load_in_real_time_then_a_line_a_second_a_table_and_a_row_a_call(ivr, serving, tmp_path):
    path = tmp_path / "story.yaml"
    path.write_text(story(["dial", "hear: enter-conference-id", 'press: "1"', "wait: 1 s"], target=serving))
    code, out, told = ivr("load", path, "--calls", "3", "--rate", "2/s", "--for", "3s", "--csv",
                          tmp_path / "calls.csv")
    assert code in (0, 3)  # a machine that has other things to do says so
    assert (code == 3) == ("this machine cannot keep up" in told)
    assert "    1 s  " in out
    assert "failed 0" not in out
    begun = int(out.split("stories     ")[1].split()[0])
    assert begun >= 3
    assert len(list(csv.DictReader((tmp_path / "calls.csv").read_text().splitlines()))) == begun
    code, out, _ = ivr("load", path, "--calls", "1", "--for", "1s", "--json")
    assert json.loads(out)["stories"] == 1
