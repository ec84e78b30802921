"""Where callers wait and meet: hold music, rooms, mixing."""

from lobby.chimes import arrival, beep, departure
from lobby.fading import Fader
from lobby.mixing import Mixer
from lobby.music import hold_music
from lobby.rooms import Goes, Joins, Over, Room, RoomState, Waits

__all__ = ["Fader", "Goes", "Joins", "Mixer", "Over", "Room", "RoomState", "Waits", "arrival", "beep", "departure",
           "hold_music"]
