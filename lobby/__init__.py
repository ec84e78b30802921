"""Where callers wait and meet: hold music, rooms, mixing."""

from lobby.chimes import arrival, departure
from lobby.mixing import Mixer
from lobby.music import hold_music
from lobby.rooms import Joins, Over, Room, RoomState, Waits

__all__ = ["Joins", "Mixer", "Over", "Room", "RoomState", "Waits", "arrival", "departure", "hold_music"]
