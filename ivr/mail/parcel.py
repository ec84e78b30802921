"""A letter on its way: what an outbox hands to whoever delivers it."""

from dataclasses import dataclass, field
from email.message import EmailMessage


@dataclass(frozen=True, slots=True)
class Parcel:
    """A letter ready to be carried.

    Attributes
    ----------
    number : int
        By which the outbox knows it.
    tries : int
        How often it was carried in vain.
    """

    number: int
    tries: int
    recipient: str
    message: EmailMessage = field(repr=False)
