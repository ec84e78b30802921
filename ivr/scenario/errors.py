"""What can be wrong with a scenario file: its author's mistakes, never ours."""

from ivr.reading import BadFile


class NothingThere(Exception):
    """Nothing can be put in a placeholder's place; the message is a sentence for the step that has it."""


class ScenarioError(BadFile):
    """One mistake in a scenario file, or in a profile."""
