"""The flow of a caller of voice mail, as a table that can be read aloud (F1, F2, F4)."""

from collections.abc import Mapping
from typing import Any

from ivr.engine.flow import STAY, Node, To
from ivr.engine.nodes import End, Park, Play, Say
from ivr.engine.together import OVER
from ivr.mailbox.ways import HOME, MESSAGE, OPERATOR, absent, ask, keyed, menu, played, recorded, ringing, say, to
from ivr.mailbox.words import Asks, Doing
from ivr.secrecy import Secrecy
from ivr.voicemail import DialPlan

EXTENSION, PIN, NEW_PIN, NAME = "extension", "PIN", "new PIN", "name"
"""What entries are of, in the journal."""

_PERSON = range(1, 33)


def _sign_in(plan: DialPlan) -> Mapping[str, Node]:
    digits = range(plan.extension_digits, plan.extension_digits + 1)
    pin: dict[str, Any] = {
        "label": PIN, "secrecy": Secrecy.HIDDEN, "lengths": range(4, 25), "tries": plan.sign_in_failures,
        "wrong": to("pin", "wrong-mailbox-pin"), "instead": {"*": "not mine"}, "exits": {
            "entered": To("checking-pin"), "not mine": To("extension"),                           # F1.4
            "gave up": to("goodbye", "mailbox-too-many-tries")}}                                 # F1.6
    new: dict[str, Any] = {"label": NEW_PIN, "secrecy": Secrecy.HIDDEN, "lengths": _PERSON,
                           "tries": plan.input_failures, "wrong": to("new-pin", "pin-wrong-length")}
    refused = {"different": "pins-differ", "length": "pin-wrong-length", "sequential": "pin-counts",
               "repeated": "pin-repeats", "extension": "pin-holds-extension", "used": "pin-was-used"}
    return {
        "arriving": ask(Asks.ARRIVING, {
            "own phone": To("own-pin"), "own phone, open": To("today"),                           # F1.4, F1.14
            "somebody": To("at-their-own"), "stranger": To("greeting")}),
        "extension": keyed(                                                                       # F1.5, F1.7
            "extension", "enter-extension", label=EXTENSION, tries=plan.input_failures, lengths=digits,
            wrong=to("extension", "extension-digits"), instead={"#": "directory"}, exits={
                "entered": To("finding-extension"), "directory": To("spelling"), "gave up": OPERATOR}),
        "finding-extension": ask(
            Asks.EXTENSION,
            {"found": To("pin"), "unknown": to("extension", "unknown-extension"), "gave up": OPERATOR},
            state="finding-extension", label=EXTENSION, of=EXTENSION, part=plan.extension_digits,
            tries=plan.input_failures, refusals=frozenset({"unknown"})),
        "own-pin": keyed("pin", "own-mailbox", **pin),                                            # F1.4
        "pin": keyed("pin", "enter-mailbox-pin", **pin),                                          # F1.3
        "checking-pin": ask(Asks.PIN, {
            "right": To("today"), "wrong": to("pin", "wrong-mailbox-pin"),
            **{due: to("new-pin", f"pin-is-{due}") for due in ("first-use", "expired", "too-short")},   # F1.10, C15
            "locked": to("goodbye", "mailbox-locked"), "reset": to("goodbye", "mailbox-pin-reset"),    # S2.2, F2
            "gave up": to("goodbye", "mailbox-too-many-tries")},                                 # F1.6
            state="checking-pin", label=PIN, of=PIN, tries=plan.sign_in_failures,
            refusals=frozenset({"wrong"}), secrecy=Secrecy.HIDDEN),
        # a new PIN, and the same again (F1.10, F1.11)
        "new-pin": keyed("new-pin", "enter-new-pin", **new, exits={
            "entered": To("noting-pin"), "gave up": To("unchanged-pin")}),
        "noting-pin": ask(Asks.NEW_PIN, {"noted": To("new-pin-again")}, of=NEW_PIN, secrecy=Secrecy.HIDDEN),
        "new-pin-again": keyed("new-pin-again", "repeat-new-pin", **new, exits={
            "entered": To("changing-pin"), "gave up": To("unchanged-pin")}),
        "changing-pin": ask(Asks.CHANGE, {
            "changed": To("changed-pin"), "old": to("goodbye", "mailbox-pin-reset"),
            **{rule: to("new-pin", says) for rule, says in refused.items()}, "gave up": To("unchanged-pin")},
            state="changing-pin", label=NEW_PIN, of=NEW_PIN, tries=plan.input_failures,
            refusals=frozenset(refused), secrecy=Secrecy.HIDDEN),
        "changed-pin": ask(Asks.CHANGED, {
            "forced": to("today", "pin-changed"), "wanted": to("options", "pin-changed")}),
        "unchanged-pin": ask(Asks.CHANGED, {
            "forced": to("goodbye", "pin-must-change"), "wanted": to("options", "pin-stays")}),
        "operator": ask(Asks.OPERATOR, {"known": To("reaching"), "none": to("goodbye", "mailbox-gave-up")}),  # F1.7
        "goodbye": say("goodbye", "ended"),
        "ended": End(),
    }


