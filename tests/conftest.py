"""What all tests share: in CI nothing may be skipped that CI could run."""

import os
from pathlib import Path

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):  # noqa: ARG001
    report = yield
    if report.skipped and os.environ.get("CI") and "recordings" not in str(report.longrepr):
        report.outcome = "failed"
        report.longrepr = f"skipped in CI: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def recordings():
    """The folder of recordings made by others; tests that need it are skipped without it."""
    folder = Path(os.environ.get("IVR_RECORDINGS", Path(__file__).parents[2] / "shared" / "recordings"))
    if not (folder / "MANIFEST.csv").is_file():
        pytest.skip("no recordings here: set IVR_RECORDINGS to a folder with a MANIFEST.csv")
    return folder
