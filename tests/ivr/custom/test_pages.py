"""The page of a story of one's own IVR shows what its journal shows, and no secret."""

import re

import numpy as np

from ivr.cli.leaving import lay, leave
from ivr.journal import Journal
from ivr.report import Story, Track

IVR = """
start: menu
menu: {say: "Press 1 now.", keys: {1: order}}
order: {collect: {digits: 4, say: "Your order, please."}, into: number, then: pin}
pin: {collect: {digits: 5, end: none, secret: yes, say: "Your word, please."}, into: word, then: bye}
bye: {say: "Goodbye and ride safely.", then: hang up}
"""
CALLER = """
  anna: [dial, {hear: menu}, {press: 1}, {hear: order}, {press: 4711#}, {hear: pin}, {press: "48215"}, {hear: bye}]
"""


def test_page_when_keys_are_no_secret_then_those_of_the_journal_and_no_others(tell, tmp_path):
    result = tell(IVR, CALLER)
    assert result.passed, result.failures
    page = leave(result, tmp_path / "out", wall_s=1.0, audio=False).read_text(encoding="utf-8")
    caps = re.findall(r'<span class="cap([^"]*)"[^>]*>([^<]+)</span>', page)
    assert "".join(label for _, label in caps) == "14711#****"
    assert "number 4711, from" in page
    assert "word ****, from" in page
    assert 'word entered: ' in page
    assert "48215" not in page


def test_report_when_somebody_was_never_on_the_line_then_no_empty_recording_of_him(tmp_path):
    said, nothing = np.zeros(800, np.int16), np.zeros(0, np.int16)
    tracks = [Track("anna", said, said, 0), Track("otto", nothing, nothing, 0)]
    lay(Story("A story", "", [], tracks, 800, 0.1), Journal(), tmp_path)
    assert [path.name for path in tmp_path.glob("*.wav")] == ["anna-heard.wav"]
