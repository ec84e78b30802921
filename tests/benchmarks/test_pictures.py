"""The pictures of the pages are of what there is today, and their figures are those that were measured."""

import json
import re

import pytest

from benchmarks.ear.__main__ import ROWS
from benchmarks.ear.disturbed import noisy
from benchmarks.ear.judging import missed_inserted
from benchmarks.ear.ours import Ours
from benchmarks.ear.plot import DIGITS, SNR_DB
from benchmarks.ear.rows import FULL
from benchmarks.pictures.__main__ import IMAGES, hash_of, known
from benchmarks.pictures.figures import ear, read, rows, written, written_ear
from benchmarks.pictures.subjects import SUBJECTS
from ivr.cli.kit import prompts

ROOT = IMAGES.parents[1]


@pytest.mark.parametrize("name", SUBJECTS)
def test_picture_when_what_it_was_taken_of_changes_then_old(name, monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    spoken, _, _ = (ROOT / "scenarios" / "s0-15-lobby.journal").read_text(encoding="utf-8").partition("\n")
    if name != "letter" and prompts().engine not in spoken:
        pytest.skip(f"the pictures were {spoken[2:]}, and here speaks {prompts().engine}")
    assert hash_of(SUBJECTS[name].page()) == known()[name], "look at the picture after: make pictures"


def test_pictures_when_they_are_counted_then_each_is_made_by_a_command_and_stands_on_a_page():
    pages = "".join(path.read_text(encoding="utf-8")
                    for path in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")))
    there = {path.stem for path in IMAGES.glob("*.png")}
    assert there == set(SUBJECTS) == set(known())
    assert [name for name in there if not re.search(rf"images/{name}[.]png", pages)] == []


@pytest.mark.parametrize(("length", "snr"), [(50, 3), (50, -4), (100, -6)])
def test_curves_when_a_point_of_ours_is_measured_again_then_the_same(length, snr):
    lines = noisy(DIGITS, length, snr)(FULL)
    drawn = json.loads(SUBJECTS["ear-noise"].page())[str(length)]["ours"][SNR_DB.index(snr)]
    again = "python -m benchmarks.ear --plot docs/images/ear-noise.png, then make pictures"
    assert missed_inserted(lines, Ours("default").hear(lines)) == pytest.approx(drawn, abs=0.001), again


def test_hash_when_only_the_time_or_the_coding_of_sounds_differs_then_the_same():
    page = '<dl><div><dt>on the wall</dt><dd>1.12<small> s</small></dd></div>{}<audio src="data:a;base64,{}"></dl>'
    assert hash_of(page.format("", "AAAA")) == hash_of(page.replace("1.12", "2.3").format("", "BB=="))
    assert hash_of(page.format("", "AAAA")) != hash_of(page.format("PIN", "AAAA"))


def test_figures_when_the_readme_is_read_then_they_are_those_that_benchmarks_have_measured():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert written(readme) == readme, "put figures into benchmarks/pictures/figures.yaml, then: make pictures"
    for row in rows():
        assert row["by"] == "ear" or (ROOT / "benchmarks" / row["by"].split()[0]).is_file(), row["by"]
        assert row.get("tell", "").count("{") == len(row.get("read", [])), row["what"]


def test_figures_when_the_decoders_page_is_read_then_its_tables_ask_for_what_the_rows_of_the_bench_do():
    page = (ROOT / "docs" / "dtmf.md").read_text(encoding="utf-8")
    assert written_ear(page) == page, "put figures into benchmarks/pictures/ear.yaml, then: make pictures"
    bench = {row.name: row for row in ROWS}
    for row in ear()["receivers"]["rows"]:
        asked = {float(number) for number in re.findall(r"-?\d*\.?\d+", row["cells"][1])}
        bounds = {limit.bound for name in row["of"] for limit in bench[name].limits if limit is not None}
        assert asked <= bounds, row["cells"][0]


def test_figures_when_a_benchmark_has_printed_them_then_told_rounded():
    row = {"by": "pages.py", "tell": "{:.1f} / {:.0f} %", "read": [r"page ([\d.]+) MB", r"(\d+) %"]}
    assert read(row, "ten callers: page 1.96 MB, 12 % of it music") == "2.0 / 12 %"
    with pytest.raises(SystemExit, match="has not printed"):
        read(row, "not measured: no card")
