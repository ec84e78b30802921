"""Many stories: chosen, played one after the other or side by side, and told."""

NEEDED = ("ivr.cli.suite.trial",)
"""What every process loads that plays stories."""
