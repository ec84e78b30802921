"""What can be wrong with a directory's data; no message ever holds a PIN.

DirectoryError
├── BadConferenceId    not seven digits (A1.10)
├── BadPin             not 4 to 12 digits (B1.2)
└── DuplicateId        two meetings with one ID (C-6)
"""


class DirectoryError(ValueError):
    """Any fault of what a directory is given."""


class BadConferenceId(DirectoryError):
    """A conference ID is not seven digits."""


class BadPin(DirectoryError):
    """A PIN is not 4 to 12 digits."""


class DuplicateId(DirectoryError):
    """Two meetings have the same conference ID."""
