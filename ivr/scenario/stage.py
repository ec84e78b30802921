"""What every story of a run shares: sounds and voices, and what it asks outside."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ivr.conference.flow import conference_flow
from ivr.conference.profile import Profile
from ivr.engine.application import Builder
from ivr.engine.flow import Flow
from ivr.scenario.leading import Agent, AgentAt, nobody
from ivr.scenario.references import References, Remember, forgetful
from ivr.scenario.studio import Studio

if TYPE_CHECKING:  # what IVRs of one's own need, most stories do without
    from ivr.custom.application import Keep
    from ivr.custom.asking import Apps
    from ivr.custom.twiml.asking import Fetches
    from ivr.custom.twiml.requesting import Shelf
    from ivr.custom.voice import Speech

Samples = NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Stage:
    """What every scenario of a run shares: sounds and voices.

    Attributes
    ----------
    voice : Voice
        The bridge's prompts.
    fixed : mapping of prompt name to list of int16 arrays
        The clips of each that do not depend on slots: what a caller is expected to hear.
    music : int16 array [shape=(n,)]
    tones : mapping of "arrival" and "departure" to int16 array [shape=(n,)]
    voice_of : callable
        Gives the voice of whoever is called so: nobody else has a say in it.
    language : str
        The language of `fixed`.
    flow : callable
        Gives the flow that callers of a profile are led through.
    leads : mapping of number to callable
        Numbers that lead to another application than the conference.
    fixed_in : callable
        Gives the same in another language.
    apps : Apps, optional
        Who carries the questions of an IVR of one's own to apps.
    keep : callable
        Takes what callers record there.
    fetches : Fetches, optional
        Who carries requests to applications at a URL.
    token : str
        What those are signed with; empty for what everybody knows.
    shelf : callable, optional
        Takes a recording by its name; returns where such an application can fetch it.
    agents : callable
        Gives who leads a line; raises `NoAgent`.
    remember : callable
        Knows from run to run how much prompts are alike.
    known : list
        What `references` has worked out.
    """

    voice: "Speech"
    fixed: Mapping[str, list[Samples]]
    music: Samples
    tones: Mapping[str, Samples]
    voice_of: Callable[[str], str]
    studio: Studio
    language: str = "en-US"
    flow: Callable[[Profile], Flow] = conference_flow
    leads: Mapping[str, Builder] = field(default_factory=dict)
    fixed_in: Callable[[str], Mapping[str, list[Samples]]] = field(default=lambda _: {})
    apps: "Apps | None" = None
    keep: "Keep" = lambda *_: None
    fetches: "Fetches | None" = None
    token: str = field(default="", repr=False)
    shelf: "Shelf | None" = None
    agents: Callable[[AgentAt], Agent] = nobody
    remember: Remember = forgetful
    known: list[tuple[tuple[object, ...], References]] = field(default_factory=list, repr=False, compare=False)

    def references(self, languages: tuple[str, ...]) -> References:
        """Return what can be heard where these languages are spoken; nobody has sent anything yet.

        It is worked out once for this stage and all that are made from it and sound the same.
        """
        sounds = (self.fixed, self.fixed_in, self.music, self.tones)
        made_of = (languages, self.language, *map(id, sounds))
        for (known, *_), references in self.known:
            if known == made_of:
                return references.afresh()
        first = languages[0] if len(languages) > 1 else ""
        made = References(_said(self, languages), self.music, self.tones, language=first,
                          remember=self.remember).spoken_by(self.voice, languages[0])
        self.known.append(((made_of, *sounds), made))  # kept, so that no other gets their places in memory
        return made.afresh()


def _said(stage: Stage, languages: tuple[str, ...]) -> Mapping[str, list[Samples]]:
    """Return what can be heard: prompts of the primary language by name, others with their language."""
    if languages == (stage.language,):
        return stage.fixed
    said = {}
    for n, language in enumerate(languages):
        for name, clips in stage.fixed_in(language).items():
            said[f"{name} in {language}" if n else name] = clips
    return said
