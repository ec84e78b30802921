"""A letter as the bytes that are stored or sent."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy

from ivr.mail.delivery.errors import Undelivered


def message_id_of(message: EmailMessage) -> str:
    """Return the Message-ID, by which a letter is known again.

    Raises
    ------
    Undelivered
        If there is none.
    """
    message_id = str(message.get("Message-ID", "")).strip()
    if not message_id:
        raise Undelivered("the letter has no Message-ID, by which a second copy would be known: write it anew",
                          lasting=True)
    return message_id


def sender_of(message: EmailMessage) -> str:
    """Return the address that the letter comes from.

    Raises
    ------
    Undelivered
        If there is none.
    """
    senders = _addresses(message, "From")
    if not senders or not senders[0].domain:
        raise Undelivered("the letter has no sender: set sender-address and sender-name, or leave both out",
                          lasting=True)
    return senders[0].addr_spec


def needs_utf8(message: EmailMessage, *envelope: str) -> bool:
    """Tell whether an address is not ASCII: a name can be encoded, an address cannot (RFC 6531, 6532)."""
    written = (address.addr_spec for header in ("From", "To", "Cc", "Reply-To", "Sender")
               for address in _addresses(message, header))
    return not all(address.isascii() for address in (*envelope, *written))


def as_bytes(message: EmailMessage, *, utf8: bool, line_end: str) -> bytes:
    """Return the whole letter; without `utf8` every byte is ASCII, so that any server and reader takes it.

    Raises
    ------
    Undelivered
        If it cannot be written down. What is wrong with it is not told, as that could quote the letter.
    """
    policy = EmailPolicy(utf8=utf8, cte_type="8bit" if utf8 else "7bit", linesep=line_end)
    try:
        return message.as_bytes(policy=policy)
    except Exception:  # the library lets through whatever it stumbles over
        failure = Undelivered("the letter holds something that a mail cannot carry: write it anew", lasting=True)
    raise failure


def _addresses(message: EmailMessage, header: str) -> tuple[Address, ...]:
    return tuple(address for field in message.get_all(header, ()) for address in getattr(field, "addresses", ()))
