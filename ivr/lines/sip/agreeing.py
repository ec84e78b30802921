"""Offer and answer (RFC 3264): what we take of an offer, what we offer, and what of it was taken."""

import ipaddress
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from ivr.lines.sip.rtp.g711 import CODECS
from ivr.lines.sip.sdes import KEY_BYTES, SUITES, Crypto, Secrets, read
from ivr.lines.sip.sdp import BadDescription, MediaLine, parse

PTIME_MS = 20
_PTIMES = range(10, 61, 10)
_MIRRORED = {"sendrecv": "sendrecv", "sendonly": "recvonly", "recvonly": "sendonly", "inactive": "inactive"}
_EVENTS = 101
"""The payload type of keys where we offer."""

_NO_SRTP = "it wants encrypted sound, which needs the extra [srtp]: pip install pylibsrtp"

_PLAIN, _SECURE = "RTP/AVP", "RTP/SAVP"

_LAST = "G722"
"""Taken where nothing else is offered: on a line of 8 kHz it is no better, and after a loss worse."""


class Unacceptable(Exception):
    """An offer or an answer of which we can do nothing."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How sound goes.

    Attributes
    ----------
    codec : one of CODECS
    payload : int
        Its payload type.
    events : int or None
        The payload type of telephone-event; None if keys cannot come so.
    ptime_ms : int
        How long our packets are.
    host, port : str, int
        Where it is to be sent.
    sends, receives : bool
        What we may do; who holds us lets us not send.
    secrets : Secrets or None
        How it is encrypted, if it is.
    control : int
        The port for reports (RTCP); 0 if there is none.
    muxed : bool
        Whether reports go with the sound instead (RFC 5761).
    others : tuple of (payload type, codec)
        What the other side may change to without a word, as it took more than one.
    """

    codec: str
    payload: int
    events: int | None
    ptime_ms: int
    host: str
    port: int
    sends: bool = True
    receives: bool = True
    secrets: Secrets | None = None
    control: int = 0
    muxed: bool = False
    others: tuple[tuple[int, str], ...] = ()


@dataclass(slots=True)
class Local:
    """Our side of a call's sound.

    Attributes
    ----------
    version : int
        Grows with each description that differs.
    direction : str
        What we wish: "sendrecv", or "sendonly" to hold the other side.
    draw : callable or None
        Draws keys that nobody can guess, so many bytes each; without it nothing is encrypted.
    secures : bool
        Whether only encrypted sound is offered.
    """

    host: str
    port: int
    session: int
    version: int = 0
    direction: str = "sendrecv"
    said: str = field(default="", repr=False)  # our key may be in it
    draw: Callable[[int], bytes] | None = field(default=None, repr=False)
    secures: bool = False
    _keys: dict[str, bytes] = field(default_factory=dict, repr=False)
    _offered: tuple[str, bool] = _PLAIN, False

    def _key(self, suite: str) -> bytes:
        """Return our key, the same for as long as the call lasts."""
        if suite not in self._keys and self.draw is not None:
            self._keys[suite] = self.draw(KEY_BYTES)
        return self._keys[suite]

    def _written(self, lines: list[str]) -> bytes:
        family = "IP6" if ":" in self.host else "IP4"
        rest = "\r\n".join(lines)
        if rest != self.said:
            self.version, self.said = self.version + 1, rest
        head = (f"v=0\r\no=- {self.session} {self.version} IN {family} {self.host}\r\ns=-\r\n"
                f"c=IN {family} {self.host}\r\nt=0 0\r\n")
        return f"{head}{rest}\r\n".encode()

    def _audio(self, formats: dict[int, str], ptime_ms: int, direction: str,
               cryptos: Sequence[Crypto] = (), *, muxed: bool = False) -> list[str]:
        lines = [f"m=audio {self.port} {_SECURE if cryptos else _PLAIN} {' '.join(map(str, formats))}"]
        lines += [f"a=crypto:{crypto.written()}" for crypto in cryptos]
        for payload, name in formats.items():
            lines.append(f"a=rtpmap:{payload} {name}/8000")
            if name == "telephone-event":
                lines.append(f"a=fmtp:{payload} 0-15")
        return [*lines, *["a=rtcp-mux"] * muxed, f"a=ptime:{ptime_ms}", f"a={direction}"]

    def offer(self, agreed: Agreement | None = None) -> bytes:
        """Return an offer; of what is agreed on already, if something is."""
        if agreed is None:
            formats, ptime_ms = {0: "PCMU", 8: "PCMA", 9: "G722", _EVENTS: "telephone-event"}, PTIME_MS
            suites: Sequence[str] = SUITES if self.secures else ()
        else:
            formats, ptime_ms = _formats(agreed), agreed.ptime_ms
            suites = [agreed.secrets.suite] if agreed.secrets else []
        cryptos = [Crypto(tag, suite, self._key(suite)) for tag, suite in enumerate(suites, 1)]
        muxed = agreed is not None and agreed.muxed
        self._offered = _SECURE if cryptos else _PLAIN, muxed
        return self._written(self._audio(formats, ptime_ms, self.direction, cryptos, muxed=muxed))

    def answer(self, body: bytes) -> tuple[bytes, Agreement]:
        """Return the answer to an offer, and what is so agreed on.

        Raises
        ------
        Unacceptable
            If nothing in it can be taken.
        """
        lines: list[str] = []
        agreed = None
        for media in _parsed(body):
            taken = None if agreed else self._taken(media)
            if taken is None:
                lines.append(f"m={media.kind} 0 {media.protocol} {' '.join(media.formats)}")
                continue
            wish = _narrowed(_MIRRORED[_direction(media)], self.direction)
            agreed = replace(_directed(taken, wish), others=())  # we answer with one
            ours = [] if taken.secrets is None else [
                Crypto(read(media.values("crypto"))[0].tag, taken.secrets.suite, taken.secrets.ours)]
            lines += self._audio(_formats(taken), taken.ptime_ms, wish, ours, muxed=taken.muxed)
        if agreed is None:
            raise Unacceptable(_NO_SRTP if self.draw is None and any(_taken(media) for media in _parsed(body)) else
                               "it offers no sound that can be had here")
        return self._written(lines), agreed

    def taken(self, body: bytes) -> Agreement:
        """Return what an answer to an offer of ours takes.

        Raises
        ------
        Unacceptable
            If it takes nothing.
        """
        media = _parsed(body)[0]
        protocol, muxes = self._offered
        taken = self._taken(media) if media.protocol == protocol else None
        if taken is None:
            raise Unacceptable("it takes nothing of our offer")
        taken = replace(taken, muxed=taken.muxed and muxes)
        return _directed(taken, _narrowed(_MIRRORED[_direction(media)], self.direction))

    def _taken(self, media: MediaLine) -> Agreement | None:
        """Return what we can do of an m= line, with our key if it is encrypted; None if nothing."""
        taken = _taken(media)
        if taken is None or media.protocol == _PLAIN:
            return taken
        cryptos = read(media.values("crypto"))
        if self.draw is None or not cryptos:
            return None
        return replace(taken, secrets=Secrets(cryptos[0].suite, self._key(cryptos[0].suite), cryptos[0].key))


