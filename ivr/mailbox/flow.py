"""The flow of a caller of voice mail, as a table that can be read aloud (F1, F2, F4)."""

from collections.abc import Mapping
from typing import Any

from ivr.clock import samples
from ivr.engine.flow import STAY, Node, To
from ivr.engine.nodes import Collect, End, Play, Record, Say
from ivr.mailbox.ways import FIRST, HOME, KEYS, MESSAGE_MENU, NEXT, OPERATOR, ask, greetings, menu, say, to
from ivr.mailbox.words import Asks, Doing
from ivr.secrecy import Secrecy
from ivr.voicemail import DialPlan

EXTENSION, PIN, NEW_PIN, NAME = "extension", "PIN", "new PIN", "name"
"""What entries are of, in the journal."""

_PERSON = range(1, 33)


def _sign_in(plan: DialPlan) -> Mapping[str, Node]:
    digits = range(plan.extension_digits, plan.extension_digits + 1)
    timing: dict[str, Any] = {"first": FIRST, "next_": NEXT}
    pin: dict[str, Any] = {**timing, "state": "pin", "label": PIN, "secrecy": Secrecy.HIDDEN,
                           "lengths": range(4, 25), "tries": plan.sign_in_failures,
                           "instead": {"*": "not mine"}}
    pin_exits = {"entered": To("checking-pin"), "not mine": To("extension"),                      # F1.4
                 "nothing heard": to("pin", "nothing-heard"), "wrong": to("pin", "wrong-mailbox-pin"),
                 "gave up": to("goodbye", "mailbox-too-many-tries")}                             # F1.6
    new: dict[str, Any] = {**timing, "label": NEW_PIN, "secrecy": Secrecy.HIDDEN, "lengths": _PERSON,
                           "tries": plan.input_failures}
    refused = {"different": "pins-differ", "length": "pin-wrong-length", "sequential": "pin-counts",
               "repeated": "pin-repeats", "extension": "pin-holds-extension", "used": "pin-was-used"}
    return {
        "arriving": ask(Asks.ARRIVING, {
            "own phone": To("own-pin"), "own phone, open": To("today"),                           # F1.4, F1.14
            "somebody": To("greeting-of"), "stranger": To("greeting")}),
        **greetings(plan),
        "extension": Collect(                                                                     # F1.5, F1.7
            state="extension", label=EXTENSION, tries=plan.input_failures, prompts=("enter-extension",),
            lengths=digits, instead={"#": "directory"}, **timing, exits={
                "entered": To("finding-extension"), "directory": To("spelling"),
                "nothing heard": to("extension", "nothing-heard"),
                "wrong": to("extension", "extension-digits"), "gave up": OPERATOR}),
        "finding-extension": ask(
            Asks.EXTENSION, {"found": To("pin"), "unknown": to("extension", "unknown-extension"),
                              "gave up": OPERATOR},
            state="finding-extension", label=EXTENSION, of=EXTENSION, part=plan.extension_digits,
            tries=plan.input_failures, refusals=frozenset({"unknown"})),
        "own-pin": Collect(prompts=("own-mailbox",), exits=pin_exits, **pin),                     # F1.4
        "pin": Collect(prompts=("enter-mailbox-pin",), exits=pin_exits, **pin),                   # F1.3
        "checking-pin": ask(Asks.PIN, {
            "right": To("today"), "wrong": to("pin", "wrong-mailbox-pin"),
            "first-use": to("new-pin", "pin-is-first-use"),                                      # F1.10, S2.12
            "expired": to("new-pin", "pin-is-expired"),
            "too-short": to("new-pin", "pin-is-too-short"),                                      # C15
            "locked": to("goodbye", "mailbox-locked"),                                           # S2.2
            "reset": to("goodbye", "mailbox-pin-reset"),                                         # F2
            "gave up": to("goodbye", "mailbox-too-many-tries")},                                 # F1.6
            state="checking-pin", label=PIN, of=PIN, tries=plan.sign_in_failures,
            refusals=frozenset({"wrong"}), secrecy=Secrecy.HIDDEN),
        # a new PIN, and the same again (F1.10, F1.11)
        "new-pin": Collect(state="new-pin", prompts=("enter-new-pin",), **new, exits={
            "entered": To("noting-pin"), "nothing heard": to("new-pin", "nothing-heard"),
            "wrong": to("new-pin", "pin-wrong-length"), "gave up": To("unchanged-pin")}),
        "noting-pin": ask(Asks.NEW_PIN, {"noted": To("new-pin-again")}, of=NEW_PIN, secrecy=Secrecy.HIDDEN),
        "new-pin-again": Collect(state="new-pin-again", prompts=("repeat-new-pin",), **new, exits={
            "entered": To("changing-pin"), "nothing heard": to("new-pin-again", "nothing-heard"),
            "wrong": to("new-pin", "pin-wrong-length"), "gave up": To("unchanged-pin")}),
        "changing-pin": ask(Asks.CHANGE, {
            "changed": To("changed-pin"), "old": to("goodbye", "mailbox-pin-reset"),
            **{rule: to("new-pin", says) for rule, says in refused.items()}, "gave up": To("unchanged-pin")},
            state="changing-pin", label=NEW_PIN, of=NEW_PIN, tries=plan.input_failures,
            refusals=frozenset(refused), secrecy=Secrecy.HIDDEN),
        "changed-pin": ask(Asks.CHANGED, {
            "forced": to("today", "pin-changed"), "wanted": to("options", "pin-changed")}),
        "unchanged-pin": ask(Asks.CHANGED, {
            "forced": to("goodbye", "pin-must-change"), "wanted": to("options", "pin-stays")}),
        "operator": ask(Asks.OPERATOR, {
            "known": to("goodbye", "mailbox-transfer", does=(Doing.TRANSFER,)),                   # F1.7
            "none": to("goodbye", "mailbox-gave-up")}),
        "goodbye": say("goodbye", "ended"),
        "ended": End(),
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
        "back-from-away": ask(Asks.AWAY, {"on": to("home", "away-on"), "off": to("home", "away-off")}),
        "mail": ask(Asks.MAIL, {"told": to("home", "no-new-mail", "mail-not-here"),
                                  "needs PIN": to("home", "pin-is-needed")}),                    # F1.14
        "calendar": ask(Asks.CALENDAR, {
            "meeting": to("home", "next-meeting", "calendar-not-here"),
            "free": to("home", "no-next-meeting", "calendar-not-here"),
            "needs PIN": to("home", "pin-is-needed")}),
        "options": menu("options", ("options-menu",), {                                          # F4
            "1": To("turning-away"), "2": To("greetings"), "3": To("new-pin"), "4": to("options", "no-speech-here"),
            "5": To("telling-time"), "6": To("clock"), "*": HOME}, plan),
        "turning-away": ask(Asks.AWAY, {"on": to("options", "away-on"), "off": to("options", "away-off")}),
        "greetings": menu("greetings", ("greetings-menu",), {
            "1": to("greeting-first", does=(Doing.EVERYDAY,)), "2": to("greeting-first", does=(Doing.ABSENCE,)),
            "*": To("options")}, plan),
        "greeting-first": say(None, "recording-greeting", "record-greeting"),
        "recording-greeting": Record(
            state="recording-greeting", longest=samples(plan.longest_greeting),                   # F1.12
            silence=samples(plan.recording_silence), exits={
                "recorded": To("recorded-menu"), "nothing": to("options", "message-too-short")}),
        "zone": menu("zone", ("zone-menu",), {
            "1": To("earlier"), "2": To("later"), "#": To("options"), "*": HOME}, plan),
        "telling-time": ask(Asks.ZONE, {"set": To("zone")}),
        "earlier": ask(Asks.ZONE_EARLIER, {"set": To("zone")}),
        "later": ask(Asks.ZONE_LATER, {"set": To("zone")}),
        "clock": ask(Asks.CLOCK, {"24": to("options", "clock-of-24"), "12": to("options", "clock-of-12")}),
    }


