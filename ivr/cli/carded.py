"""Stories that call whoever is at the sound card: which devices, and the call itself."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack

from ivr.cli.faults import UsageError
from ivr.cli.kit import warm_up
from ivr.cli.options import Dials
from ivr.cli.saying import remark
from ivr.cli.wanted import check_devices
from ivr.lines.soundcard.card import Wanted, card
from ivr.lines.soundcard.errors import AmbiguousDevice, DeviceRefused, NoDevice
from ivr.lines.soundcard.pace import CardPace
from ivr.lines.soundcard.phone import CardPhone
from ivr.live.pace import Pace
from ivr.reading import BadFile
from ivr.scenario.foreign.calling import CallingOut
from ivr.scenario.player import Result
from ivr.scenario.steps import Scenario
from ivr.scenario.target import SOUNDCARD, CardTarget

_USUAL = Wanted()


class NoSuchCard(BadFile):
    """A story names a device that cannot be used here."""

    def __init__(self, scenario: Scenario, line: int, error: Exception) -> None:
        super().__init__(scenario.path, line, str(error))
        self.exit_code = 2 if isinstance(error, AmbiguousDevice) else 3


def check_called(scenario: Scenario, wanted: Wanted, dials: Dials, network: Mapping[str, object]) -> None:
    """See that what is said of devices, and of a network, is about what the story calls.

    Parameters
    ----------
    wanted : Wanted
        As the command's options say.
    network : mapping of option to its value

    Raises
    ------
    UsageError
        If it is not.
    """
    if scenario.target != SOUNDCARD:
        if wanted != _USUAL:
            raise UsageError(f"--input, --output and --rate are for a sound card, and {scenario.path} calls "
                             f"{scenario.target}: write '{SOUNDCARD}' before it")
        return
    check_devices(wanted)
    given = [option for option, value in network.items() if value]
    if given or dials != Dials(dtmf=dials.dtmf):
        raise UsageError(f"{given[0] if given else 'what is said of SIP'} is for calls over a network, and "
                         f"{scenario.path} calls whoever is at the sound card: leave it out")
    if dials.dtmf not in ("", "audio"):
        raise UsageError(f"--dtmf {dials.dtmf}: at a sound card keys are heard as sound")


def at_card(scenario: Scenario, wanted: Wanted, begin: Callable[[CardPhone], CallingOut],
            lead: Callable[[CallingOut, Pace], None]) -> tuple[Result, int]:
    """Play a story at the sound card; return how it went, and how many ticks were late.

    Parameters
    ----------
    wanted : Wanted
        As the command's options say; they count before the story's.
    begin, lead : callable
        Makes the story ready, before a device is opened, which would not wait meanwhile; and plays it at a pace.

    Raises
    ------
    BadFile
        If a device that the story names cannot be used.
    SoundCardError, AmbiguousDevice
        If there is none, or a device ends during the call.
    """
    phone = CardPhone()
    calling = begin(phone)
    warm_up()
    says = scenario.card or CardTarget()
    merged = Wanted(input=wanted.input or says.microphone, output=wanted.output or says.speaker,
                    rate=wanted.rate or says.rate, both=True)
    with ExitStack() as opened:
        try:
            sound = opened.enter_context(card(merged))
        except (NoDevice, AmbiguousDevice, DeviceRefused) as error:
            if not says.line:
                raise
            raise NoSuchCard(scenario, says.line, error) from None
        sound.warm_up()
        phone.by(sound)
        lead(calling, CardPace(sound))
        result = calling.end()
    if sound.glitches and not result.passed:
        remark(f"the sound had glitches, and what failed may be theirs: {sound.glitches}")
    return result, sound.late
