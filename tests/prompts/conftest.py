"""Everything is spoken once, into a cache of the tests' own."""

import pytest

from prompts import Prompts


@pytest.fixture(scope="session")
def cache(tmp_path_factory, worker_id):
    # workers share what they have spoken: several may use one cache
    base = tmp_path_factory.getbasetemp()
    return (base if worker_id == "master" else base.parent) / "prompts"


@pytest.fixture(scope="session")
def spoken(cache):
    return Prompts(cache=cache)
