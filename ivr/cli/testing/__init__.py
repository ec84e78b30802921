"""Stories for pytest: as files that are collected, and as fixtures for those who write them in Python."""
