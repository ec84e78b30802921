"""The administrator's desk in a scenario, as it is written: who is enabled, what is done, which letters go out."""
