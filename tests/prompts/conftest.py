"""Everything is spoken once, into the cache that all tests share: see `tests/conftest.py`."""

import pytest

from prompts import Prompts
from prompts.cache import folder


@pytest.fixture(scope="session")
def cache():
    return folder()


@pytest.fixture(scope="session")
def spoken(cache):
    return Prompts(cache=cache)
