"""`ivr run`, as it is typed."""

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from dtmf.whole import WHOLE, MaybeWhole, Whole
from ivr.cli.options import Flag, Hosts, Json, Names, Profile, Settings, Tags, Without


def run(
    *paths: Path,
    json_: Json = False,
    jobs: Annotated[int, Parameter(name=("--jobs", "-j")), WHOLE] = 1,
    only: Names = None,
    tag: Tags = None,
    skip_tag: Without = None,
    set_: Settings = None,
    shuffle: MaybeWhole = None,
    repeat: Whole = 1,
    fail_fast: Flag = False,
    retry: Whole = 0,
    allow_flaky: Flag = False,
    junit: Path | None = None,
    html: Path | None = None,
    jsonl: Path | None = None,
    github: Flag = False,
    watch: Flag = False,
    update_journals: Flag = False,
    report: Path | None = None,
    keep: Literal["all", "failed"] | None = None,
    no_audio: Flag = False,
    profile: Profile = "",
    voice_pack: Path | None = None,
    coverage: Flag = False,
    allow_host: Hosts = None,
    twiml: str = "",
    status_callback: str = "",
) -> int:
    """Run scenarios: one line for each, and for a failure what was heard instead.

    Example: ivr run scenarios/ -j 0 --html suite.html

    Parameters
    ----------
    paths
        Scenario files, or folders that hold some.
    json_
        Print one JSON object a scenario instead.
    jobs
        So many are played side by side, each in a process; 0 for as many as there are processors.
    shuffle
        Play them in another order, by this seed.
    repeat
        Play each so often.
    fail_fast
        Stop at the first that fails.
    retry
        Play one that fails again, up to so often; if it then comes true it is flaky, which is a failure too.
    allow_flaky
        Forgive flaky ones that ask an application outside; any other is the same each time, or we are at fault.
    junit
        Write a file for Jenkins, GitLab or GitHub.
    html
        Write one page of all of them.
    jsonl
        Write the objects of --json into a file.
    github
        Print annotations for GitHub too.
    watch
        Play them again whenever a file beside them changes, until Ctrl-C.
    update_journals
        Write each journal beside its scenario as the one to expect, instead of comparing with it.
    report
        Folder for a page, the recordings and the journal of each scenario.
    keep
        Whose folders --report has, and whose sound the page of --html: all, or failed. Without it the folders are
        those of all, and the sound is that of failures.
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
    if jobs != 1:
        from dtmf.archive.processes import load_ahead
        from ivr.cli.suite import NEEDED

        load_ahead(NEEDED)
    from ivr.cli.run import RunWanted
    from ivr.cli.run import run as play
    from ivr.cli.suite.choosing import Selection
    from ivr.cli.suite.means import Means, settings
    from ivr.cli.suite.watching import changes, watched

    wanted = RunWanted(
        means=Means(voice_pack=voice_pack, product=profile, hosts=tuple(allow_host or ()), twiml=twiml,
                    status=status_callback,
                    update=update_journals, report=report, audio=not no_audio, keep=keep or "",
                    page=html is not None, retries=retry, flaky_allowed=allow_flaky,
                    compared=retry > 0 or repeat > 1, given=settings(set_ or ())),
        choice=Selection(only=only or (), tags=tag or (), without=skip_tag or (), seed=shuffle, repeat=repeat),
        jobs=jobs, fail_fast=fail_fast, as_json=json_, github=github, coverage=coverage, junit=junit, html=html,
        jsonl=jsonl)
    if watch:
        return watched(lambda: play(paths, wanted), changes(paths, (junit, html, jsonl, report)))
    return play(paths, wanted)
