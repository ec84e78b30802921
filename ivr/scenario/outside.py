"""What a story calls that is not the conference: an IVR of one's own, or an application at a URL."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ivr.assembly import assembled_alone
from ivr.custom.application import own_ivr
from ivr.custom.own import OwnFile, TwimlLine
from ivr.custom.twiml.application import twiml_ivr
from ivr.custom.twiml.asking import NoFetches
from ivr.custom.twiml.branches import Branches
from ivr.custom.twiml.compiling import SpokenLine
from ivr.custom.twiml.requesting import TOKEN, RequestMeans, no_shelf
from ivr.custom.twiml.speech import Utterance
from ivr.custom.twiml.voice import TwimlVoice
from ivr.custom.voice import OwnVoice
from ivr.engine.application import Builder
from ivr.engine.exchange import Exchange
from ivr.engine.handsets import Handsets
from ivr.scenario.lines import with_files
from ivr.scenario.own import prompts_of
from ivr.scenario.references import References
from ivr.scenario.stage import Stage
from ivr.scenario.steps import HeardLine, Scenario
from ivr.scenario.studio import Studio
from prompts import languages

Samples = NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class CalledHouse:
    """What is called.

    Attributes
    ----------
    voice : OwnVoice or TwimlVoice
        Says its prompts.
    references : References
        What can be heard there.
    application : callable
    taken : set of (node, exit)
        What calls have taken of it.
    branches : Branches
        What there was in its documents.
    """

    voice: OwnVoice | TwimlVoice
    references: References
    application: Builder
    sounds: Stage
    taken: set[tuple[str, str]] = field(default_factory=set)
    branches: Branches = field(default_factory=Branches)

    def assemble(self, handsets: Handsets) -> tuple[None, Exchange]:
        """Put it together; people with the app have nothing to do there."""
        return None, assembled_alone(self.application, self.voice, self.sounds, [handsets])[1]


def house(scenario: Scenario, own: OwnFile, stage: Stage, spoken: list[tuple[str, str, int]]) -> CalledHouse:
    """Return what a story calls.

    Parameters
    ----------
    spoken : list of (caller, words, moment)
        What callers have begun to say, and when they will have said it; what is taken goes.
    """
    if own.twiml is not None:
        return _at_a_url(scenario, own, own.twiml, stage, spoken)
    voice = OwnVoice(own, stage.voice, stage.studio.recording)
    heard = heard_in(own, voice, {one: stage.fixed if one == stage.language else stage.fixed_in(one)
                                  for one in own.languages})
    taken: set[tuple[str, str]] = set()
    application = own_ivr(own, apps=stage.apps, keep=stage.keep, takes=lambda *exit_: taken.add(exit_))
    first = own.languages[0] if len(own.languages) > 1 else ""
    references = References(heard, stage.music, stage.tones, language=first, remember=stage.remember
                            ).spoken_by(voice, own.languages[0])
    return CalledHouse(voice, with_files(scenario, references, stage.studio), application, stage, taken)


def _at_a_url(scenario: Scenario, own: OwnFile, line: TwimlLine, stage: Stage, spoken: list[tuple[str, str, int]]
              ) -> CalledHouse:
    voice, branches = TwimlVoice(stage.voice, languages()), Branches()
    primary = own.languages[0]
    heard = heard_at(scenario.lines, own, voice, stage.studio,
                     stage.fixed if primary == stage.language else stage.fixed_in(primary))

    def begun() -> list[Utterance]:
        told = [Utterance(*one) for one in spoken]
        spoken.clear()
        return told

    means = RequestMeans(voice, stage.fetches or NoFetches(), token=stage.token or TOKEN, slow=scenario.slow,
                         shelf=stage.shelf or no_shelf, keep=stage.keep, spoken=begun, branches=branches)
    references = References(heard, stage.music, stage.tones, remember=stage.remember)
    return CalledHouse(voice, with_files(scenario, references, stage.studio, recordings=False),
                       twiml_ivr(line, means, own.languages), stage, branches=branches)


def heard_in(own: OwnFile, voice: OwnVoice, catalogue: Mapping[str, Mapping[str, list[Samples]]]
             ) -> dict[str, list[Samples]]:
    """Return what can be heard there: prompts of the primary language by name, others with their language.

    Parameters
    ----------
    catalogue : mapping of language to mapping of prompt to list of int16 arrays
        What each prompt of the catalogue says, whatever its slots hold.
    """
    heard = {}
    for n, language in enumerate(own.languages):
        for name in prompts_of(own):
            clips = (voice.fixed(name, language) if name in own.wordings or name in own.recordings
                     else catalogue[language].get(name, []))
            if clips:
                heard[f"{name} in {language}" if n else name] = clips
    return heard


def heard_at(lines: Mapping[str, HeardLine], own: OwnFile, voice: TwimlVoice, studio: Studio,
             catalogue: Mapping[str, list[Samples]]) -> dict[str, list[Samples]]:
    """Return what can be heard of an application: what the story names, and what is said where it fails."""
    heard = {name: [studio.recording(line.path, None)] if line.path else voice.say(
        SpokenLine(text=line.text, language=line.language), own.languages[0]) for name, line in lines.items()}
    return {"fault": list(catalogue["fault"]), **{name: clips for name, clips in heard.items() if clips}}
