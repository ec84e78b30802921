"""Lines that cannot command a terminal, whatever names and titles stand in them."""

import re

COMMANDS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""What a terminal would obey, or show as if it were another text."""


def shown(text: str) -> str:
    r"""Return text for a terminal: what would command it is spelt out, as in \x1b."""
    return COMMANDS.sub(lambda sign: sign[0].encode("unicode_escape").decode(), text)
