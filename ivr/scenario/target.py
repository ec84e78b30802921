"""Who is called, as a story or a command names it: a SIP URI, or whoever is at the sound card."""

import re
from dataclasses import dataclass

_URI = re.compile(r"(?:(?P<user>[\w.!~*'()&=+$,;?/%-]+)@)?(?P<host>\[[0-9a-fA-F:.]+\]|[\w.-]+)"
                  r"(?::(?P<port>[0-9]{1,5}))?(?P<rest>(?:;[\w.-]+(?:=[\w.-]+)?)*)", re.ASCII)
_WAYS = {"udp": "UDP", "tcp": "TCP", "tls": "TLS"}
USUAL_PORT, USUAL_TLS = 5060, 5061

SOUNDCARD = "soundcard"
"""What is called where callers talk into a speaker and hear a microphone."""

CARD = ("microphone", "speaker", "rate")
"""What can be said of a sound card."""


@dataclass(frozen=True, slots=True)
class CardTarget:
    """The sound card that is called.

    Attributes
    ----------
    microphone, speaker : str
        A number of `ivr devices`, a name or a part of one; empty for the default.
    rate : int, optional
        Samples a second at which both are opened; if left out, what each likes.
    line : int
        Where the story says so; 0 where a command does.
    """

    microphone: str = ""
    speaker: str = ""
    rate: int | None = None
    line: int = 0

    def may_share(self, other: "CardTarget") -> bool:
        """Tell whether both may mean one device: a device carries one call at a time."""
        return any(not one or not another or one.isdigit() != another.isdigit()
                   or one.casefold() in another.casefold() or another.casefold() in one.casefold()
                   for one, another in ((self.microphone, other.microphone), (self.speaker, other.speaker)))


class BadTarget(ValueError):
    """Text that names nobody who could be called; what it says is a sentence."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Target:
    """Who is called.

    Attributes
    ----------
    user : str
        Empty where the URI has none.
    host : str
        A name, or an IP address without brackets.
    transport : "UDP", "TCP" or "TLS"
    """

    user: str
    host: str
    port: int = USUAL_PORT
    transport: str = "UDP"

    def uri(self, user: str = "") -> str:
        """Return the URI, with another user if one is dialled."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == (USUAL_TLS if self.transport == "TLS" else USUAL_PORT) else f":{self.port}"
        who = user or self.user
        by = "" if self.transport == "UDP" else f";transport={self.transport.lower()}"
        return f"sip:{who}{'@' if who else ''}{host}{port}{by}"


def target(text: str) -> Target:
    """Return who is called.

    Raises
    ------
    BadTarget
        If it is no such URI.
    """
    scheme, _, rest = text.strip().partition(":")
    found = _URI.fullmatch(rest)
    if scheme.lower() not in ("sip", "sips") or not found:
        raise BadTarget(f"{text!r} is nobody to call: write sip:USER@HOST or sip:USER@HOST:PORT;transport=tcp")
    given = dict(one.partition("=")[::2] for one in found["rest"].lower().split(";")[1:])
    if wrong := next((name for name in given if name != "transport"), ""):
        raise BadTarget(f"{text!r} has {wrong!r}, which is unknown here: there is transport=udp, tcp and tls")
    way = "tls" if scheme.lower() == "sips" else given.get("transport", "udp")
    if way not in _WAYS:
        raise BadTarget(f"{text!r} goes by {way!r}: there is transport=udp, tcp and tls")
    port = int(found["port"]) if found["port"] else USUAL_TLS if way == "tls" else USUAL_PORT
    if not 0 < port < 65_536:
        raise BadTarget(f"{text!r} has no port: take 1 to 65535")
    return Target(found["user"] or "", found["host"].strip("[]"), port, _WAYS[way])
