"""`ivr lint`: what is wrong in stories, and in files of IVRs of one's own."""

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from ivr.cli.campaign.plan import load as load_campaign
from ivr.cli.campaign.running import check
from ivr.cli.faults import UsageError
from ivr.cli.kit import prompts
from ivr.cli.saying import OK, USAGE, complain, tell
from ivr.cli.suite.campaigns import has, is_campaign, played_by
from ivr.cli.suite.choosing import found
from ivr.cli.suite.means import Means, check_given, words_of
from ivr.custom.loading import MOST_BYTES, Known
from ivr.custom.loading import load as load_own
from ivr.custom.own import OwnFile
from ivr.custom.voice import OwnVoice
from ivr.lines.wav import samples_of
from ivr.reading import BadFile
from ivr.scenario.grammar import load
from ivr.scenario.outside import heard_in
from ivr.scenario.own import prompts_of, ways_of
from ivr.scenario.table import rows_of
from ivr.scenario.twins import line_of, twins


def lint(paths: Sequence[Path], hosts: Collection[str], given: tuple[tuple[str, str], ...] = ()) -> int:
    """Look for what is wrong in files; return the exit code."""
    if not paths:
        raise UsageError("no file is named: name one, as in 'ivr lint order-line.yaml'")
    code, files = OK, found(paths)
    campaigns = played_by(files)
    check_given(Means(hosts=tuple(hosts), given=given), filter(is_story, files))
    for path in files:
        try:
            told, *more = _looked_at(path, hosts, given, campaigns.get(path.resolve()))
        except BadFile as error:
            code = complain(str(error), USAGE)
            continue
        tell(f"{path}: all right: {told}")
        for sentence in more:
            tell(f"{path}:{sentence}")
    return code


def is_story(path: Path) -> bool:
    """Tell whether a file is a story: it has callers, or no word at all; what cannot be read counts as one."""
    return has("callers", path) or not has(r"\w[\w -]*", path)


def _looked_at(path: Path, hosts: Collection[str], given: tuple[tuple[str, str], ...], campaign: Path | None
               ) -> list[str]:
    """Return what is told of a file that is right, by its kind; a campaign that names it fills a story's places."""
    if not is_story(path):
        return _campaign(path) if is_campaign(path) else _own(path, hosts)
    try:
        return _story(path, hosts, given)
    except BadFile:
        if campaign is None:
            raise
        return [f"played by {campaign}: {_campaign(campaign)[0]}"]


def _campaign(path: Path) -> list[str]:
    campaign = load_campaign(path)
    check(campaign)
    return [f"{_counted(campaign.points, 'point')}, {_counted(campaign.runs, 'run')}"]


def _story(path: Path, hosts: Collection[str], given: tuple[tuple[str, str], ...]) -> list[str]:
    words, rows = words_of(Means(hosts=tuple(hosts), given=given)), rows_of(path)
    stories = [load(path, words, row) for row in rows]
    story = stories[0]
    return [f"{_counted(len(story.callers), 'caller')}, "
            f"{_counted(sum(len(one.steps) for one in story.callers), 'step')}"
            + (f", {_counted(len(rows), 'row')}" if story.row else "")]


def _own(path: Path, hosts: Collection[str]) -> list[str]:
    own = load_own(path, Known.with_hosts(*hosts))
    voice = OwnVoice(own, prompts(), samples_of)  # it reads the recordings
    if own.twiml is not None:
        return [f"an application at {own.twiml.url}"]
    return [f"{_counted(len(own.lines), 'node')}, {_counted(len(own.wordings), 'prompt')}, "
            f"{_counted(len(ways_of(own)), 'exit')}", *_alike(own, voice)]


def _alike(own: OwnFile, voice: OwnVoice) -> Iterator[str]:
    """Give a sentence about each two prompts that stories cannot tell apart, after the line of the first."""
    spoken = prompts()
    heard = heard_in(own, voice, {language: {name: spoken.fixed(name, language) for name in prompts_of(own)
                                             if name in spoken.catalogue().texts} for language in own.languages})
    for pair in twins(heard, own):
        first, second = sorted((pair.one, pair.other), key=lambda name: line_of(name, own) or MOST_BYTES)
        line = line_of(second, own)
        where = f"{second!r} in line {line}" if line else f"{second!r} of the catalogue"
        if pair.how == "begins":
            other = pair.other if pair.one == first else first
            yield (f"{line_of(first, own)}: {first!r} and {where} begin with the same words, so a story never "
                   f"hears {pair.one!r}: begin {other!r} otherwise")
            continue
        what = "say the same" if pair.how == "same" else "have words in common"
        yield (f"{line_of(first, own)}: {first!r} and {where} {what}, so a story that hears the one takes the "
               "other for it: use other words if it has to know which")


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
