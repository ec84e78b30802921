"""`ivr call`, as it is typed."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from dtmf.whole import MaybeWhole
from ivr.cli.options import Dials, Flag, Json

_USUAL = Dials()


def call(
    *words: str,
    dials: Dials = _USUAL,
    input_: Annotated[str, Parameter(name="--input")] = "",
    output: str = "",
    rate: MaybeWhole = None,
    timeout: float | None = None,
    report: Path | None = None,
    no_audio: Flag = False,
    journal: Path | None = None,
    pcap: Path | None = None,
    with_secrets: Flag = False,
    json_: Json = False,
) -> int:
    """Ring out: the callers of a story call an IVR by SIP or at a sound card, and what they hear of it is judged.

    Everything happens in real time. Steps that ask what only our own bridge knows are refused.

    Example: ivr call sip:1000@127.0.0.1 story.yaml --report out

    Parameters
    ----------
    words
        Who is called, as in sip:1000@192.0.2.10 or sip:1000@pbx.example.com;transport=tls, or soundcard for
        whoever is at the microphone and the speaker, and the story; a story that has a 'target' can stand alone.
    input_
        With soundcard: the microphone, a number of 'ivr devices', a name or a part of one.
    output
        The speaker, named likewise.
    rate
        Samples a second at which both are opened; if left out, what each likes.
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
    from ivr.lines.soundcard.card import Wanted

    return ring(list(words), CallOptions(
        dials=dials, wanted=Wanted(input=input_, output=output, rate=rate),
        timeout=timeout, report=report, audio=not no_audio, journal=journal, pcap=pcap,
        with_secrets=with_secrets, as_json=json_))
