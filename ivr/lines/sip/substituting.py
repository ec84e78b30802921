"""Legs that are to be in the place of a call's own: of one who is called because of a REFER, or who replaces it."""

from ivr.lines.sip import telling
from ivr.lines.sip.agreeing import Agreement
from ivr.lines.sip.endpoint import Endpoint
from ivr.lines.sip.sockets import Network


class Substitutes:
    """All of a trunk's, by their numbers at the endpoint.

    Parameters
    ----------
    network : Network
    endpoint : Endpoint
    """

    def __init__(self, network: Network, endpoint: Endpoint) -> None:
        self._network, self._endpoint = network, endpoint
        self._of: dict[int, tuple[int, int]] = {}

    def __contains__(self, number: int) -> bool:
        return number in self._of

    def refer(self, slot: int, event: telling.Referred, port: int, now: int) -> None:
        """Call somebody with whom a call is to go on."""
        self._network.reach(event.to)
        host = self._network.here.host
        number = self._endpoint.invite(event.uri, event.to, host, port, now, replaces=event.replaces)
        self._of[number] = slot, event.call

    def replace(self, slot: int, event: telling.Invited, port: int, now: int) -> None:
        """Answer somebody with whom a call is to go on."""
        self._of[event.call] = slot, event.replaces
        self._endpoint.answer(event.call, self._network.here.host, port, now)

    def heard(self, event: telling.Event, now: int) -> tuple[int, Agreement] | None:
        """Take what is told of one; return the slot of the call in whose place it is from now on, if it is."""
        slot, before = self._of[event.call]
        match event:
            case telling.CallRefused(code=code):
                self._endpoint.tell(before, code, now)
            case telling.Ended():
                pass
            case telling.Answered() | telling.Agreed() if agreed := self._endpoint.settled(event.call):
                self._endpoint.give_way(before, now)
                del self._of[event.call]
                return slot, agreed
            case _:
                return None
        del self._of[event.call]
        return None

    def gone(self, slot: int, now: int) -> None:
        """Take it that there is no such call any more."""
        for number in [number for number, (at, _) in self._of.items() if at == slot]:
            del self._of[number]
            self._endpoint.end(number, now)
