"""Bridges with short prompts, so that a whole call takes a few simulated seconds: see tests/ivr/worlds.py."""

from tests.ivr.worlds import reachable, work, world, world_of

__all__ = ["reachable", "work", "world", "world_of"]
