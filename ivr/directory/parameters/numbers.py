"""Phone numbers as an administrator types them (D9)."""

import re

from ivr.directory.errors import BadValue

APPLICATIONS = ("conference", "mailbox", "attendant")
"""What a number can lead to, the first unless another is named; behind "mailbox" may stand the name of a dial plan,
behind "attendant" that of an attendant."""


def number(text: str) -> str:
    """Return a phone number in E.164 form, with its plus.

    Parameters
    ----------
    text : str
        ``14255550123``, ``+14255550123`` or ``tel:+14255550123`` (D9); blanks, hyphens, dots and brackets
        between the digits are passed over, as in RFC 3966, 5.1.1.

    Raises
    ------
    BadValue
        If it is none: 7 to 15 digits (ITU-T E.164, 6.2.1) that begin with a country's code.
    """
    digits = re.sub(r"\A(?:tel:)?\+?|[ .()-]", "", text.strip(), flags=re.IGNORECASE)
    # "(0)" is dialled inside a country only: with it, the digits would be another number.
    if "(0)" in text or not re.fullmatch(r"[1-9][0-9]{6,14}", digits):
        raise BadValue(f"{text.strip()[:60]!r} is no phone number: "
                       "write it with its country's code, such as +14255550123", value=text.strip()[:60])
    return f"+{digits}"
