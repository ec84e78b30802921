"""What stands for a key."""

UNSEEN = "•"
"""Stands for a key in the journal where it may be one of a PIN."""