def _calling() -> Mapping[str, Node]:
    return {
        "reaching": ask(Asks.REACH, {"known": To("connecting")}),
        **ringing("connecting", to("goodbye", "mailbox-transfer", does=(Doing.TRANSFER,)), To("unreached"),
                  "mailbox-transfer"),
        **ringing("at-their-own", To("greeting-of"), To("greeting-of")),
        "talking": Park(state="talking", does=(Doing.MEET,), on={OVER: To("ended")}),
        "unreached": ask(Asks.UNREACHED, {
            "mailbox": To("greeting-of"), "owner": to("home", "nobody-answers"),
            "caller": to("goodbye", "nobody-answers", "mailbox-gave-up")}),
    }


def _main(plan: DialPlan) -> Mapping[str, Node]:
    keys = {"1": To("first"), "2": To("mail"), "3": To("calendar"), "4": To("spelling"), "5": To("composing"),
            "6": To("options"), "*": HOME}                                                       # F4
    return {
        "today": ask(Asks.TODAY, {                                                              # F1.8
            "free": to("counts", "new-voice-messages", "no-new-mail", "no-next-meeting"),
            "meeting": to("counts", "new-voice-messages", "no-new-mail", "next-meeting")}),
        "counts": Say(state="counts", exits={"ended": HOME, "keyed": To("main-menu", with_key=True)}),
        "home": ask(Asks.HOME, {"here": To("main-menu"), "away": To("main-menu-away")}),
        "main-menu": menu("main-menu", ("main-menu",), keys, plan),
        "main-menu-away": menu("main-menu", ("away-is-on", "main-menu"), {**keys, "7": To("back-from-away")}, plan,
                                node="main-menu-away"),
        **{node: ask(Asks.AWAY, {state: to(then, f"away-{state}") for state in ("on", "off")})
           for node, then in (("back-from-away", "home"), ("turning-away", "options"))},
        "mail": ask(Asks.MAIL, {"told": to("mail-menu", "no-new-mail"), "needs PIN": to("home", "pin-is-needed")}),
        "mail-menu": menu("mail-menu", ("mail-menu",), {
            **dict.fromkeys(("#", "11", "7", "8", "88", "6", "9", "00"), to("mail-menu", "no-new-mail")),
            "33": HOME, "*": HOME}, plan),
        "calendar": ask(Asks.CALENDAR, {                                                         # F1.14
            "meeting": to("calendar-menu", "meetings-ahead", "meeting-at"), "free": to("home", "no-next-meeting"),
            "needs PIN": to("home", "pin-is-needed")}),
        "calendar-menu": menu("calendar-menu", ("calendar-menu",), {
            "#": To("next-meeting"), "##": To("next-day"), "1": to("calendar-menu", "meeting-at"),
            "5": To("about-meeting"), "00": To("calendar-more"), "*": HOME,
            **absent("calendar-menu", "2", "3", "4", "7")}, plan),
        "calendar-more": menu("calendar-more", ("calendar-more",), {
            "11": To("meeting-before"), "*": HOME,
            **absent("calendar-menu", "8", "88", "6", "77", "22", "55")}, plan),
        **{node: ask(question, {"meeting": to("calendar-menu", "meeting-at"), "none": to("calendar-menu", none)})
           for node, question, none in (
               ("next-meeting", Asks.MEETING, "no-later-meeting"), ("next-day", Asks.DAY, "no-later-meeting"),
               ("meeting-before", Asks.MEETING_BEFORE, "no-earlier-meeting"))},
        "about-meeting": ask(Asks.ABOUT, {
            f"{name}{number}": to("calendar-menu", "meeting-at", *called, *known)
            for name, called in (("named", ("meeting-subject",)), ("unnamed", ()))
            for number, known in (("", ()), (" with ID", ("meeting-id",)))}),
        "options": menu("options", ("options-menu",), {                                          # F4
            "1": To("turning-away"), "2": To("greetings"), "3": To("new-pin"), "4": to("options", "no-speech-here"),
            "5": To("telling-time"), "6": To("clock"), "*": HOME}, plan),
        "greetings": menu("greetings", ("greetings-menu",), {
            "1": to("greeting-first", does=(Doing.EVERYDAY,)), "2": to("greeting-first", does=(Doing.ABSENCE,)),
            "*": To("options")}, plan),
        "greeting-first": say(None, "recording-greeting", "record-greeting"),
        "recording-greeting": recorded(                                                          # F1.12
            "recording-greeting", plan.longest_greeting, plan, to("options", "message-too-short")),
        "zone": menu("zone", ("zone-menu",), {
            "1": To("earlier"), "2": To("later"), "#": To("options"), "*": HOME}, plan),
        **{node: ask(question, {"set": To("zone")}) for node, question in (
            ("telling-time", Asks.ZONE), ("earlier", Asks.ZONE_EARLIER), ("later", Asks.ZONE_LATER))},
        "clock": ask(Asks.CLOCK, {hours: to("options", f"clock-of-{hours}") for hours in ("24", "12")}),
    }


