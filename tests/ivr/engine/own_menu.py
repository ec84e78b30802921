"""An application of one's own: press 1 to hear the time, 2 to record and hear yourself."""

from ivr.clock import samples, seconds
from ivr.engine.flow import Flow, To
from ivr.engine.nodes import Ask, End, Menu, Play, Record, Say
from ivr.engine.plain import PlainApplication

AGAIN = To("menu")
FLOW = Flow("own menu", "menu", {
    "menu": Menu(state="menu", label="choice", prompts=("own-menu",), keys={"1": "time", "2": "record"},
                 wait=samples(5), exits={"time": To("time"), "record": To("record"),
                                         "unknown": To("menu", ("own-what",)), "nothing heard": To("menu"),
                                         "gave up": To("goodbye", ("own-goodbye",))}),
    "time": Ask(state=None, question="minute", answers=frozenset({"first", "later"}),
                exits={"first": To("menu", ("own-first-minute",)), "later": To("menu", ("own-later",))}),
    "record": Record(state="recording", longest=samples(10), silence=samples(2),
                     exits={"recorded": To("play"), "nothing": To("menu", ("own-what",))}),
    "play": Play(state="playing", what="yours", exits={"ended": AGAIN}),
    "goodbye": Say(state="goodbye", exits={"ended": To("end"), "keyed": To("end")}),
    "end": End()}, fault=To("goodbye", ("own-goodbye",)))


class OwnMenu(PlainApplication):
    """The time is that of the bridge, and a recording is its caller's for as long as he stays."""

    flows = (FLOW,)

    def ask(self, call, question, at):
        return "first" if seconds(at) < 60 else "later"

    def recorded(self, call, samples, at):
        self.kept = {call.serial: samples}
        return "recorded" if samples.any() else "nothing"

    def playback(self, call, what):
        return self.kept[call.serial]
