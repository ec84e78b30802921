"""A journal at a terminal: every line says who may be guessing how long he waits."""

import pytest

from ivr.cli.telling import explained, told
from ivr.journal import Entry
from prompts import Prompts, load


@pytest.mark.parametrize(("facts", "sentence"), [
    ({"entry": "PIN", "because": "meeting", "seconds": 4},
     "waits 4 s for the answer: too many wrong tries, same meeting"),
    ({"entry": "conference ID", "because": "number", "later": True},
     "is to try the conference ID later: too many wait for theirs")])
def test_an_answer_that_is_held_back_then_told_how_long_and_why(facts, sentence):
    assert told(Entry(8000, 1, "anna", "slowed", facts), load("en-US")).endswith(sentence)


def test_a_prompt_when_it_holds_names_then_it_is_told_in_words_all_the_same():
    entry = Entry(8000, 1, "amos", "prompt", {"prompt": "joined", "began_at": 0, "interrupted": False})
    assert told(entry, Prompts("en-US")).endswith('has heard "... have joined the meeting."')


@pytest.mark.parametrize(("facts", "sentence"), [
    ({"what": "locks the meeting", "meeting": "1234567"}, "somebody at a page locks the meeting 1234567"),
    ({"what": "lets in", "by": "amos", "serial": 3, "guest": "eva"}, "amos at a page lets in eva"),
    ({"what": "plays the story on for", "seconds": 20.0}, "somebody at a page plays the story on for 20 s"),
    ({"what": "goes on with the story"}, "somebody at a page goes on with the story"),
    ({"what": "a caller of a story has failed", "guest": "eva", "because": "hear at 2.0 s: nothing"},
     "  a caller of a story has failed: eva, hear at 2.0 s: nothing")])
def test_what_is_done_at_a_page_then_a_sentence(facts, sentence):
    assert told(Entry(8000, 0, "", "presenter", facts), load("en-US")).endswith(sentence)


@pytest.mark.parametrize(("sentence", "explanation"), [
    ("anna  has entered conference ID 1234567", ""),
    ("amos  has entered PIN ****", "(**** stands for a PIN, or for what may be one.)"),
    ("keys 1234567#*****#", "(**** stands for a PIN, or for what may be one.)"),
    ("amos  presses •", "(• stands for a key that is not shown, as it may be of a PIN.)"),
])
def test_signs_when_they_stand_in_what_is_told_then_they_are_explained(sentence, explanation):
    assert explained([sentence]) == explanation