def _listening(plan: DialPlan) -> Mapping[str, Node]:
    while_playing = {"1": Doing.REWIND, "2": Doing.PAUSE, "3": Doing.FORWARD, "4": Doing.SLOWER,       # F4
                     "6": Doing.FASTER}
    skips = {"#": To("next"), "11": To("previous"), "7": To("deleting"), "*": HOME}
    ways = {**skips, "6": To("forwarding"), "8": To("replying"), "88": To("replying")}
    not_here = dict.fromkeys(("44", "55", "77", "99"), to("message-menu", "not-simulated"))

    def a_message(question: str, none: To) -> Node:
        return ask(question, {"message": To("loading"), "none": none})

    return {
        "first": a_message(Asks.FIRST, to("home", "no-voice-messages")),
        "next": a_message(Asks.NEXT, to("home", "no-more-messages")),
        "previous": a_message(Asks.PREVIOUS, to("message-menu", "no-earlier-message")),
        "next-unread": a_message(Asks.UNREAD, to("message-menu", "no-more-messages")),
        "loading": ask(Asks.LOAD, {
            "named": to("message-header", "message-from"),
            "unknown": to("message-header", "message-from-unknown"),
            "important named": to("message-header", "message-from", "message-important"),
            "important unknown": to("message-header", "message-from-unknown", "message-important")}),
        "message-header": Say(state="message-header", exits={
            "ended": to("playing", does=(Doing.READ,)),
            "keyed": To("playing", does=(Doing.READ,), with_key=True)}),
        "playing": Play(
            state="playing", what="message", keys={key: key for key in ("33", *while_playing, "0", *skips)},
            exits={"ended": MESSAGE_MENU, "33": MESSAGE_MENU, "0": MESSAGE_MENU, **skips,
                   **{key: To(STAY, does=(does,)) for key, does in while_playing.items()}}),
        "message-menu": menu("message-menu", ("message-menu",), {
            **ways, "9": to("message-menu", "message-unread", does=(Doing.UNREAD,)), "33": HOME,
            "00": To("message-more")}, plan),
        "message-more": menu("message-more", ("message-more",), {
            **not_here, **ways, "1": To("playing"), "2": To("calling"), "5": To("envelope"),
            "##": To("next-unread")}, plan),
        "deleting": ask(Asks.DELETE, {"deleted": to("message-menu", "message-deleted"),
                                        "undeleted": to("message-menu", "message-undeleted")}),
        "envelope": ask(Asks.ENVELOPE, {
            f"{private}{who}": to("message-menu", says, *marks, "message-sent-at", "message-length")
            for who, says in (("named", "message-from"), ("unknown", "message-from-unknown"))
            for private, marks in (("", ()), ("private ", ("message-is-private",)))}),
        "replying": ask(Asks.REPLY, {"possible": To("record-first"), "no": to("message-menu", "cannot-reply")}),
        "forwarding": ask(Asks.FORWARD, {"possible": To("spelling"),
                                           "no": to("message-menu", "private-stays")}),
        "calling": ask(Asks.CALL, {
            "known": to("goodbye", "mailbox-transfer", does=(Doing.TRANSFER,)),
            "none": to("message-menu", "no-number-known")}),
    }


