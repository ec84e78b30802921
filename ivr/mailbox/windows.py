"""Several applications at the mailboxes of one directory: each gets the answers to its own calls."""

from ivr.voicemail import MailAnswer, MailQuestion, VoiceMail

_Answer = tuple[int, str, MailAnswer]


class Windows:
    """Where answers are handed out.

    Parameters
    ----------
    mail : VoiceMail
    """

    def __init__(self, mail: VoiceMail) -> None:
        self.mail = mail
        self._asked: dict[int, tuple[Window, int]] = {}

    def ask(self, window: "Window", call: int, about: str, question: MailQuestion) -> None:
        """Ask for a call of an application."""
        _, open_ = self._asked.get(call, (window, 0))
        self._asked[call] = window, open_ + 1
        self.mail.ask(call, about, question)

    def sort(self) -> None:
        """Put every answer that has come before the application whose it is."""
        for answer in self.mail.answers():
            window, open_ = self._asked.pop(answer[0])
            if open_ > 1:
                self._asked[answer[0]] = window, open_ - 1
            window.come.append(answer)


class Window:
    """One application's.

    Parameters
    ----------
    windows : Windows
    """

    def __init__(self, windows: Windows) -> None:
        self._windows = windows
        self.come: list[_Answer] = []

    def ask(self, call: int, about: str, question: MailQuestion) -> None:
        """Ask for a call."""
        self._windows.ask(self, call, about, question)

    def answers(self) -> list[_Answer]:
        """Hand over, once, the answers that have come."""
        self._windows.sort()
        come, self.come = self.come, []
        return come

    def awaits(self) -> bool:
        """Tell whether anything has yet to be answered."""
        return bool(self.come) or self._windows.mail.awaits()
