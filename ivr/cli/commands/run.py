"""`ivr run`, as it is typed."""

from pathlib import Path

from ivr.cli.options import Flag, Hosts, Json, Profile


def run(
    *paths: Path,
    json_: Json = False,
    update_journals: Flag = False,
    report: Path | None = None,
    no_audio: Flag = False,
    profile: Profile = "",
    voice_pack: Path | None = None,
    coverage: Flag = False,
    allow_host: Hosts = None,
    twiml: str = "",
    status_callback: str = "",
) -> int:
    """Run scenarios: one line for each, and for a failure what was heard instead.

    Example: ivr run scenarios/ --report out

    Parameters
    ----------
    paths
        Scenario files, or folders that hold some.
    json_
        Print one JSON object a scenario instead.
    update_journals
        Write each journal beside its scenario as the one to expect, instead of comparing with it.
    report
        Folder for a page, the recordings and the journal of each scenario.
    no_audio
        Leave what was heard out of the page: it is small, and the recordings lie beside it all the same.
    profile
        Play them all with this profile, or a file of your own, and compare no journals.
    voice_pack
        Folder of recordings that are played instead of the synthetic voice; see 'ivr prompts'.
    coverage
        Tell in the end which exits of IVRs of your own no story has taken.
    allow_host
        A host besides this machine whose apps such an IVR may ask; may be given several times.
    twiml
        The URL of an application that answers in TwiML, which the stories call: http://127.0.0.1:5000/voice.
    status_callback
        With --twiml: the URL that is told when a call is over.
    """
    from ivr.cli.run import run as play

    return play(list(paths), as_json=json_, update=update_journals, report=report, product=profile,
                voice_pack=voice_pack, audio=not no_audio, coverage=coverage, hosts=allow_host or [], twiml=twiml,
                status=status_callback)