def _listening(plan: DialPlan) -> Mapping[str, Node]:
    while_playing = {"1": Doing.REWIND, "2": Doing.PAUSE, "3": Doing.FORWARD, "4": Doing.SLOWER,       # F4
                     "6": Doing.FASTER}
    skips = {"#": To("next"), "11": To("previous"), "7": To("deleting"), "*": HOME}
    read = (Doing.READ,)
    ways = {**skips, "6": To("forwarding"), "8": To("replying"), "88": To("replying-to-all")}

    return {
        **{node: ask(question, {"message": To("loading"), "none": none}) for node, question, none in (
            ("first", Asks.FIRST, to("home", "no-voice-messages")),
            ("next", Asks.NEXT, to("home", "no-more-messages")),
            ("previous", Asks.PREVIOUS, to("message-menu", "no-earlier-message")),
            ("next-unread", Asks.UNREAD, to("message-menu", "no-more-messages")))},
        "loading": ask(Asks.LOAD, {
            "named": to("message-header", "message-from"),
            "unknown": to("message-header", "message-from-unknown"),
            "important named": to("message-header", "message-from", "message-important"),
            "important unknown": to("message-header", "message-from-unknown", "message-important")}),
        "message-header": Say(state="message-header", exits={
            "ended": to("playing", does=read), "keyed": To("playing", does=read, with_key=True)}),
        "playing": Play(
            state="playing", what="message", keys={key: key for key in ("33", *while_playing, "0", *skips)},
            exits={"ended": MESSAGE, "33": MESSAGE, "0": MESSAGE, **skips,
                   **{key: To(STAY, does=(does,)) for key, does in while_playing.items()}}),
        "message-menu": menu("message-menu", ("message-menu",), {
            **ways, "9": to("message-menu", "message-unread", does=(Doing.UNREAD,)), "33": HOME,
            "00": To("message-more")}, plan),
        "message-more": menu("message-more", ("message-more",), {
            **absent("message-menu", "44", "55", "77", "99"), **ways, "1": To("playing"), "2": To("calling"),
            "5": To("envelope"), "##": To("next-unread")}, plan),
        "deleting": ask(Asks.DELETE, {
            how: to("message-menu", f"message-{how}") for how in ("deleted", "undeleted")}),
        "envelope": ask(Asks.ENVELOPE, {
            f"{private}{who}": to("message-menu", says, *marks, "message-sent-at", "message-length")
            for who, says in (("named", "message-from"), ("unknown", "message-from-unknown"))
            for private, marks in (("", ()), ("private ", ("message-is-private",)))}),
        **{node: ask(question, {"possible": To("record-first"), "no": to("message-menu", "cannot-reply")})
           for node, question in (("replying", Asks.REPLY), ("replying-to-all", Asks.REPLY_ALL))},
        "forwarding": ask(Asks.FORWARD, {"possible": To("spelling"),
                                           "no": to("message-menu", "private-stays")}),
        "calling": ask(Asks.CALL, {"known": To("reaching"), "none": to("message-menu", "no-number-known")}),
    }


