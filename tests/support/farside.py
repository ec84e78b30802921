"""An IVR that is not ours, for tests: it rings, refuses or answers as it is told, and says what it is given."""

import secrets
from pathlib import Path

import numpy as np
from ports import own

from ivr.cli.kit import prompts, stage
from ivr.clock import FRAME, samples
from ivr.conference.profile import PROFILES
from ivr.lines.sip import telling
from ivr.lines.sip.accounts import Account
from ivr.lines.sip.endpoint import Endpoint
from ivr.lines.sip.media import Media
from ivr.lines.sip.phones import SipPhones
from ivr.lines.sip.sockets import Network
from ivr.scenario.foreign.calling import CallingOut
from ivr.scenario.grammar import Words, parse
from ivr.scenario.target import Target, target

PORTS = own(3_000, 400)


class FarIvr:
    """It takes any number of calls, all of them alike.

    Parameters
    ----------
    says : int16 array [shape=(n,)]
        What each caller hears, from the answer on, or from the early sound on.
    rings, early, answers : float, optional
        Seconds from the INVITE until it rings, is heard before it answers, and answers.
    refuses : int
        The code with which it refuses instead, when it would answer.
    hangs_up : float, optional
        Seconds from the answer until it hangs up.
    presses : str
        Keys that it sends as events a second after the answer.
    hands_over : str
        To whom it hands its callers over then.
    """

    def __init__(self, says=(), *, rings=None, early=None, answers=0.0, refuses=0, hangs_up=None, presses="",
                 hands_over="", doorman=None, host="127.0.0.1"):
        self.network = Network(host, 0, PORTS)
        self.end = Endpoint(self.network.here, lambda: secrets.token_hex(8), doorman=doorman)
        self.media = Media(self.network, lambda: secrets.randbits(32))
        self.says = np.asarray(says, np.int16)
        self.calls, self.keys, self.ended, self.invited, self.transferred = {}, "", 0, [], []
        self._due = [(None if at is None else samples(at), what) for at, what in (
            (rings, self._ring), (early, self._early), (answers, self._take))]
        self._refuses, self._presses, self._hands_over = refuses, presses, hands_over
        self._hangs_up = None if hangs_up is None else samples(hangs_up)

    def _ring(self, slot, call, now):
        self.end.ring(call["number"], now)

    def _early(self, slot, call, now):
        call["port"] = self.network.open(slot)
        self.end.play_early(call["number"], self.network.here.host, call["port"], now)

    def _take(self, slot, call, now):
        if self._refuses:
            self.end.reject(call["number"], self._refuses, now)
            return
        call["port"] = call["port"] or self.network.open(slot)
        self.end.answer(call["number"], self.network.here.host, call["port"], now)
        call["answered"] = now

    def step(self, now):
        """Do what is to be done in a tick."""
        for data, source in self.network.messages():
            self.end.receive(data, source, now)
        self.end.advance(now)
        for event in self.end.events():
            self._happened(event, now)
        for event in self.media.take(now):
            self.keys += getattr(event, "key", "")
        for slot, call in self.calls.items():
            for after, do in self._due:
                if after is not None and after <= now - call["at"] < after + FRAME:
                    do(slot, call, now)
            since = None if call["answered"] is None else now - call["answered"]
            if since == samples(1) and self._presses:
                self.media.press(slot, self._presses)
            if since == samples(1) and self._hands_over:
                self.end.transfer(call["number"], self._hands_over, now)
            if since is not None and since == self._hangs_up:
                self.end.end(call["number"], now)
        self._speak(now)
        for data, to in self.end.outgoing():
            self.network.send(data, to)

    def _happened(self, event, now):
        if isinstance(event, telling.Invited):
            self.invited.append(event)
            self.calls[len(self.calls)] = {"number": event.call, "at": now, "port": None, "answered": None,
                                           "said": 0, "on": False, "host": self.network.here.host}
            return
        if isinstance(event, telling.TransferTold):
            self.transferred.append(event.code)
            return
        slot = next(slot for slot, call in self.calls.items() if call["number"] == event.call)
        if isinstance(event, telling.Agreed):
            self.media.agree(slot, event.media, self.calls[slot]["host"], now)
            self.calls[slot]["on"] = True
        elif isinstance(event, telling.Pressed):
            self.keys += event.key
        elif isinstance(event, telling.Ended):
            self.media.end(slot)
            self.calls[slot]["on"] = False
            self.ended += 1

    def _speak(self, now):
        rows = np.zeros((max(len(self.calls), 1), FRAME), np.int16)
        self.media.receive(rows)
        self.heard = rows.copy()
        rows[:] = 0
        for slot, call in self.calls.items():
            part = self.says[call["said"]:call["said"] + FRAME] if call["on"] else ()
            rows[slot, :len(part)] = part
            call["said"] += FRAME if call["on"] else 0
        self.media.send(rows, now)

    def close(self):
        """Be gone, without a word."""
        self.network.close()


def story(steps, more="", caller="anna", target="sip:1000@127.0.0.1"):
    """Return a story of one caller; steps are lines of YAML."""
    lines = "".join(f"    {'  ' if line.startswith('within') or line.startswith('early') else '- '}{line}\n"
                    for line in steps)
    return f"target: {target}\n{more}callers:\n  {caller}:\n{lines}"


def rung(text, far, *, account=None, path=Path("story.yaml"), seconds=120, step=None, watch=None, ports=None,
         by="UDP", begin=lambda _: None, gives_up=None):
    """Play a story at a far side, in step with it and so faster than real time; return how it went."""
    here = far.network.here._replace(transport=by)
    words = Words(prompts().names(), PROFILES, target=Target("1000", here.host, here.port, by).uri())
    scenario = parse(text, path, words)
    network = Network(here.host, 0, ports or own(4_000, 400))
    network.reach(here)
    begin(network)
    phones = SipPhones(network, target(scenario.target).uri, here, account=account or Account())
    try:
        calling = CallingOut(scenario, stage(), phones, watch=watch)
        while not calling.over:
            assert calling.now < samples(seconds), "the story does not end"
            calling.step()
            if gives_up is not None and calling.now == samples(gives_up):
                calling.give_up("it was late")
            (step or far.step)(calling.now)
        result = calling.end()
        for _ in range(3):
            far.step(calling.now)
            phones.step(calling.now)
    finally:
        network.close()
    return result
