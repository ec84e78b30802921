"""A directory on a disk, for the tests of what asks it while calls go on."""

from tests.ivr.desk.conftest import chosen, desk, environment

__all__ = ["chosen", "desk", "environment"]
