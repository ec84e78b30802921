"""`ivr load`, as it is typed."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from ivr.cli.options import Flag, Json


def load(
    *words: str,
    calls: int = 10,
    rate: str = "10/s",
    for_: Annotated[str, Parameter(name="--for", negative="")] = "30 s",
    from_: str = "",
    auth: str = "",
    password_file: Path | None = None,
    dtmf: str = "",
    srtp: Flag = False,
    sip_ca: Path | None = None,
    local: str = "",
    rtp_ports: str = "30000-39999",
    csv: Path | None = None,
    json_: Json = False,
) -> int:
    """Ring out many at once: one story again and again at an IVR, with a line of figures a second and a table.

    A machine that cannot keep up with its own calls says so, and ends with 3: the figures would be its own.

    Example: ivr load sip:1000@127.0.0.1 story.yaml --calls 100 --rate 10/s --for 60s

    Parameters
    ----------
    words
        Who is called, and the story, as of 'ivr call'.
    calls
        Stories at once; one that ends makes room for another.
    rate
        Stories that begin a second, as in 10/s or 0.5/s.
    for_
        For how long others begin; those that go on then come to their end.
    from_
        Who calls: a number or name, NAME@DOMAIN, or "Ann Lee <sip:ann@example.com>".
    auth
        The user name for who asks for a password; the password is in --password-file, or in IVR_SIP_PASSWORD.
    password_file
        A file with the password, that nobody else can read.
    dtmf
        How keys go: events (RFC 4733), info or audio. If left out, as the story says, or as the other side takes.
    srtp
        Encrypt the sound, with keys in SDP; whom you call by TLS only is told them in secret.
    sip_ca
        PEM file of certificates that are trusted besides the system's, of whom is called by TLS.
    local
        The address and port to call from, as in 192.0.2.5:5080; if left out, that which reaches the target.
    rtp_ports
        The UDP ports for sound, first and last; each call takes an even one.
    csv
        Write a row a call into this file.
    json_
        Print one JSON object in the end instead.
    """
    from ivr.cli.call import CallOptions
    from ivr.cli.load import load as ring

    options = CallOptions(from_=from_, login=auth, password_file=password_file, dtmf=dtmf, srtp=srtp,
                          authorities=sip_ca, local=local, rtp_ports=rtp_ports, as_json=json_)
    return ring(list(words), options, calls=calls, rate=rate, lasting=for_, csv=csv)
