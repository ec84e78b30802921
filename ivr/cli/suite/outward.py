"""Stories that call somebody else."""

from ivr.scenario.player import Result
from ivr.scenario.stage import Stage
from ivr.scenario.steps import Scenario


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
