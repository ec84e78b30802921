"""Processes that work at the desk until they are killed.

This one is started once and forks a child for every life, so that a life costs no imports. It reads commands from
standard input, one JSON object a line, and children tell on standard output what they do: one write a line, shorter
than what a pipe takes at once, so that a kill never leaves half a line. Nobody but the reader of that pipe is told
a PIN.

Commands: {"do": "live", "life": N, ...the arguments of `live`} forks a child; {"do": "kill", "life": N,
"after_s": S} kills it a little later and tells, after all that it told itself, how it ended. With the end of its
input all children are killed.
"""

import json
import logging
import os
import select
import signal
import sys
import traceback
from pathlib import Path
from random import Random

import alembic.command  # noqa: F401  (a child that makes a database would spend its life importing it)

from ivr.desk.vault import KeyFile
from ivr.directory.desk import Desk
from ivr.directory.errors import DirectoryError, Unusable
from ivr.directory.hashing import CHEAP
from ivr.directory.office import World
from ivr.directory.organizers import NewOrganizer
from ivr.mail.delivery.maildir import MaildirCarrier
from ivr.mail.delivery.post import post

IDS = 90
"""Few conference IDs, so that draws meet IDs that are taken."""

PINS = 10**12
"""PINs of twelve digits: none is found in a file by accident."""

MOST_MEETINGS = 4


class Worker:
    """One life: at the desk, at the outbox, or both."""

    def __init__(self, life, url, key, mail, seed, now, own, shared):
        self._life, self._random, self._now, self._mail = life, Random(seed), now, Path(mail)  # noqa: S311
        self._vault = KeyFile(Path(key))
        self._own, self._people = own, own + shared
        self._known = {}
        self.tell("born")
        self._desk = Desk(url, World(clock=lambda: now, randbelow=self._drawn, vault=self._vault, cost=CHEAP,
                                     ids=IDS))
        self.tell("open")

    def tell(self, about, **what):
        os.write(1, json.dumps({"life": self._life, "about": about, **what}).encode() + b"\n")

    def _drawn(self, below):
        """Draw; a number that may become a PIN is told before anybody else can know it."""
        drawn = self._random.randrange(below)
        if below == PINS:
            self.tell("drawn", pin=f"{drawn:012}")
        return drawn

    def administrator(self):
        """Change one thing after the other."""
        while True:
            self._change()

    def clerk(self):
        """Change, and deliver after each change, as the commands do."""
        while True:
            self._change()
            self._deliver(50)

    def postman(self):
        """Deliver, a few letters a round."""
        while True:
            self._deliver(self._random.randint(1, 5))

    def newcomer(self):
        """Seal one text: opening the directory and its key was all."""
        self.tell("sealed", sealed=self._vault.seal("42"))
        signal.pause()

    def _deliver(self, limit):
        posted = post(self._desk.outbox, MaildirCarrier(self._mail), lambda: self._now, limit=limit)
        assert not posted.troubles, posted.troubles
        self.tell("posted", letters=posted.delivered)

    def _change(self):
        who = self._random.choice(self._people)
        deed = self._deed(who)
        self.tell("begun", deed=deed, who=who)
        try:
            done = getattr(self, f"_{deed}")(who)
        except (DirectoryError, Unusable) as error:
            # another one was quicker, or both held an ID that the other had drawn
            assert who not in self._own or "busy" in str(error), error
            self.tell("refused")
        else:
            self.tell("done", **done)

    def _deed(self, who):
        try:
            shown = self._desk.organizers.show(who)
        except DirectoryError:
            return "enable"
        if not shown.enabled:
            return "enable"
        deeds = ["reset_pin"] * 4 + ["dial", "disable"] + (["reset_ids"] * 4 if shown.meetings else [])
        return self._random.choice(deeds + (["schedule", "cancel"] if 0 < shown.meetings < MOST_MEETINGS else
                                            ["cancel"] if shown.meetings else ["schedule"]))

    def _enable(self, who):
        enabled = self._desk.organizers.enable(NewOrganizer(who, name=who.partition("@")[0]))
        if not enabled.changed:
            return {}
        self._known[who] = enabled.pin.pin
        return {"letter": "enabled", "pin": enabled.pin.pin, "ids": self._ids(who)}

    def _disable(self, who):
        changed = self._desk.organizers.disable(who)
        self._known.pop(who, None)
        return {"letter": "turned-off", "ids": []} if changed else {}

    def _reset_pin(self, who):
        self._known[who] = self._desk.pins.reset(who).pin
        return {"letter": "pin-reset", "pin": self._known[who]}

    def _reset_ids(self, who):
        self._desk.conference_ids.reset(who)
        return {"letter": "info-changed", "ids": self._ids(who)}

    def _schedule(self, who):
        self._desk.meetings.schedule(who, starts_at=self._now, ends_at=self._now + 3600)
        return {"ids": self._ids(who)}

    def _cancel(self, who):
        if ids := self._ids(who, everyone=True):
            self._desk.meetings.cancel(str(self._random.choice(ids)[1]))  # by number, as its ID may change hands
        return {"ids": self._ids(who)}

    def _dial(self, who):
        """Call, as the organizer: the PIN in force opens the meeting, another does not."""
        for conference_id, _ in self._ids(who)[:1]:
            meeting = self._desk.checks.find(conference_id).meeting
            if who in self._known:
                assert self._desk.checks.check_pin(meeting, self._known[who]).right
            assert not self._desk.checks.check_pin(meeting, "000000000000").right
        return {}

    def _ids(self, who, *, everyone=False):
        """Return an organizer's IDs, each with its meeting; those of one who is shared are not worth telling."""
        return self._desk.conference_ids.of(who) if everyone or who in self._own else []


def live(role, log, **what):
    """Live until killed."""
    # as talkative as it gets: what a log holds is searched for PINs as well
    logging.basicConfig(filename=log, level=logging.DEBUG, force=True)
    getattr(Worker(**what), role)()


def main():
    """Obey the commands."""
    children = {}
    for line in sys.stdin:
        command = json.loads(line)
        if command.pop("do") == "kill":
            life = command["life"]
            select.select([], [], [], command["after_s"])
            os.kill(children[life], signal.SIGKILL)  # still ours, as nobody has waited for it
            code = os.waitstatus_to_exitcode(os.waitpid(children.pop(life), 0)[1])
            os.write(1, json.dumps({"life": life, "about": "dead", "code": code}).encode() + b"\n")
            continue
        child = os.fork()
        if not child:
            try:
                live(**command)
            except BaseException:  # whatever it is: a child must not go on as a parent
                traceback.print_exc()
            finally:
                sys.stderr.flush()
                os.write(1, json.dumps({"life": command["life"], "about": "ended"}).encode() + b"\n")
                os._exit(1)
        children[command["life"]] = child
    for child in children.values():
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main()
