"""Voice mail: the policy of its mailboxes (F2), and the plan of the numbers that lead to it (F1)."""

from collections.abc import Mapping

from ivr.directory.parameters.base import Group, Parameter
from ivr.directory.parameters.kinds import Choice, Flag, Integer, LanguageId, Value
from ivr.directory.parameters.schedules import HOLIDAYS, HOURS, KEY_MAP
from ivr.directory.parameters.texts import EXTENSION, line, lines

_NEVER = (("never", 0), ("unlimited", 0), ("off", 0))
"""The desk says 0 where the shell says Unlimited; both are "never" (C11)."""

_SEARCHES = (("last-first", "LastFirst"), ("first-last", "FirstLast"), ("address", "SMTPAddress"))


def _reset_before_lock(values: Mapping[str, Value]) -> str:
    reset, lock = values["failures-before-reset"], values["failures-before-lock"]
    if not isinstance(reset, int) or not isinstance(lock, int) or reset < lock:
        return ""
    return (f"failures-before-reset cannot be {reset} while failures-before-lock is {lock}: "
            "it must be less, or 'never'")


def _recording_within_call(values: Mapping[str, Value]) -> str:
    recording, call = values["longest-recording-minutes"], values["longest-call-minutes"]
    if not isinstance(recording, int) or not isinstance(call, int) or recording < call:
        return ""
    return (f"longest-recording-minutes cannot be {recording} while longest-call-minutes is {call}: "
            "a recording must be shorter than its call")


_CALLS = "calls"

UM_MAILBOX = Group(
    "um-mailbox", "What the PIN of a voice mailbox must be, and how often it may be wrong.", "UMMailboxPolicy",
    (
        Parameter(
            "shortest-pin", "MinPINLength", Integer(4, 24), 6, "F2, C11, C15",
            "How many digits a PIN has at the least; a shorter one must be changed at its next use.", "PINs"),
        Parameter(
            "pin-lifetime-days", "PINLifetime", Integer(0, 999, words=_NEVER), 60, "F2, C11",
            "After how many days a PIN must be changed.", "PINs"),
        Parameter(
            "failures-before-reset", "LogonFailuresBeforePINReset", Integer(0, 999, words=_NEVER), 5, "F2, C11",
            "After how many wrong PINs in sequence the owner is sent a new one.", "PINs"),
        Parameter(
            "failures-before-lock", "MaxLogonAttempts", Integer(1, 999), 15, "F2, S2.2",
            "After how many wrong PINs in sequence the mailbox is locked until it is unlocked or its PIN reset.",
            "PINs"),
        Parameter(
            "pin-history", "PINHistoryCount", Integer(1, 20), 5, "F2",
            "How many of his last PINs an owner cannot choose again, the first one included.", "PINs"),
        Parameter(
            "common-patterns", "AllowCommonPatterns", Flag(), False, "F2, C11",
            "Whether a PIN may count up or down or repeat a digit; the end of the owner's extension never is one.",
            "PINs"),
        Parameter(
            "reset-pin-text", "ResetPINText", lines(512), "", "F2",
            "Text, or simple HTML, added to the letter with a new PIN.", "mails"),
        Parameter(
            "enabled-text", "UMEnabledText", lines(512), "", "F2",
            "Text, or simple HTML, added to the letter that a mailbox is enabled.", "mails"),
        Parameter(
            "pinless-voice-mail", "AllowPinlessVoiceMailAccess", Flag(), False, "F1.14",
            "Whether voice mail is open without the PIN, which mail and calendar need all the same.", _CALLS),
        Parameter(
            "longest-greeting-minutes", "MaxGreetingDuration", Integer(1, 10), 5, "F1.12",
            "How long the greeting of a mailbox can be.", _CALLS),
    ),
    scoped=True, rules=(_reset_before_lock,))