def _parsed(body: bytes) -> list[MediaLine]:
    try:
        return parse(body)
    except BadDescription as error:
        raise Unacceptable(str(error)) from None


def _taken(media: MediaLine) -> Agreement | None:
    """Return what we can do of an m= line; None if nothing."""
    if media.kind != "audio" or not media.port or media.protocol not in (_PLAIN, _SECURE):
        return None
    try:
        host = ipaddress.ip_address(media.host)
    except ValueError:
        return None
    if host.is_multicast:
        return None
    kinds = media.encodings()
    voices = [(int(payload), name) for payload, (name, rate) in kinds.items() if name in CODECS and rate == 8000]
    if not voices:
        return None
    voice = min(voices, key=lambda one: one[1] == _LAST)
    events = next((int(payload) for payload, known in kinds.items() if known == ("TELEPHONE-EVENT", 8000)), None)
    return Agreement(voice[1], voice[0], events, _ptime(media), str(host), media.port, control=_control(media),
                     muxed=bool(media.values("rtcp-mux")), others=tuple(one for one in voices if one != voice))


def _control(media: MediaLine) -> int:
    """Return the port for reports: the next one, or as told (RFC 3605)."""
    told = [value.split()[0] for value in media.values("rtcp") if value]
    port = int(told[0]) if told and told[0].isascii() and told[0].isdigit() and len(told[0]) < 6 else media.port + 1
    return port if port < 65_536 else 0


def _ptime(media: MediaLine) -> int:
    """Return how long packets are to be: as asked, if we can."""
    def first(name: str, otherwise: int) -> int:
        return next((int(value) for value in media.values(name) if value.isascii() and value.isdigit()
                     and len(value) < 5), otherwise)

    wanted = min(first("ptime", PTIME_MS), first("maxptime", 60))
    return wanted if wanted in _PTIMES else PTIME_MS


def _direction(media: MediaLine) -> str:
    return "sendonly" if media.unspecified and media.direction == "sendrecv" else media.direction


def _narrowed(one: str, other: str) -> str:
    """Return the direction that both leave open."""
    sends = all(way in ("sendrecv", "sendonly") for way in (one, other))
    receives = all(way in ("sendrecv", "recvonly") for way in (one, other))
    return {(True, True): "sendrecv", (True, False): "sendonly", (False, True): "recvonly"}.get(
        (sends, receives), "inactive")


def _directed(agreed: Agreement, direction: str) -> Agreement:
    return replace(agreed, sends=direction in ("sendrecv", "sendonly"),
                   receives=direction in ("sendrecv", "recvonly"))


def _formats(agreed: Agreement) -> dict[int, str]:
    events = {} if agreed.events is None else {agreed.events: "telephone-event"}
    return {agreed.payload: agreed.codec, **events}
