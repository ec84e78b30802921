"""Carriers of letters for tests, and what is in a letter."""

from ivr.mail.delivery.errors import Undelivered


class Server:
    """A carrier that is down, or takes letters; `carried` is what it took."""

    def __init__(self, *, down=False, lasting=False):
        self.down, self.lasting, self.carried = down, lasting, []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def carry(self, message, recipient):
        if self.down:
            raise Undelivered("the mail server is down", lasting=self.lasting)
        self.carried.append((recipient, message))


def text_of(message):
    return message.get_body(("plain",)).get_content()
