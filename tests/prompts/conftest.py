"""Everything is spoken once, into a cache of the tests' own."""

import pytest

from prompts import Prompts


@pytest.fixture(scope="session")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("prompts")


@pytest.fixture(scope="session")
def spoken(cache):
    return Prompts(cache=cache)
