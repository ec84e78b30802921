"""Bridges with short prompts, so that a whole call takes a few simulated seconds: see tests/ivr/worlds.py."""

from tests.ivr.worlds import world

__all__ = ["world"]
