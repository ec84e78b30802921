"""A story of an application at a URL: what callers hear that it says, and how long it takes to answer."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ivr.custom.own import OwnFile
from ivr.custom.twiml.compiling import SpokenLine
from ivr.custom.twiml.voice import TwimlVoice
from ivr.custom.wording import recording
from ivr.reading import YamlNode, nearest
from ivr.scenario.references import References
from ivr.scenario.steps import HeardLine, Scenario
from ivr.scenario.studio import Studio
from ivr.scenario.values import duration

Samples = NDArray[np.int16]


def elsewhere(own: OwnFile | None, given: OwnFile | None) -> OwnFile | None:
    """Return what a story calls: its own file, with the addresses that were given instead of the file's."""
    if own is None or given is None or own.twiml is None or given.twiml is None:
        return own or given
    status = given.twiml.status or own.twiml.status
    return replace(own, twiml=replace(own.twiml, url=given.twiml.url, status=status))


def line_heard(fields: Mapping[str, YamlNode], own: OwnFile | None, languages: tuple[str, ...]
               ) -> tuple[str, HeardLine]:
    """Read a text, or a recording, that is to be heard; return the name it has in this story."""
    word, node = next((word, fields[word]) for word in ("text", "recording") if word in fields)
    if own is not None and own.twiml is None and word == "recording":
        raise node.error(f"there is no caller {node.text('a recording')!r}: 'recording' names one who has recorded "
                         "something; what a node plays is heard by the node's name")
    if own is None or own.twiml is None:
        raise node.error(f"{word!r} is heard where an application at a URL is called: here a prompt has a name")
    if wrong := next((other for other in fields if other not in (word, "language")), ""):
        raise fields[wrong].error(f"what is heard is one thing, {word!r} or {wrong!r}")
    if word == "recording":
        if "language" in fields:
            raise fields["language"].error("a recording has no language")
        played = recording(node)
        return f"({played.path.name})", HeardLine(path=played.path)
    text = " ".join(node.text("what is heard").split())
    language = fields["language"].text("a language") if "language" in fields else ""
    if language and language not in languages:
        raise fields["language"].error(f"there is no language {language!r}{nearest(language, languages)}")
    return f"{text} in {language}" if language else text, HeardLine(text, language)


def slowness(node: YamlNode, own: OwnFile | None) -> dict[str, int]:
    """Read how long an application takes to answer: at all, or by the paths of its URLs."""
    if own is None or own.twiml is None:
        raise node.error("'answers after' is for stories of an application at a URL")
    if not isinstance(node.value, dict):
        return {"": duration(node)}
    for path, value in node.value.items():
        if not path.startswith("/"):
            raise value.error(f"{path!r} is no path of a URL: write one such as /voice")
    return {path: duration(value) for path, value in node.value.items()}


def heard_at(lines: Mapping[str, HeardLine], own: OwnFile, voice: TwimlVoice, studio: Studio,
             catalogue: Mapping[str, list[Samples]]) -> dict[str, list[Samples]]:
    """Return what can be heard of an application: what the story names, and what is said where it fails."""
    heard = {name: [studio.recording(line.path, None)] if line.path else voice.say(
        SpokenLine(text=line.text, language=line.language), own.languages[0]) for name, line in lines.items()}
    return {"fault": list(catalogue["fault"]), **{name: clips for name, clips in heard.items() if clips}}


def with_files(scenario: Scenario, references: References, studio: Studio, *, recordings: bool = True
               ) -> References:
    """Return what can be heard, with the recordings and the music that a story names.

    Parameters
    ----------
    recordings : bool
        Whether recordings are heard by their files' names: an application at a URL has them as its lines.
    """
    files = {name: line.path for name, line in scenario.lines.items() if line.path and recordings}
    return references.also({name: studio.recording(path, None) for name, path in files.items()},
                           {name: studio.recording(path, None) for name, path in scenario.loops.items()})
