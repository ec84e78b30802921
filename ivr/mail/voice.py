"""The letter that brings a voice message: what it says, and the recording that is attached to it."""

from dataclasses import dataclass

from ivr.mail.letters import Letter
from ivr.mail.moments import moment
from ivr.mail.wordings import nearest, one_line, render, wordings

VOICE_MESSAGE = "voice-message"
"""Its kind, in scenarios, commands and the database."""


@dataclass(frozen=True, slots=True)
class VoiceFacts:
    """What the letter is made from.

    Attributes
    ----------
    name : str
        The display name of the mailbox's owner.
    sender : str
        A name or a number; empty if neither is known.
    seconds : int
    sent_at, offset : int
        When it was left, in seconds since 1970, UTC, and what the zone in which that is told has then on UTC.
    recording : str
        The name of the recording that is attached.
    """

    name: str
    sender: str
    seconds: int
    sent_at: int
    recording: str
    offset: int = 0
    important: bool = False
    private: bool = False


def write_voice(facts: VoiceFacts, language: str) -> Letter:
    """Write the letter in the nearest of the languages of letters."""
    language = nearest(language)
    words = wordings(language)
    own = words["voice-message"]
    sender = one_line(facts.sender) or own["unknown"]
    length = own["seconds"].format(count=facts.seconds)
    marks = [own[mark] for mark in ("important", "private") if getattr(facts, mark)]
    subject = " ".join([*marks, own["subject"].format(sender=sender, length=length)])
    told = {"sender": sender, "sent": moment(facts.sent_at, facts.offset, words), "length": length}
    page: dict[str, object] = {
        "language": language, "subject": subject, "greeting": words["greeting"].format(name=one_line(facts.name)),
        "opening": own["opening"], "notes": [own["note"]], "meetings": None, "update": None,
        "footer": own["footer"],
        "rows": [{"style": "words", "label": own[what], "value": value, "dial": "",
                  "line": words["line"].format(label=own[what], value=value)} for what, value in told.items()]}
    return Letter(subject=subject, text=render("letter.txt.j2", added_text="", **page) + "\n",
                  html=render("letter.html.j2", added_html="", **page) + "\n", language=language)
