"""What errors have in common: what is wrong, besides the sentence about it."""


class Valued(Exception):
    """A fault of what somebody has given.

    Attributes
    ----------
    value : str
        What is wrong, as the sentence has it; empty if that is nothing that could be typed otherwise, or a PIN.
    """

    exit_code = 2

    def __init__(self, message: str = "", *, value: object = "") -> None:
        super().__init__(message)
        self.value = str(value)
