"""Stories that call somebody else."""

from collections.abc import Sequence

from ivr.cli.suite.choosing import Trial
from ivr.cli.suite.means import Means, words_of
from ivr.reading import BadFile
from ivr.scenario.grammar import load
from ivr.scenario.player import Result
from ivr.scenario.stage import Stage
from ivr.scenario.steps import Scenario
from ivr.scenario.target import SOUNDCARD, CardTarget


class Unreached(Exception):
    """Whom a story calls cannot be reached."""

    exit_code = 3


def rung_out(scenario: Scenario, sounds: Stage) -> Result:
    """Play a story that calls somebody else, in real time.

    Raises
    ------
    Unreached
        If it cannot.
    """
    from ivr.cli.call import CallOptions, ring_out
    from ivr.lines.sip.sockets import NetworkError

    try:
        return ring_out(scenario, sounds, CallOptions())[0]
    except NetworkError as error:
        raise Unreached(str(error)) from None


def at_cards(trials: Sequence[Trial], means: Means) -> dict[int, CardTarget]:
    """Return which stories call whoever is at a sound card, by their places, and which card it is."""
    found = {}
    for place, trial in enumerate(trials):
        try:
            # most stories call nobody there, and each is read where it is played
            if not trial.skip and b"target" in trial.path.read_bytes():
                scenario = load(trial.path, words_of(means), trial.row)
                if scenario.target == SOUNDCARD:
                    found[place] = scenario.card or CardTarget()
        except (BadFile, OSError):
            continue  # told where it is to be played
    return found
