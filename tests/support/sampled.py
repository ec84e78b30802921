"""A sample of what a test is asked about, where all of it is slow."""

import pytest
from hypothesis import settings


def slow_but(kept, cases):
    """Return the cases of a test as its parameters, marked slow but for those that are kept.

    Parameters
    ----------
    kept : collection
        Cases, or first values of cases that are tuples, that every run of the suite tries.
    cases : iterable
    """
    known = list(cases)
    firsts = [case[0] if isinstance(case, tuple) else case for case in known]
    assert all(one in firsts or one in known for one in kept), f"no such case: {kept}"
    return [pytest.param(*(case if isinstance(case, tuple) else (case,)),
                         marks=() if first in kept or case in kept else pytest.mark.slow)
            for first, case in zip(firsts, known, strict=True)]


def one_in(number, cases):
    """Return the cases of a test as its parameters, marked slow but for the first of every so many."""
    return [pytest.param(*(case if isinstance(case, tuple) else (case,)),
                         marks=pytest.mark.slow if place % number else ()) for place, case in enumerate(cases)]


def examples(number):
    """Return the settings of a property that is tried so many times where slow tests run, a quarter elsewhere."""
    return settings(max_examples=number * settings().max_examples // 100)
