"""What `ivr serve` opens for telephones: a network, and the trunk that they ring in by."""

from collections.abc import Iterator
from contextlib import contextmanager

from ivr.cli.addresses import address, ports
from ivr.cli.peers import Peers
from ivr.lines.sip.locating import Locator
from ivr.lines.sip.sockets import Network
from ivr.lines.sip.trunk import SipTrunk
from ivr.lines.sip.writing import host_in


class TelephoneSetup:
    """Where telephones ring in, and who may: looked at before anything is opened.

    Parameters
    ----------
    sip : str
        HOST:PORT.
    rtp_ports : str
        FIRST-LAST.
    peers : Peers
        Who may call, whom it registers with, and such.

    Attributes
    ----------
    places : dict of str to address and port
        Where is listened, by option.

    Raises
    ------
    UsageError
        If what was told cannot be meant.
    """

    def __init__(self, sip: str, rtp_ports: str, peers: Peers) -> None:
        self._at = address(sip, is_open=peers.admit)
        self._sound, self._secured = ports(rtp_ports), peers.secured()
        tls = self._secured
        self.places = {"--sip": self._at} | ({"--sip-tls": (tls.host, tls.port)} if tls else {})
        self._enrolment = peers.enrolment(sip)
        self._trusts, self._targets = peers.trusts(self._enrolment), peers.targets(sip)
        self._peers = peers
        self._doorman = peers.doorman(self._trusts)

    @contextmanager
    def network(self) -> Iterator[Network]:
        """Open the sockets, until the context ends.

        Raises
        ------
        NetworkError
            If the address cannot be listened at.
        """
        network = Network(*self._at, self._sound, timed=True, secured=self._secured,
                          authorities=self._peers.authorities)
        try:
            yield network
        finally:
            network.close()

    def trunk(self, network: Network, locator: Locator | None) -> SipTrunk:
        """Return the trunk, by which telephones ring in from now on."""
        trunk = SipTrunk(network, doorman=self._doorman, trusts=self._trusts, targets=self._targets,
                         locator=locator)
        if self._enrolment is not None:
            trunk.register(self._enrolment, self._enrolment.domain.partition(":")[0])
        return trunk


def told_address(trunk: SipTrunk) -> str:
    """Return what to call."""
    return f"sip:1000@{host_in(trunk.here.host)}:{trunk.here.port}"
