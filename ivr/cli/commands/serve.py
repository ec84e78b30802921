"""`ivr serve`, as it is typed."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from ivr.cli.options import Flag, Meetings, Profile, Setting


def serve(
    *,
    sip: str = "127.0.0.1:5060",
    meeting: Meetings = None,
    database: str = "",
    rtp_ports: str = "20000-29999",
    open_: Annotated[bool, Parameter(name="--open", negative="")] = False,
    users: Path | None = None,
    profile: Profile = "teams2021",
    setting: Setting = "default",
    seconds: float | None = None,
    journal: Path | None = None,
    plain: Flag = False,
) -> int:
    """Take calls of telephones: softphones, PBXs and test tools ring in by SIP and hear the bridge by RTP.

    Call sip:1000@HOST:PORT, whatever the user part is. q or Ctrl-C hangs up everybody and ends it.

    Example: ivr serve --sip 127.0.0.1:5060 --meeting 1234567:48215:Amos

    Parameters
    ----------
    sip
        The IP address and port to listen at, by UDP and TCP; an IPv6 address in brackets.
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
    profile
        The product to imitate, or a file of your own: 'ivr profile list'.
    setting
        How sure the decoder has to be of a key in the audio: default, wide or strict.
    seconds
        End after so many seconds; if left out, when you press q or Ctrl-C.
    journal
        Write the journal into this file while it happens: text, or JSON lines if its name ends in .jsonl.
    plain
        Print lines instead of drawing a screen; so it is in a pipe and where TERM is dumb.
    """
    from ivr.cli.serve import Options
    from ivr.cli.serve import serve as take

    return take(Options(sip=sip, meetings=meeting or [], database=database, rtp_ports=rtp_ports, is_open=open_,
                        users=users, product=profile, setting=setting, seconds=seconds, journal=journal,
                        plain=plain))
