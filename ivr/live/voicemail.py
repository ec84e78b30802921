"""Mailboxes for real callers: hashes and files are worked on by other threads, never by the audio's."""

from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue

from ivr.directory.errors import DirectoryError, StoreError
from ivr.directory.voicemail import Mailboxes
from ivr.live.asking import LONG, SHORT, give_way
from ivr.voicemail import ChangePin, Failed, MailAnswer, MailQuestion, SignIn

_FAULTS = 100
_Over = tuple[int, str, MailAnswer | Exception]


class MailAside:
    """Asks mailboxes aside, and hands over what has been answered.

    A database or a disk that fails answers that it does; the fault is kept, and no caller brings the bridge down.

    Parameters
    ----------
    boxes : Mailboxes
    patient : bool
        Whether `answers` waits for what has been asked, as in a virtual run.

    Attributes
    ----------
    faults : list of str
        What went wrong, for whoever runs the bridge: the last ones of many.
    """

    def __init__(self, boxes: Mailboxes, *, patient: bool = False) -> None:
        self._boxes, self._patient = boxes, patient
        # PINs are hashed beside each other; all else of one bridge is done in the order in which it was asked for
        self._hashing = ThreadPoolExecutor(2, "mailbox hash", give_way, (LONG,))
        self._filing = ThreadPoolExecutor(1, "mailbox", give_way, (SHORT,))
        self._over: SimpleQueue[_Over] = SimpleQueue()
        self._open = 0
        self.faults: list[str] = []

    def ask(self, call: int, about: str, question: MailQuestion) -> None:
        """Ask for a call."""
        self._open += 1
        pool = self._hashing if isinstance(question, SignIn | ChangePin) else self._filing
        pool.submit(self._answer, call, about, question)

    def answers(self) -> list[tuple[int, str, MailAnswer]]:
        """Hand over, once, the answers that have come."""
        come: list[tuple[int, str, MailAnswer]] = []
        while self._open and (self._patient or not self._over.empty()):
            call, about, answer = self._over.get()
            self._open -= 1
            if isinstance(answer, StoreError | DirectoryError):
                self.faults.append(str(answer))
                del self.faults[:-_FAULTS]
                come.append((call, about, Failed()))
            elif isinstance(answer, Exception):
                raise answer
            else:
                come.append((call, about, answer))
        return come

    def awaits(self) -> bool:
        """Tell whether anything has yet to be answered."""
        return bool(self._open)

    def close(self) -> None:
        """Wait for what has been asked, and let the threads go."""
        for pool in (self._hashing, self._filing):
            pool.shutdown()
        self._patient = True
        self.answers()

    def _answer(self, call: int, about: str, question: MailQuestion) -> None:
        answer: MailAnswer | Exception
        try:
            answer = self._boxes.answer(question)
        except Exception as error:
            answer = error
        self._over.put((call, about, answer))