UM_DIAL_PLAN = Group(
    "um-dial-plan", "How callers reach voice mail, and for how long.", "UMDialPlan",
    (
        Parameter(
            "extension-digits", "NumberOfDigitsInExtension", Integer(1, 20), 5, "F1.5; default ours",
            "How many digits every extension has.", _CALLS),
        Parameter(
            "failures-before-disconnect", "LogonFailuresBeforeDisconnect", Integer(1, 20), 3, "F1.6",
            "After how many wrong PINs in sequence the call ends.", _CALLS),
        Parameter(
            "input-failures-before-disconnect", "InputFailuresBeforeDisconnect", Integer(1, 20), 3, "F1.7, A1.12",
            "After how many wrong entries a caller is given to the operator, or the call ends.", _CALLS),
        Parameter(
            "longest-call-minutes", "MaxCallDuration", Integer(10, 120), 30, "F1.12", "How long a call can be.",
            _CALLS),
        Parameter(
            "longest-recording-minutes", "MaxRecordingDuration", Integer(1, 100), 20, "F1.12",
            "How long a message can be.", _CALLS),
        Parameter(
            "recording-silence-s", "RecordingIdleTimeout", Integer(2, 10), 5, "F1.12",
            "After how many seconds of silence a recording ends.", _CALLS),
        Parameter(
            "welcome-greeting", "WelcomeGreetingEnabled", Flag(), False, "F1.1",
            "Whether callers are greeted with welcome-greeting-file.", _CALLS),
        Parameter(
            "welcome-greeting-file", "WelcomeGreetingFilename", line(255), "", "F1.1",
            "The recording callers are greeted with.", _CALLS),
        Parameter(
            "info-announcement", "InfoAnnouncementEnabled",
            Choice((("no", "False", "$false"), ("yes", "True", "$true"), ("uninterruptible", "Uninterruptible"))),
            "no", "F1.2", "Whether info-announcement-file follows the greeting, and whether a key cuts it short.",
            _CALLS),
        Parameter(
            "info-announcement-file", "InfoAnnouncementFilename", line(255), "", "F1.2",
            "The recording that follows the greeting.", _CALLS),
        Parameter(
            "operator", "OperatorExtension", EXTENSION, "", "F1.7",
            "The extension callers are given to who need a person.", _CALLS),
        Parameter(
            "search-by", "DialByNamePrimary", Choice(_SEARCHES), "last-first", "F1.15",
            "How a name is spelt to find somebody.", _CALLS),
        Parameter(
            "search-by-second", "DialByNameSecondary", Choice((*_SEARCHES, ("none", "None", "$null"))), "address",
            "F1.15", "How it can be spelt instead.", _CALLS),
        Parameter(
            "language", "DefaultLanguage", LanguageId(), "en-US", "E; list A1.8",
            "The language callers are spoken to in.", _CALLS),
    ),
    scoped=True, rules=(_recording_within_call,))

UM_AUTO_ATTENDANT = Group(
    "um-auto-attendant", "What an auto attendant says, when, and where its keys lead.", "UMAutoAttendant",
    (
        Parameter(
            "business-keys", "BusinessHoursKeyMapping", KEY_MAP, "", "F5",
            "Where keys lead while it is open.", _CALLS),
        Parameter(
            "after-hours-keys", "AfterHoursKeyMapping", KEY_MAP, "", "F5",
            "Where keys lead while it is closed, holidays included.", _CALLS),
        Parameter(
            "business-hours", "BusinessHoursSchedule", HOURS, "", "F5; always open if not set",
            "When it is open, by the clock of the desk.", _CALLS),
        Parameter(
            "holidays", "HolidaySchedule", HOLIDAYS, "", "F5", "On which days it is closed.", _CALLS),
        Parameter(
            "business-greeting-file", "BusinessHoursWelcomeGreetingFilename", line(255), "", "F5",
            "The recording callers are greeted with while it is open.", _CALLS),
        Parameter(
            "after-hours-greeting-file", "AfterHoursWelcomeGreetingFilename", line(255), "", "F5",
            "The recording callers are greeted with while it is closed.", _CALLS),
        Parameter(
            "operator", "OperatorExtension", EXTENSION, "", "F5",
            "The extension to which 0 leads, and who gives up; the dial plan's if not set.", _CALLS),
        Parameter(
            "search-by-name", "NameLookupEnabled", Flag(), True, "F5; F1.1",
            "Whether # finds somebody by name.", _CALLS),
        Parameter(
            "dial-plan", "UMDialPlan", line(64), "", "F5; F1.5",
            "The dial plan by which its calls go; that of the whole desk if not set.", _CALLS),
        Parameter(
            "location", "BusinessLocation", line(100), "", "F5", "What a key for the location tells.", _CALLS),
    ),
    scoped=True)