def _spelling(this: str, other: str, question: str, prompt: str, plan: DialPlan) -> Mapping[str, Node]:
    here, looking = f"spelling{this}", f"looking{this}"
    return {
        here: Collect(                                                                            # F1.15
            state=here, label=NAME, prompts=(prompt,), lengths=_PERSON, first=FIRST, next_=NEXT,
            tries=plan.input_failures, begin_again="", instead={"*": "back", "##": "other spelling"}, exits={
                "entered": To(looking), "back": To("back"), "other spelling": To(f"spelling{other}"),
                "nothing heard": to(here, "nothing-heard"), "wrong": to(here, "nobody-found"),
                "gave up": OPERATOR}),
        looking: ask(question, {"found": To("candidate"), "nobody": to(here, "nobody-found"), "gave up": OPERATOR},
                     label=NAME, of=NAME, tries=plan.input_failures, refusals=frozenset({"nobody"}))}


def _speaking(plan: DialPlan) -> Mapping[str, Node]:
    return {
        **_spelling("", "-alias", Asks.SPELT, "spell-name", plan),
        **_spelling("-alias", "", Asks.ALIAS, "spell-alias", plan),
        "candidate": menu("candidate", ("candidate",), {
            "1": To("chosen"), "#": To("other"), "*": To("back")}, plan),
        "other": ask(Asks.OTHER, {"found": To("candidate"), "nobody": to("spelling", "no-other-person")}),
        "chosen": ask(Asks.CHOSEN, {
            "caller": To("contact-caller"), "owner": To("contact"), "send": To("record-first"),
            "forward": To("comment-first")}),
        "contact-caller": menu("contact-caller", ("contact-menu-caller",), {                     # F1.9
            "3": To("greeting-of"), "4": To("spelling"), "*": To("back")}, plan),
        "contact": menu("contact", ("contact-menu",), {                                          # F4
            "1": to("contact", "contact-details"), **dict.fromkeys(("2", "21", "22", "23"), To("calling-person")),
            "3": To("composing-to"), "4": To("spelling"), "*": HOME}, plan),
        "calling-person": ask(Asks.PERSON, {
            "known": to("goodbye", "mailbox-transfer", does=(Doing.TRANSFER,)),
            "none": to("contact", "no-number-known")}),
        "composing": ask(Asks.COMPOSE, {"somebody": To("spelling")}),
        "composing-to": ask(Asks.COMPOSE, {"somebody": To("record-first")}),
        "back": ask(Asks.BACK, {"caller": To("extension"), "owner": HOME, "message": MESSAGE_MENU}),
        # a message is left, as a reply, or with one that is forwarded
        "greeting-of": ask(Asks.GREETING, {
            "recorded": To("their-greeting"), "standard": to("announced", "leave-message-standard"),
            "away": to("announced", "leave-message-away")}),
        "their-greeting": Play(state="mailbox-greeting", what="greeting", keys=dict.fromkeys(KEYS, "keyed"), exits={
            "ended": To("recording"), "keyed": To("recording")}),
        "announced": say("mailbox-greeting", "recording"),
        "record-first": say(None, "recording", "record-after-tone"),
        "comment-first": say(None, "recording", "record-comment"),
        "recording": Record(
            state="recording", longest=samples(plan.longest_recording),                           # F1.12
            silence=samples(plan.recording_silence), keeps=True, exits={
                "recorded": To("recorded-menu"), "nothing": to("cancelling", "message-too-short")}),
        "recorded-menu": menu("recorded-menu", ("recorded-menu",), {                     # F4
            "1": To("sending"), "1#": To("sending"), "2": To("hearing-draft"),
            "11": to("recorded-menu", "marked-important", does=(Doing.IMPORTANT,)),
            "12": to("recorded-menu", "marked-private", does=(Doing.PRIVATE,)),
            "3": to("record-first", does=(Doing.ANEW,)), "4": To("record-first"), "*": To("cancelling")}, plan,
            gave_up=To("sending")),
        "hearing-draft": Play(state="hearing-draft", what="draft", keys=dict.fromkeys(KEYS, "keyed"), exits={
            "ended": To("recorded-menu"), "keyed": To("recorded-menu", with_key=True)}),
        "sending": ask(Asks.SEND, {
            "left": to("goodbye", "message-delivered"), "to the message": to("message-menu", "message-delivered"),
            "home": to("home", "message-delivered"), "greeting": to("options", "greeting-kept"),
            "gone": to("goodbye", "mailbox-gone")}),
        "cancelling": ask(Asks.CANCEL, {
            "left": to("goodbye", "message-dropped"), "to the message": to("message-menu", "message-dropped"),
            "home": to("home", "message-dropped"), "greeting": to("options", "message-dropped")}),
    }


def mailbox_nodes(plan: DialPlan) -> Mapping[str, Node]:
    """Return all that a dial plan's callers can come to."""
    return {**_sign_in(plan), **_main(plan), **_listening(plan), **_speaking(plan)}
