"""A caller of an application that lives at a URL: a call, the document it goes through, and what it was told."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ivr.clock import samples, seconds
from ivr.custom.rounds import Rounds
from ivr.custom.twiml.asking import path_of
from ivr.custom.twiml.compiling import Compiled, Going, SpokenLine
from ivr.custom.twiml.speech import CONFIDENCE, SAID, SPEAKS, Utterance
from ivr.custom.twiml.verbs import DialVerb
from ivr.custom.twiml.voice import LINE
from ivr.engine.call import Call
from ivr.engine.dialling import BUSY, NO_ANSWER
from ivr.engine.requests import Note, Request, Said
from ivr.engine.together import OVER
from ivr.secrecy import MASK

_LEAST_SECRET = 3
"""Digits: who has keyed fewer has chosen something, and the application may say what."""

STATUS = {BUSY: "busy", NO_ANSWER: "no-answer", OVER: "completed"}


@dataclass(eq=False, kw_only=True)
class TwimlCaller(Call):
    """A call that documents lead.

    Attributes
    ----------
    rounds : Rounds
        Counts where it passes.
    takes : callable
        Told how it leaves a node of its document: of the caller, the node and the way.
    language_of : callable
        Gives the spoken language that is nearest to one.
    going : Going
        What is asked next.
    params : dict of str to str
        What that is told besides; secrets are among them, so it is never shown.
    made : Compiled, optional
        The document that it goes through.
    documents : int
        How many it has been given.
    cookies : dict of host to dict of str to str
    fell_back : bool
        Whether the fallback was asked for this document.
    keyed : set of str
        What was keyed and is shown nowhere.
    met_at : int or None
        Since when it is with somebody who was dialled, or in a conference.
    met_with, met_leg : str, int
        The number that was dialled, and the serial of who answered.
    recordings : int
        How many it has made.
    answered_at : int or None
        Since when it rings no more.
    pause : int
        Seconds of silence after which somebody has said all.
    words : list of str
        What is being said where words are waited for.
    pressed : (key, sample)
        The key that was pressed last.
    left : str
        The node where it was when it ended.
    """

    rounds: Rounds
    takes: "Callable[[TwimlCaller, str, str], None]"
    language_of: Callable[[str], str]
    going: Going
    secret: bool
    params: dict[str, str] = field(default_factory=dict, repr=False)
    made: Compiled | None = field(default=None, repr=False)
    documents: int = 0
    cookies: dict[str, dict[str, str]] = field(default_factory=dict, repr=False)
    fell_back: bool = False
    keyed: set[str] = field(default_factory=set, repr=False)
    met_at: int | None = None
    met_with: str = ""
    met_leg: int = 0
    recordings: int = 0
    answered_at: int | None = None
    pause: int = 0
    words: list[str] = field(default_factory=list, repr=False)
    pressed: tuple[str, int] = field(default=("", -1), repr=False)
    left: str = ""

    @property
    def place(self) -> str:
        """The name of the node where the call is."""
        return next((name for name, node in self.flow.nodes.items() if node is self.node), "")

    @property
    def dial(self) -> DialVerb | None:
        """The Dial where the call is."""
        return self.made.dials.get(self.place) if self.made is not None else None

    def pick_up(self, at: int) -> None:
        """Have the call answered, if it rings."""
        if self.rings:
            self.rings, self.answered_at = False, at

    def said_as(self, prompt: str, **slots: Any) -> Said:  # noqa: ANN401
        """Return a line of the document as it may be shown; what is said is told by its slot."""
        line = self.made.lines.get(prompt) if self.made is not None else None
        if line is None:
            return super().said_as(prompt, **slots)
        return Said(self.shown(line), {LINE: self.slot(prompt)}, self.language_of(line.language) or self.language)

    def slot(self, prompt: str) -> str:
        """Return by what the voice knows a line."""
        return f"{self.serial}/{self.documents}/{prompt}"

    def shown(self, line: SpokenLine) -> str:
        """Return what a journal tells of a line: nothing of what was keyed."""
        if line.parts:
            return " ".join(filter(None, map(self.shown, line.parts)))
        text = line.text or (path_of(line.url) if line.url else "")
        text = self.masked(text)
        # the catalogue's own prompt of this name is another one
        return f"{text}." if text == "fault" else text

    def masked(self, text: str) -> str:
        """Return a text without what was keyed, however it is spaced."""
        for digits in sorted(self.keyed, key=lambda one: (-len(one), one)):
            text = re.sub(r"[\s.,;-]{0,3}".join(map(re.escape, digits)), MASK, text)
        return text

    def key(self, key: str, at: int) -> list[Request]:
        """Take a key; one that ends a recording is told."""
        self.pressed = key, at
        return super().key(key, at)

    def end(self) -> list[Request]:
        """Take it that the call is over; where it was is known."""
        self.left = self.place
        return super().end()

    def leave_by(self, exit_: str, *, key: str = "", at: int = 0) -> list[Request]:
        """Leave the node by an exit; digits that were collected are what is told next."""
        place = self.place
        if self.rounds.too_many():
            return [Note("circle", {"node": self.state}), *self.fault()]
        noted: list[Request] = []
        if self.made is not None and self.flow is self.made.flow:
            known = {"entered": "answered", "recorded": "recorded"}
            self.takes(self, place, known.get(exit_, "nothing"))
        if self.made is not None and self.flow is self.made.flow and place in self.made.gathers:
            digits = self.entry.digits if exit_ == "entered" else ""
            self.params = {"Digits": digits} if self.made.gathers[place].keys else {"SpeechResult": ""}
            if digits:
                noted = [self.entered("digits", "" if self.secret else digits)]
            if self.secret and len(digits) >= _LEAST_SECRET:
                self.keyed.add(digits)
            self.entry.clear()
        return [*noted, *super().leave_by(exit_, key=key, at=at)]

    def ascend(self, how: str) -> list[Request]:
        """Come to the end of the document: what is asked next is known."""
        if self.made is not None:
            self.going = self.made.goings[self.place]
        return super().ascend(how)

    def told(self, event: str, *, late: bool = False) -> list[Request]:
        """Take what the application tells from outside; what became of a Dial is what is told next."""
        if event == SAID:
            self.takes(self, self.place.replace("listening", "gather"), "answered")
        if event in STATUS and self.dial is not None:
            self.takes(self, self.place, "answered" if event == OVER else event)
            self.params |= {"DialCallStatus": STATUS[event]}
            if self.met_at is not None:
                self.params["DialCallDuration"] = str(round(seconds(self.rounds.now() - self.met_at)))
            self.met_at = None
        return [*(self._said() if event == SAID else ()), *super().told(event, late=late)]

    def speaks(self, utterance: Utterance) -> int | None:
        """Take it that the caller says something; return when it is taken for all, None if nobody listens."""
        node = self.node
        if node is None or self.made is None:
            return None
        if SPEAKS in node.on and not self.entry.digits:
            verb = self.made.gathers[self.place]
            if self.telling and not verb.barge_in:
                return None
            self.words, self.pause = [utterance.text], verb.pause
        elif SAID in node.on:
            self.words.append(utterance.text)
        else:
            return None
        return utterance.ended_at + samples(self.pause)

    def _said(self) -> list[Request]:
        """Take it that all was said: it is what is told next."""
        words = " ".join(self.words)
        self.params = {"SpeechResult": words, "Confidence": CONFIDENCE}
        if self.secret:
            self.keyed |= {digits for digits in re.findall("[0-9]+", words) if len(digits) >= _LEAST_SECRET}
        return [Note("entered", {"entry": "speech", "digits": MASK if self.secret else words})]
