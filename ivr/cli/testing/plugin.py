"""What pytest loads wherever this is installed: it imports nothing of ours until there is a story.

Fixtures: `bridge`, `caller`, `directory`, `outbox`, `clock`; docs/testing.md tells how they are used.
"""

from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from ivr.cli.testing.house import Bridge, Caller, Clock, DirectoryDesk, House, Outbox

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
def bridge(request: pytest.FixtureRequest) -> "Iterator[Bridge]":
    """The bridge that is called, in virtual time: it goes on only while somebody does something."""
    from ivr.cli.testing.house import House

    house = request.node.stash[_HOUSE] = House(request.path)
    yield house.bridge
    house.close()


@pytest.fixture
def caller(bridge: "Bridge", request: pytest.FixtureRequest) -> "Callable[[str], Caller]":  # noqa: ARG001
    """Give callers by their names: ``anna = caller("anna")``."""
    house: House = request.node.stash[_HOUSE]
    return house.caller


@pytest.fixture
def directory(bridge: "Bridge", request: pytest.FixtureRequest) -> "DirectoryDesk":  # noqa: ARG001
    """The meetings and organizers, and the administrator's desk."""
    house: House = request.node.stash[_HOUSE]
    return house.directory


@pytest.fixture
def outbox(bridge: "Bridge", request: pytest.FixtureRequest) -> "Outbox":  # noqa: ARG001
    """The letters that were delivered."""
    house: House = request.node.stash[_HOUSE]
    return house.outbox


@pytest.fixture
def clock(bridge: "Bridge", request: pytest.FixtureRequest) -> "Clock":  # noqa: ARG001
    """The clock of the simulation."""
    house: House = request.node.stash[_HOUSE]
    return house.clock


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """Add the calls to the report of a test that failed, and say where their sound is."""
    report = yield
    if report.failed and call.when == "call" and (house := item.stash.get(_HOUSE, None)) is not None:
        from ivr.cli.testing.leftovers import folder_for

        report.sections += house.told(folder_for(item.config, item.nodeid))
    return report
