"""A letter on its way: what an outbox hands to whoever delivers it."""

from dataclasses import dataclass, field
from email.message import EmailMessage


@dataclass(frozen=True, slots=True)
class Parcel:
    """A letter ready to be carried, or why it could not be made ready.

    Attributes
    ----------
    number : int
        By which the outbox knows it.
    tries : int
        How often it was carried in vain.
    recipient : str
        As servers take it: its domain in ASCII.
    message : EmailMessage or None
    trouble : str
        Where there is no message: why, in one sentence that holds no PIN.
    lasting : bool
        Whether that will not mend itself.
    """

    number: int
    tries: int
    recipient: str
    message: EmailMessage | None = field(repr=False)
    trouble: str = ""
    lasting: bool = True
