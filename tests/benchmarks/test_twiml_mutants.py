"""Hostile TwiML, some of what the benchmark tries: nothing breaks off, and nobody is asked elsewhere."""

from collections import Counter

import pytest

from benchmarks.twiml_mutants import Connections, application, mutants, tried


@pytest.fixture
def connections():
    heard = Connections()
    heard.on = True
    yield heard
    heard.on = False


def test_calls_when_documents_are_hostile_then_no_fault_and_no_connection_elsewhere(connections):
    events = Counter()
    with application() as (url, told):
        for mutant in mutants(150, seed=3):
            told[0] = mutant
            came = tried(url)
            assert not came["fault"], mutant
            events += came
    assert not connections.elsewhere
    assert min(events["document"], events["application-failed"], events["dialling"], events["came-to-room"]) > 5
