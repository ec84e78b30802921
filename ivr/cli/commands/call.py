"""`ivr call`, as it is typed."""

from pathlib import Path

from ivr.cli.options import Flag, Json


def call(
    *words: str,
    from_: str = "",
    auth: str = "",
    password_file: Path | None = None,
    dtmf: str = "",
    srtp: Flag = False,
    sip_ca: Path | None = None,
    local: str = "",
    rtp_ports: str = "30000-39999",
    timeout: float | None = None,
    report: Path | None = None,
    no_audio: Flag = False,
    journal: Path | None = None,
    pcap: Path | None = None,
    with_secrets: Flag = False,
    json_: Json = False,
) -> int:
    """Ring out: the callers of a story call an IVR by SIP, and what they hear of it is judged.

    Everything happens in real time. Steps that ask what only our own bridge knows are refused.

    Example: ivr call sip:1000@127.0.0.1 story.yaml --report out

    Parameters
    ----------
    words
        Who is called, as in sip:1000@192.0.2.10 or sip:1000@pbx.example.com;transport=tls, and the story; a
        story that has a 'target' can stand alone.
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
    timeout
        Give the story up after so many seconds.
    report
        Folder for a page, the recordings and the journal.
    no_audio
        Leave what was heard out of the page: it is small, and the recordings lie beside it all the same.
    journal
        Write the journal into this file while it happens: text, or JSON lines if its name ends in .jsonl.
    pcap
        Write all SIP and RTP into this file, for Wireshark; without the digits that are keyed, and other secrets.
    with_secrets
        Leave them in it; nobody else can read the file then.
    json_
        Print one JSON object instead.
    """
    from ivr.cli.call import CallOptions
    from ivr.cli.call import call as ring

    return ring(list(words), CallOptions(
        from_=from_, login=auth, password_file=password_file, dtmf=dtmf, srtp=srtp, authorities=sip_ca, local=local,
        rtp_ports=rtp_ports, timeout=timeout, report=report, audio=not no_audio, journal=journal, pcap=pcap,
        with_secrets=with_secrets, as_json=json_))
