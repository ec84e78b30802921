"""What a try at a PIN leads to, whoever asks for it: counts, a lock, or the system's own reset (B3, F2)."""

from sqlalchemy.orm import Session

from ivr.directory.administration import PinRules
from ivr.directory.letters import write
from ivr.directory.lockout import Judged, judge
from ivr.directory.office import Office
from ivr.directory.pinning import chosen, give, remember, tries_of, used_by
from ivr.directory.pins import change_due
from ivr.directory.tables import OrganizerRow
from ivr.mail.letters import LetterKind


def tried(office: Office, session: Session, organizer: OrganizerRow, *, right: bool,
          to_change: bool = False) -> Judged:
    """Judge a try and keep what it leads to.

    Parameters
    ----------
    organizer : OrganizerRow
        Locked, so that tries at once count one by one.
    right : bool
        Whether the entry is his PIN.
    to_change : bool
        Whether it is given to set another one; then it may have expired (F1.10).
    """
    rules = office.rules(session, organizer)
    judged = _judged(office, rules, organizer, right=right, to_change=to_change)
    remember(organizer, judged.tries)
    if judged.reset_due:
        new, pin_hash = chosen(office, organizer, rules, used_by(session, organizer, rules))
        give(office, session, organizer, rules, pin=new, pin_hash=pin_hash, first_use=rules.change_at_first_use,
             tries=judged.tries)
        write(office, session, LetterKind.PIN_RESET, organizer, pin=new)
    return judged


def without_traces(office: Office, session: Session, organizer: OrganizerRow, *, right: bool) -> Judged | None:
    """Judge a try that leaves everything as it is; return None for one that has to be kept.

    Most leave no trace: a right PIN where no wrong one was, any PIN where none are counted.
    """
    judged = _judged(office, office.rules(session, organizer), organizer, right=right)
    return judged if judged.tries == tries_of(organizer) and not judged.reset_due else None


def _judged(office: Office, rules: PinRules, organizer: OrganizerRow, *, right: bool,
            to_change: bool = False) -> Judged:
    now = office.now()
    due = change_due(rules, digits=organizer.pin_digits, set_at=organizer.pin_set_at,
                     first_use=organizer.pin_expired, now=now)
    return judge(tries_of(organizer), right=right, digits=organizer.pin_digits, lockout=rules.lockout, now=now,
                 expired=due is not None and not to_change)
