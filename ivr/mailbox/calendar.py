"""An owner's calendar as it is gone through by keys: from meeting to meeting, and from day to day (F4)."""

from ivr.mailbox.caller import MailCaller
from ivr.mailbox.words import MOST


def opened(caller: MailCaller) -> str:
    """Come to the calendar, which needs the PIN (F1.14)."""
    if not caller.with_pin:
        return "needs PIN"
    caller.words["count"] = min(len(caller.meetings), MOST)
    return _at(caller, 0, none="free")


def following(caller: MailCaller) -> str:
    """Go to the next meeting."""
    return _at(caller, caller.appointment + 1)


def before(caller: MailCaller) -> str:
    """Go to the meeting before."""
    return _at(caller, caller.appointment - 1)


def next_day(caller: MailCaller) -> str:
    """Go to the first meeting of the next day that has one."""
    here = caller.meetings[caller.appointment]
    later = (n for n in range(caller.appointment, len(caller.meetings)) if caller.meetings[n].day != here.day)
    return _at(caller, next(later, -1))


def known(caller: MailCaller) -> str:
    """Tell what is known of a meeting."""
    one = caller.meetings[caller.appointment]
    caller.words |= {"name": one.subject or "?", "conference_id": one.conference_id or "?"}
    return f"{'named' if one.subject else 'unnamed'}{' with ID' if one.conference_id else ''}"


def _at(caller: MailCaller, number: int, *, none: str = "none") -> str:
    if not 0 <= number < len(caller.meetings):
        return none
    caller.appointment = number
    caller.words["moment"] = caller.meetings[number].starts
    return "meeting"
