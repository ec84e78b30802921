"""Puts a bridge together: what answers calls, what it says, and the trunks by which calls come.

The one place that does; whoever wants a bridge, live or in a story, asks here.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ivr.conference.bridge import ConferenceBridge
from ivr.conference.profile import Profile
from ivr.engine.application import Builder
from ivr.engine.bridge import MOST, Bridge
from ivr.engine.exchange import Exchange
from ivr.engine.flow import Flow
from ivr.engine.messages import Arrived, Welcome
from ivr.engine.ports import Trunk
from ivr.engine.sound import Voice
from ivr.journal import Journal
from ivr.questions import Directory


class Sounds(Protocol):
    """What callers hear besides each other."""

    @property
    def voice(self) -> Voice:
        """Where prompts come from."""

    @property
    def music(self) -> NDArray[np.int16]:
        """Hold music, a loop. int16 array [shape=(n,)]."""

    @property
    def tones(self) -> Mapping[str, NDArray[np.int16]]:
        """The tones "arrival", "departure" and "record". int16 arrays [shape=(n,)]."""


def assembled(sounds: Sounds, directory: Directory, product: Profile, trunks: Iterable[Trunk] = (), *,
              numbers: Mapping[str, tuple[str, ...]] | None = None, setting: str = "default",
              journal: Journal | None = None, most: int = MOST, flow: Flow | None = None,
              leads: Mapping[str, Builder] | None = None,
              reception: Callable[[Arrived], Welcome] = lambda _: Welcome()) -> tuple[ConferenceBridge, Exchange]:
    """Return a bridge of this product, and the exchange before it.

    Parameters
    ----------
    sounds : Sounds
    directory : Directory
        Who may start which meeting.
    product : Profile
    trunks : iterable of Trunk
        By which calls come from the beginning.
    flow : Flow, optional
        Another one than the product's own.
    leads : mapping of number to callable, optional
        Numbers that lead to another application than the conference.
    numbers, setting, journal, most
        As of `ivr.engine.bridge.Bridge`.
    reception : callable
        Tells what becomes of a call that arrives, as of `ivr.engine.exchange.Exchange`.
    """
    bridge = ConferenceBridge(directory=directory, voice=sounds.voice, music=sounds.music, tones=sounds.tones,
                              profile=product, flow=flow, numbers=numbers, leads=leads, setting=setting,
                              journal=journal, most=most)
    return bridge, Exchange(bridge, trunks, reception=reception)


def assembled_alone(application: Builder, voice: Voice, sounds: Sounds, trunks: Iterable[Trunk] = (), *,
                    setting: str = "default", journal: Journal | None = None, most: int = MOST
                    ) -> tuple[Bridge, Exchange]:
    """Return a bridge of another application than the conference, and the exchange before it.

    Parameters
    ----------
    application : callable
        Makes what every number leads to.
    voice : Voice
        What says its prompts.
    sounds : Sounds
        What else is heard.
    trunks, setting, journal, most
        As of `assembled`.
    """
    bridge = Bridge(application=application, voice=voice, music=sounds.music, tones=sounds.tones, setting=setting,
                    journal=journal, most=most)
    return bridge, Exchange(bridge, trunks)
