"""`ivr serve`, as it is typed."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from ivr.cli.options import Flag, Meetings, Profile, Setting, TransferTo, Trust


def serve(
    *,
    sip: str = "",
    web: str = "",
    web_users: Path | None = None,
    web_stories: Path | None = None,
    web_tls: Annotated[list[str] | None, Parameter(consume_multiple=True, negative="")] = None,
    streams: str = "",
    stream_token: Path | None = None,
    audiosocket: str = "",
    meeting: Meetings = None,
    database: str = "",
    rtp_ports: str = "20000-29999",
    open_: Annotated[bool, Parameter(name="--open", negative="")] = False,
    users: Path | None = None,
    trust: Trust = None,
    sip_tls: str = "",
    sip_cert: Path | None = None,
    sip_key: Path | None = None,
    sip_ca: Path | None = None,
    register: str = "",
    auth: str = "",
    password_file: Path | None = None,
    transfer_to: TransferTo = None,
    home: str = "",
    rings: float = 0.0,
    early_media: Flag = False,
    profile: Profile = "teams2021",
    setting: Setting = "default",
    seconds: float | None = None,
    journal: Path | None = None,
    figures: Path | None = None,
    plain: Flag = False,
) -> int:
    """Take calls of telephones: softphones, PBXs and test tools ring in by SIP and hear the bridge by RTP.

    Call sip:1000@HOST:PORT, whatever the user part is. q or Ctrl-C hangs up everybody and ends it. With
    --web browsers show it.

    Example: ivr serve --sip 127.0.0.1:5060 --meeting 1234567:48215:Amos

    Parameters
    ----------
    sip
        The IP address and port to listen at, by UDP and TCP; an IPv6 address in brackets. 127.0.0.1:5060 if left
        out, and with --web, --streams or --audiosocket alone none.
    web
        Show it in browsers, at this address and port, as in 127.0.0.1:8080. Any other than this machine's own needs
        --web-users and --web-tls.
    web_users
        Let only these log in there, with their passwords: a file of lines that 'ivr web-user' prints, that nobody
        else can read.
    web_stories
        A folder of stories of your own that can be played there, besides those that ship.
    web_tls
        A certificate and its key (PEM) for that; or self-signed, one that is made for this run alone.
    streams
        Take calls as media streams over WebSockets, as Twilio sends them, at this address and port, as in
        127.0.0.1:8765.
    stream_token
        A file with a token that is the last part of the path of every media stream; any other address than this
        machine's own needs this or --open.
    audiosocket
        Take calls of Asterisk's AudioSocket at this address and port, as in 127.0.0.1:9092; from other machines
        only of those that --trust names.
    meeting
        A meeting as ID, ID:PIN or ID:PIN:NAME of its organizer; may be given several times. Without one, the
        meetings are those of your directory.
    database
        The directory: a file, sqlite:///PATH or postgresql://...; else IVR_DATABASE, else one in your folder.
    rtp_ports
        The UDP ports for sound, first and last; each call takes an even one.
    open_
        Let anybody who reaches the address call; any other than this machine's own needs this or --users.
    users
        Let only these call, with their passwords: a file as htdigest makes it, that nobody else can read.
    trust
        A proxy or trunk, as an address or network such as 192.0.2.0/24; may be given several times. Nobody there is
        asked for a password, and what it says of its callers is believed: each of them counts by himself.
    sip_tls
        Listen for TLS at this address and port, too.
    sip_cert
        The certificate for TLS, with those that lead to one that others know (PEM).
    sip_key
        Its key (PEM).
    sip_ca
        Certificates to believe besides the system's where it connects by TLS itself (PEM).
    register
        Register here, as sip:USER@HOST, and be rung there; ;transport=tcp or tls at its end says how.
    auth
        The user name for that, if it is not USER; the password is in --password-file, or in IVR_SIP_PASSWORD.
    password_file
        A file with the password, that nobody else can read.
    transfer_to
        To whom calls may be handed over, by an application or because a caller wants it: a number, sip:USER@HOST,
        or sip:*@HOST for all who are there; may be given several times. Without any, to nobody.
    home
        The address and port by which others reach this process, where several share a directory: each meeting is at
        one of them, and calls that a trusted proxy brings to another one are sent there.
    rings
        Let it ring for so many seconds before it is answered.
    early_media
        Let callers hear and key while it rings.
    profile
        The product to imitate, or a file of your own: 'ivr profile list'.
    setting
        How sure the decoder has to be of a key in the audio: default, wide or strict.
    seconds
        End after so many seconds; if left out, when you press q or Ctrl-C.
    journal
        Write the journal into this file while it happens: text, or JSON lines if its name ends in .jsonl.
    figures
        Write a line of JSON into this file every 5 s: calls, ticks and those that came late, time of the processor,
        memory, and by how much sound is held back.
    plain
        Print lines instead of drawing a screen; so it is in a pipe and where TERM is dumb.
    """
    from ivr.cli.faults import UsageError
    from ivr.cli.peers import Peers
    from ivr.cli.serve import ServeOptions
    from ivr.cli.serve import serve as take
    from ivr.cli.streaming import StreamOptions

    peers = Peers(is_open=open_, users=users, trust=trust or [], tls=sip_tls, certificate=sip_cert, key=sip_key,
                  authorities=sip_ca, register=register, login=auth, password_file=password_file,
                  transfer_to=transfer_to or [])
    browsing = None
    if web:
        from ivr.cli.web import Browsing

        browsing = Browsing(web=web, users=web_users, tls=web_tls or [], stories=web_stories)
    elif web_users or web_tls or web_stories:
        raise UsageError("--web-users, --web-tls and --web-stories are for --web HOST:PORT: say where to listen")
    return take(ServeOptions(sip=sip or ("" if web or streams or audiosocket else "127.0.0.1:5060"),
                             browsing=browsing, meetings=meeting or [], database=database, rtp_ports=rtp_ports,
                             home=home, rings=rings, is_early=early_media, peers=peers, product=profile,
                             setting=setting, seconds=seconds, journal=journal, figures=figures, plain=plain,
                             streams=StreamOptions(media=streams, audiosocket=audiosocket, token=stream_token)))
