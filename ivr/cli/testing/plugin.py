"""What pytest loads wherever this is installed: it imports nothing of ours until there is a story.

Fixtures: `bridge`, `caller`, `agent`, `directory`, `outbox`, `clock`; docs/testing.md tells how they are used.
"""

from collections.abc import Callable, Generator, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from ivr.cli.testing.house import House
    from ivr.cli.testing.parts import AgentInTest, BridgeInTest, CallerInTest, Clock, DirectoryDesk, OutboxInTest
    from ivr.lines.adapter import Coroutines

SUFFIX = ".call.yaml"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Say what can be typed."""
    group = parser.getgroup("ivr", "stories of callers")
    group.addoption("--ivr-report", metavar="DIR", help="where pages, sound and journals of failures are left "
                                                        "(a folder of pytest's cache if left out)")
    group.addoption("--ivr-allow-host", metavar="HOST", action="append", default=[],
                    help="a host besides this machine whose apps may be asked")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Take files of stories for tests."""
    if not file_path.name.endswith(SUFFIX):
        return None
    from ivr.cli.testing.collecting import CallFile

    return CallFile.from_parent(parent, path=file_path)


_HOUSE: "pytest.StashKey[House]" = pytest.StashKey()


@pytest.fixture
def _house(request: pytest.FixtureRequest) -> "Iterator[House]":
    from ivr.cli.testing.house import House

    house = request.node.stash[_HOUSE] = House(request.path)
    yield house
    house.close()


@pytest.fixture
def bridge(_house: "House") -> "BridgeInTest":
    """The bridge that is called, in virtual time: it goes on only while somebody does something."""
    from ivr.cli.testing.parts import BridgeInTest

    return BridgeInTest(_house)


@pytest.fixture
def caller(_house: "House") -> "Callable[[str], CallerInTest]":
    """Give callers by their names: ``anna = caller("anna")``."""
    from ivr.cli.testing.parts import CallerInTest

    return partial(CallerInTest, _house)


@pytest.fixture
def agent(_house: "House") -> "Callable[[str, Coroutines], AgentInTest]":
    """Give voice agents by their names and coroutines: ``bot = agent("bot", navigator)``."""
    from ivr.cli.testing.parts import AgentInTest

    return partial(AgentInTest, _house)


@pytest.fixture
def directory(_house: "House") -> "DirectoryDesk":
    """The meetings and organizers, and the administrator's desk."""
    from ivr.cli.testing.parts import DirectoryDesk

    return DirectoryDesk(_house)


@pytest.fixture
def outbox(_house: "House") -> "OutboxInTest":
    """The letters that were delivered."""
    from ivr.cli.testing.parts import OutboxInTest

    return OutboxInTest(_house)


@pytest.fixture
def clock(_house: "House") -> "Clock":
    """The clock of the simulation."""
    from ivr.cli.testing.parts import Clock

    return Clock(_house)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """Add the calls to the report of a test that failed, and say where their sound is."""
    report = yield
    if report.failed and call.when == "call" and (house := item.stash.get(_HOUSE, None)) is not None:
        from ivr.cli.testing.leftovers import folder_for

        report.sections += house.told(folder_for(item.config, item.nodeid))
    return report
