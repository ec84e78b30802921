"""A journal at a terminal: every line says who may be guessing how long he waits."""

import pytest

from ivr.cli.telling import told
from ivr.journal import Entry
from prompts import load


@pytest.mark.parametrize(("facts", "sentence"), [
    ({"entry": "PIN", "because": "meeting", "seconds": 4},
     "waits 4 s for the answer: too many wrong tries, same meeting"),
    ({"entry": "conference ID", "because": "number", "later": True},
     "is to try the conference ID later: too many wait for theirs")])
def test_an_answer_that_is_held_back_then_told_how_long_and_why(facts, sentence):
    assert told(Entry(8000, 1, "anna", "slowed", facts), load("en-US")).endswith(sentence)
