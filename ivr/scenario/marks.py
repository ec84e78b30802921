"""How far somebody has looked into what was heard, to go back there."""

from dataclasses import dataclass

from ivr.scenario.music import MusicMark
from ivr.scenario.pieces import PieceMark
from ivr.scenario.voices import VoiceMark


@dataclass(frozen=True, slots=True)
class Mark:
    """How far an ear had looked into what it had heard."""

    round: int
    powers: int
    pieces: dict[tuple[str, str], list[PieceMark]]
    voices: dict[str, VoiceMark]
    music: MusicMark
    loops: dict[str, MusicMark]
