"""What the tests of a mutant do without, as a plugin of pytest: an example that fails is not made short."""

import pytest
from hypothesis import Phase, settings


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart() -> None:
    """Take the suite's profile, but for the phase that takes minutes."""
    settings.register_profile("mutants", settings.get_profile("suite"), phases=[Phase.explicit, Phase.generate])
    settings.load_profile("mutants")
