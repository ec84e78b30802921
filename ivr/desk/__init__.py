"""What the administrator's desk needs of a machine: opening a directory, its key file, posting its letters."""
