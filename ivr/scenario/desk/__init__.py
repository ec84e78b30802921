"""The administrator's desk in a scenario: who is enabled, what is done at the desk, which letters go out."""