def _spelling(this: str, other: str, question: str, prompt: str, plan: DialPlan) -> Mapping[str, Node]:
    here, looking = f"spelling{this}", f"looking{this}"
    return {
        here: keyed(                                                                              # F1.15
            here, prompt, label=NAME, lengths=_PERSON, tries=plan.input_failures, begin_again="",
            wrong=to(here, "nobody-found"), instead={"*": "back", "##": "other spelling"}, exits={
                "entered": To(looking), "back": To("back"), "other spelling": To(f"spelling{other}"),
                "gave up": OPERATOR}),
        looking: ask(question, {**_CANDIDATES, "nobody": to(here, "nobody-found"), "gave up": OPERATOR},
                     label=NAME, of=NAME, tries=plan.input_failures, refusals=frozenset({"nobody"}))}


_CANDIDATES = {"found": To("candidate"), "to write to": To("recipient")}


def _speaking(plan: DialPlan) -> Mapping[str, Node]:
    choice = {"1": To("chosen"), "#": To("other"), "*": To("back")}
    return {
        **_spelling("", "-alias", Asks.SPELT, "spell-name", plan),
        **_spelling("-alias", "", Asks.ALIAS, "spell-alias", plan),
        "candidate": menu("candidate", ("candidate",), choice, plan),
        "recipient": menu("candidate", ("recipient",), {**choice, "2": To("another")}, plan, node="recipient"),
        "another": ask(Asks.ANOTHER, {"added": to("spelling", "recipient-added")}),
        "other": ask(Asks.OTHER, {**_CANDIDATES, "nobody": to("spelling", "no-other-person")}),
        "chosen": ask(Asks.CHOSEN, {
            "caller": To("contact-caller"), "owner": To("contact"), "send": To("record-first"),
            "forward": To("comment-first")}),
        "contact-caller": menu("contact-caller", ("contact-menu-caller",), {                     # F1.9
            "3": To("greeting-of"), "4": To("spelling"), "*": To("back")}, plan),
        "contact": menu("contact", ("contact-menu",), {                                          # F4
            "1": to("contact", "contact-details"), **dict.fromkeys(("2", "21", "22", "23"), To("calling-person")),
            "3": To("composing-to"), "4": To("spelling"), "*": HOME}, plan),
        "calling-person": ask(Asks.PERSON, {"known": To("reaching"), "none": to("contact", "no-number-known")}),
        "composing": ask(Asks.COMPOSE, {"somebody": To("spelling")}),
        "composing-to": ask(Asks.COMPOSE, {"somebody": To("record-first")}),
        "back": ask(Asks.BACK, {"caller": To("extension"), "owner": HOME, "message": MESSAGE}),
        # a message is left, as a reply, or with one that is forwarded
        "greeting-of": ask(Asks.GREETING, {
            "recorded": To("their-greeting"), "standard": to("announced", "leave-message-standard"),
            "away": to("announced", "leave-message-away")}),
        "their-greeting": played("mailbox-greeting", "greeting", "recording"),
        "announced": say("mailbox-greeting", "recording"),
        "record-first": say(None, "recording", "record-after-tone"),
        "comment-first": say(None, "recording", "record-comment"),
        "recording": recorded(                                                                   # F1.12
            "recording", plan.longest_recording, plan, to("cancelling", "message-too-short"), keeps=True),
        "recorded-menu": menu("recorded-menu", ("recorded-menu",), {                     # F4
            "1": To("sending"), "1#": To("sending"), "2": To("hearing-draft"),
            "11": to("recorded-menu", "marked-important", does=(Doing.IMPORTANT,)),
            "12": to("recorded-menu", "marked-private", does=(Doing.PRIVATE,)),
            "3": to("record-first", does=(Doing.ANEW,)), "4": To("record-first"), "*": To("cancelling")}, plan,
            gave_up=To("sending")),
        "hearing-draft": played("hearing-draft", "draft", "recorded-menu", with_key=True),
        "sending": ask(Asks.SEND, {
            "left": to("goodbye", "message-delivered"), "to the message": to("message-menu", "message-delivered"),
            "home": to("home", "message-delivered"), "greeting": to("options", "greeting-kept"),
            "gone": to("goodbye", "mailbox-gone")}),
        "cancelling": ask(Asks.CANCEL, {
            "left": to("goodbye", "message-dropped"), "to the message": to("message-menu", "message-dropped"),
            "home": to("home", "message-dropped"), "greeting": to("options", "message-dropped")}),
    }


def mailbox_parts(plan: DialPlan) -> Mapping[str, Mapping[str, Node]]:
    """Return all that a dial plan's callers can come to, part by part."""
    return {"Signing in": _sign_in(plan), "The main menu": _main(plan), "Messages": _listening(plan),
            "People, and what is recorded": _speaking(plan), "Calling somebody": _calling()}
