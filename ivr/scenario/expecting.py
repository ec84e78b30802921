"""What a scenario expects in the end: meetings, callers, letters, conference IDs, PINs."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence

from ivr.journal import EVENTS
from ivr.mail.addresses import plain
from ivr.reading import YamlNode, nearest
from ivr.scenario.desk.people import People
from ivr.scenario.desk.words import CLAIMS, LANGUAGE, PIN_STATES, SUBJECT, ExpectId, ExpectMails, ExpectPin
from ivr.scenario.expectations import OUTCOMES, Expectation, ExpectCaller, ExpectJournal, ExpectMeeting
from ivr.scenario.leading import ExpectDigits
from ivr.scenario.steps import StoryMeeting

_KINDS = ("mails", "journal", "meeting ID", "conference id ID", "pin of NAME", "digits of NAME")


_OFTEN = {"never": 0, "once": 1, "twice": 2}
_TIMES = re.compile(r"(?P<words>.+) (?P<often>never|once|twice|[0-9]{1,4} times)")
_GETS = re.compile(r"(?P<name>.+?) gets (?P<kind>\S+)(?: at (?P<at>\S+@\S+))?(?: with (?P<claims>.+))?")


class Expectations:
    """Reads 'expect'.

    Parameters
    ----------
    callers : collection of str
    meetings : sequence of StoryMeeting
    ids : collection of str
        Every conference ID that is typed in the story.
    keys : callable
        Reads keys; returns them, and as they are said.
    named : mapping of str to collection of str
        What can stand behind an event in the journal, where all of it is known.
    participants : collection of str
        Who is there with the app, and has a voice.
    """

    def __init__(self, callers: Collection[str], meetings: Sequence[StoryMeeting], ids: Collection[str],
                 people: People, keys: Callable[[YamlNode], tuple[str, str]],
                 named: Mapping[str, Collection[str]], participants: Collection[str] = ()) -> None:
        self._keys = keys
        self._callers, self._meetings, self._ids, self._people = callers, meetings, ids, people
        self._named = named
        self._participants = participants

    def read(self, node: YamlNode) -> tuple[Expectation, ...]:
        """Read the list."""
        expected: list[Expectation] = []
        for item in node.items("'expect'"):
            for key, value in item.fields("an expectation").items():
                expected += self._one(key, value)
        return tuple(expected)

    def _one(self, key: str, node: YamlNode) -> list[Expectation]:
        told = node.text("an expectation")
        said = f"{key}: {told}"
        if key == "journal":
            return [self._journal(told, said, node)]
        if key == "mails":
            return self._mails(told, said, node)
        if key.startswith("meeting "):
            return [self._meeting(key.removeprefix("meeting ").strip(), told, said, node)]
        if key.startswith("conference id ") and key not in self._callers:
            which = self._people.placed(key.removeprefix("conference id ").strip(), node)
            if "{" not in which and not re.fullmatch("[0-9]{7}", which):
                raise node.error(f"{which!r} is not a conference ID: one has exactly 7 digits")
            if told not in ("works", "refused"):
                raise node.error(f"of a conference ID one expects 'works' or 'refused', not {told!r}")
            return [ExpectId(node.line, said, which, told == "works")]
        if key.startswith("pin of ") and key not in self._callers:
            organizer = self._people.find(key.removeprefix("pin of "), node)
            if told not in PIN_STATES:
                raise node.error(f"of a PIN one does not expect {told!r}{nearest(told, PIN_STATES)}")
            return [ExpectPin(node.line, said, organizer, told)]
        if key.startswith("digits of ") and key not in self._callers:
            caller = key.removeprefix("digits of ").strip()
            if caller not in self._callers:
                raise node.error(f"there is no caller {caller!r}{nearest(caller, self._callers)}")
            keys, shown = self._keys(node)
            return [ExpectDigits(node.line, f"{key}: {shown}", caller, keys)]
        if key not in self._callers:
            raise node.error(f"there is no caller {key!r}{nearest(key, [*self._callers, *_KINDS])}")
        if told not in OUTCOMES:
            raise node.error(f"there is no outcome {told!r}{nearest(told, OUTCOMES)}")
        return [ExpectCaller(node.line, said, key, told)]

    def _journal(self, told: str, said: str, node: YamlNode) -> ExpectJournal:
        found = _TIMES.fullmatch(told)
        words, often = (found["words"], found["often"]) if found else (told, "")
        who = max((name for name in self._callers if words.startswith(f"{name} ")), key=len, default="")
        if not who:
            stranger, behind = _before_event(words)
            if behind:
                raise node.error(f"there is no caller {stranger!r}{nearest(stranger, self._callers)}")
            raise node.error("of the journal one expects a caller's name and what stands behind it, as in "
                             f"'anna refused PIN wrong 3 times', not {told!r}")
        event, *facts = words.removeprefix(who).split()
        # what cannot happen never does, so that a slip would come true
        if event not in EVENTS:
            raise node.error(f"the journal has no {event!r}{nearest(event, EVENTS)}")
        if facts and event in self._named and facts[0] not in self._named[event]:
            raise node.error(f"the journal has no {event} {facts[0]!r}{nearest(facts[0], self._named[event])}")
        times = None if not often else _OFTEN[often] if often in _OFTEN else int(often.split()[0])
        return ExpectJournal(node.line, said, tuple(words.split()), times)

    # meetings

    def _meeting(self, which: str, told: str, said: str, node: YamlNode) -> ExpectMeeting:
        known = [*self._ids, *self._people.meetings]
        placed = self._people.placed(which, node)
        if placed not in known and "{" not in placed:
            raise node.error(f"there is no meeting {which!r} in this scenario"
                             f"{nearest(which, known) if known else ''}")
        if told == "not started":
            return ExpectMeeting(node.line, said, placed, None)
        if told.startswith("started by "):
            starter = self._starter(told.removeprefix("started by ").strip(), node)
            return ExpectMeeting(node.line, said, placed, starter)
        raise node.error(f"of a meeting one expects 'started by NAME' or 'not started', not {told!r}")

    def _starter(self, name: str, node: YamlNode) -> str:
        # who starts a meeting with the app is told by address (A2.5)
        known = [*self._callers, *self._participants,
                 *(m.organizer for m in self._meetings if m.started_in_app_at is not None)]
        if name not in known:
            raise node.error(f"there is no caller {name!r}{nearest(name, known)}")
        return name

    # letters

    def _mails(self, told: str, said: str, node: YamlNode) -> list[Expectation]:
        if told == "none":
            return [ExpectMails(node.line, said, count=0)]
        if re.fullmatch("[0-9]{1,4}", told):
            return [ExpectMails(node.line, said, count=int(told))]
        if match := _GETS.fullmatch(told):
            return [ExpectMails(
                node.line, said, organizer=self._people.find(match["name"], node), kind=_kind(match["kind"], node),
                recipient=plain(match["at"] or ""), claims=_claims(match["claims"], node))]
        if match := re.fullmatch(r"(?P<kind>\S+) holds (?P<claims>.+)", told):
            return [ExpectMails(node.line, said, kind=_kind(match["kind"], node, nothing=False),
                                claims=_claims(match["claims"], node))]
        raise node.error(f"of letters one expects 'none', a number, 'NAME gets KIND' or 'KIND holds no PIN', "
                         f"not {told!r}")


def _before_event(words: str) -> tuple[str, bool]:
    """Return what stands where a caller should, and whether an event stands behind it."""
    first, *rest = words.split() or [""]
    names = [first]
    for word in rest:
        if word in EVENTS:
            return " ".join(names), True
        names.append(word)
    return " ".join(names), False


def _kind(word: str, node: YamlNode, *, nothing: bool = True) -> str:
    from ivr.mail.letters import LetterKind
    from ivr.mail.voice import VOICE_MESSAGE

    kinds = [*(kind.value for kind in LetterKind), VOICE_MESSAGE]
    if nothing and word == "nothing":
        return ""
    if word not in kinds:
        raise node.error(f"there is no letter {word!r}{nearest(word, [*kinds, 'nothing'] if nothing else kinds)}")
    return word


def _claims(text: str | None, node: YamlNode) -> tuple[str, ...]:
    # a subject may have an 'and' in it
    parts = re.split(f" and (?=the |no |{LANGUAGE}|{SUBJECT})", text) if text else ()
    claims = tuple(claim.strip() for claim in parts)
    for claim in claims:
        if claim not in CLAIMS and not re.fullmatch(f"({LANGUAGE}|{SUBJECT}).+", claim):
            raise node.error(f"of a letter one does not expect {claim!r}"
                             f"{nearest(claim, [*CLAIMS, f'{LANGUAGE}fr-FR', f'{SUBJECT}WORDS'])}")
    return claims
