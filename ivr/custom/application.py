"""A file as an application of the engine: it answers what the flows ask, and does what they say."""

from collections.abc import Callable
from typing import Any

import numpy as np

from ivr.clock import FRAME, RATE, samples, seconds
from ivr.custom.asking import AppReply, Apps, BadReply, NoApps, Outgoing, taken
from ivr.custom.caller import OwnCaller
from ivr.custom.kinds import FAILED
from ivr.custom.own import OwnFile
from ivr.custom.rounds import Rounds
from ivr.engine.application import Builder, Host
from ivr.engine.call import ENDED, Call
from ivr.engine.dialling import BUSY, LEG, NO_ANSWER, RING, Dialling
from ivr.engine.plain import PlainApplication
from ivr.engine.sound import Samples
from ivr.engine.together import OVER, Together
from prompts.names import name_from

_WAIT, _SLOW = "wait", "slow"
_PATIENCE = samples(2)
"""What a caller may wait in silence for an app's answer."""

_NOTHING: Samples = np.zeros(FRAME, np.int16)

Keep = Callable[[str, str, Samples], None]
"""Takes a recording: the name it has in the file, the caller, and int16 array [shape=(n,)]."""


class OwnIvr(PlainApplication):
    """One file's IVR on a bridge.

    Parameters
    ----------
    host : Host
    own : OwnFile
    apps : Apps
        Who carries questions to apps.
    keep : callable
        Takes what callers record.
    takes : callable
        Told every exit that a call takes: of the node's name and the exit.
    """

    def __init__(self, host: Host, own: OwnFile, apps: Apps, keep: Keep, takes: Callable[[str, str], None]) -> None:
        self.flows, self.languages, self.dials = own.flows, own.languages, bool(own.duties.handovers)
        super().__init__(host)
        self._own, self._apps, self._keep, self._takes = own, apps, keep, takes
        self._callers: dict[int, OwnCaller] = {}
        self._together = Together(host, lambda: host.number(self), host.give_back)
        self._dialling = Dialling(host, self._together)
        if not isinstance(apps, NoApps):
            # an app that does not answer in time ends the run, and is no call's own fault
            host.contained.shared.add(type(apps).__module__)

    def take(self, **known: Any) -> Call:  # noqa: ANN401
        """Return a new call, or that of somebody who was dialled for one."""
        if known.get("leg_of"):
            return Call(flows={LEG.name: LEG}, **known)
        call = OwnCaller(flows={flow.name: flow for flow in self.flows}, own=self._own, takes=self._takes,
                         rounds=Rounds(lambda: self.host.players.now), **known)
        self._callers[call.serial] = call
        return call

    # what the flows ask, and have done

    def ask(self, call: Call, question: str, at: int) -> str | None:
        """Ask an app, or find out whether the caller is still there for whom somebody was dialled."""
        caller = self._callers.get(call.serial)
        if caller is None:
            return self._dialling.connected(call, at)
        inquiry = self._own.duties.inquiries[question]
        facts: dict[str, Any] = {
            "call": {"id": call.serial, "from": call.phone, "to": call.number, "language": call.language},
            "node": question, **{name: caller.variables.get(name, "") for name in inquiry.sends}}
        reply = self._apps.ask(Outgoing(call.serial, question, inquiry.url, facts))
        if reply is None:
            self.host.timers.set(call.serial, _SLOW, at + _PATIENCE)
            return None
        return self._answer(caller, reply, at)

    def do(self, call: Call, command: str, at: int) -> None:
        """Do what a node asks for when a call comes there."""
        what, _, node = command.partition(" ")
        duties = self._own.duties
        match what:
            case "dial":
                handover = duties.handovers[node]
                self._dialling.dial(call, handover.to, at, rings=handover.rings)
            case "join":
                self._together.join(call, duties.seats[node], at)
            case "wait":
                self.host.timers.set(call.serial, _WAIT, at + duties.waits[node])
            case "begin":
                self._together.begin(call, at)
            case "meet":
                self._dialling.meet(call, at)

    def recorded(self, call: Call, samples: Samples, at: int) -> str:
        """Keep what was recorded, if anything was said."""
        caller = self._callers[call.serial]
        if name_from(samples, RATE) is None:
            return "nothing"
        name = self._own.duties.saves.get(caller.place, "")
        if name:
            caller.recorded[name] = samples
            self._keep(name, call.caller, samples)
        self.host.note(call, at, "recorded", name=name or caller.place, seconds=seconds(len(samples)))
        return "recorded"

    def playback(self, call: Call, what: str) -> Samples:
        """Return a recording of the file's folder, or one of this caller's; silence where he has made none."""
        if what in self._own.recordings:
            return next(iter(self.host.voice.clips(what)))
        return self._callers[call.serial].recorded.get(what, _NOTHING)

    # what becomes due, or comes from elsewhere

    def due(self, call: Call, kind: str, at: int) -> None:
        """Take it that nobody answers, that a wait is over, or that an app takes its time."""
        match kind:
            case "ring":
                self._dialling.give_up(call)
                self.host.queue.tell(call.serial, NO_ANSWER)
            case "wait":
                self.host.queue.tell(call.serial, OVER)
            case "slow":
                self.host.takes_time(call, self._callers[call.serial].place, at)

    def declined(self, call: Call, code: int, at: int) -> None:  # noqa: ARG002
        """Tell a caller that who was dialled for him is busy; any other line rings until it is given up."""
        if self._dialling.declined(call, code):
            self.host.queue.tell(call.serial, BUSY)

    def awaits(self) -> bool:
        """Tell whether an app has yet to answer."""
        return any(caller.open for caller in self._callers.values())

    def poll(self, at: int) -> None:
        """Give callers what apps have answered."""
        for reply in self._apps.come():
            caller = self._callers.get(reply.call)
            if caller is not None and caller.state != ENDED and reply.node in caller.open:
                self.host.work(caller, at, self._came, caller, reply, at)

    def _came(self, caller: OwnCaller, reply: AppReply, at: int) -> None:
        self.host.timers.cancel(caller.serial, _SLOW)
        self.host.players.silence(caller, at)
        self.host.queue.answer(caller.serial, reply.node, self._answer(caller, reply, at))

    def _answer(self, caller: OwnCaller, reply: AppReply, at: int) -> str:
        """Set what an answer sets; return its exit."""
        failure = reply.failure
        exit_, variables = FAILED, dict[str, str]()
        if not failure:
            try:
                exit_, variables = taken(self._own.duties.inquiries[reply.node], reply.facts, self._own.lines,
                                         self._own.secrets)
            except BadReply as error:
                failure = str(error)
        # what no prompt says and nothing sends is not kept: an app could fill the memory with it
        caller.variables |= {name: value for name, value in variables.items() if name in self._own.variables}
        told = {"because": failure} if failure else {}
        self.host.note(caller, at, "asked", node=reply.node, answer=exit_, **told)
        return exit_

    # its end

    def over(self, call: Call, at: int) -> None:
        """Let a call go from wherever it is."""
        self._let_go(call, at)

    def broke(self, call: Call, at: int) -> None:  # noqa: ARG002
        """Expect nothing more for a call in whose work something broke off."""
        for kind in (RING, _WAIT, _SLOW):
            self.host.timers.cancel(call.serial, kind)

    def mend(self, call: Call, at: int) -> None:
        """Let others go who are with such a call."""
        self._let_go(call, at)

    def forget(self, call: Call) -> None:
        """Be done with a call that is over."""
        self._let_go(call, self.host.players.now)
        self._callers.pop(call.serial, None)

    def _let_go(self, call: Call, at: int) -> None:
        self._dialling.let_go(call, at)
        self.broke(call, at)


def own_ivr(own: OwnFile, *, apps: Apps | None = None, keep: Keep = lambda *_: None,
            takes: Callable[[str, str], None] = lambda *_: None) -> Builder:
    """Return what makes a file's application on a bridge."""
    return lambda host: OwnIvr(host, own, NoApps() if apps is None else apps, keep, takes)
