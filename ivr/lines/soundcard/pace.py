"""The clock of a call at the sound card."""

from ivr.lines.soundcard.card import Card


class CardPace:
    """A tick for every 20 ms that the card has heard, or without a microphone has played.

    Parameters
    ----------
    card : Card
    """

    def __init__(self, card: Card) -> None:
        self._card = card

    @property
    def late(self) -> int:
        """Ticks that began more than a frame late."""
        return self._card.late

    def wait(self) -> None:
        """Return when the next tick is due.

        Raises
        ------
        DeviceGone
            If a device does not go on.
        """
        self._card.wait()
