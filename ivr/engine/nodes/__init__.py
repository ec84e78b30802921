"""The nodes of flows: the only place where keys are read.

A node says something, waits for keys, time or an answer, and leaves by one of its exits. It is a value that many
calls share; what is a call's own stands in the call. Which prompts, keys, times and tries it has is data of the
flow; sections A1, A2, A4 and A7 of BEHAVIOUR.md are served by these, for every application. Times are samples.
"""

from ivr.engine.nodes.ask import Ask
from ivr.engine.nodes.collect import Collect
from ivr.engine.nodes.menu import Language, Menu
from ivr.engine.nodes.park import Park
from ivr.engine.nodes.sound import Play, Record, Say
from ivr.engine.nodes.way import End, Return, Sub, Transferred

__all__ = ["Ask", "Collect", "End", "Language", "Menu", "Park", "Play", "Record", "Return", "Say", "Sub",
           "Transferred"]
