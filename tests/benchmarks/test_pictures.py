"""The pictures of the pages are of what there is today."""

import re

import pytest

from benchmarks.pictures.__main__ import IMAGES, hash_of, known
from benchmarks.pictures.subjects import SUBJECTS
from ivr.cli.kit import prompts

ROOT = IMAGES.parents[1]
MEASURED = {"ear-noise"}
"""Pictures of figures, which `python -m benchmarks.ear --plot` draws as it measures."""


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
    assert there == {*SUBJECTS, *MEASURED} == {*known(), *MEASURED}
    assert [name for name in there if not re.search(rf"images/{name}[.]png", pages)] == []


def test_hash_when_only_the_time_or_the_coding_of_sounds_differs_then_the_same():
    page = '<dl><div><dt>on the wall</dt><dd>1.12<small> s</small></dd></div>{}<audio src="data:a;base64,{}"></dl>'
    assert hash_of(page.format("", "AAAA")) == hash_of(page.replace("1.12", "2.3").format("", "BB=="))
    assert hash_of(page.format("", "AAAA")) != hash_of(page.format("PIN", "AAAA"))
