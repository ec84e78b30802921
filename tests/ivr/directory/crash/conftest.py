"""What the crash tests stand on: processes that are killed, and what each told before it died."""

import json
import os
import selectors
import signal
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest


@dataclass(frozen=True, slots=True)
class Pin:
    """A PIN, which no failure of a test shows."""

    digits: str = field(repr=False)


@dataclass(slots=True)
class Deed:
    """A change that was begun.

    Attributes
    ----------
    end : str
        "done" or "refused"; empty if the process was killed before it could tell.
    letter : str
        Kind of the letter that it wrote, as far as it was told.
    ids : list or None
        The organizer's conference IDs after it, each with its meeting.
    """

    what: str
    who: str
    end: str = ""
    letter: str = ""
    pin: Pin | None = None
    ids: list | None = None


@dataclass(slots=True)
class Life:
    """What a process told before it was killed."""

    role: str = ""
    told: int = 0
    code: int | None = None
    deeds: list[Deed] = field(default_factory=list)
    drawn: list[Pin] = field(default_factory=list)
    sealed: str = ""
    about: set[str] = field(default_factory=set)

    @property
    def cut_short(self) -> Deed | None:
        """The change in which the kill fell."""
        return self.deeds[-1] if self.deeds and not self.deeds[-1].end else None

    def hear(self, about, code=None, deed="", who="", pin=None, letter="", ids=None, sealed="", **_):
        """Take in a line."""
        self.told += 1
        self.about.add(about)
        self.sealed = self.sealed or sealed
        if about == "dead":
            self.code = code
        elif about == "drawn":
            self.drawn.append(pin)
        elif about == "begun":
            self.deeds.append(Deed(deed, who))
        elif about in ("done", "refused"):
            last = self.deeds[-1]
            last.end, last.letter, last.pin = about, letter, pin
            last.ids = None if ids is None else [tuple(pair) for pair in ids]


class Workers:
    """Makes processes and kills them.

    Parameters
    ----------
    said : Path
        The file that takes their standard error.
    """

    def __init__(self, said: Path) -> None:
        self.said = said
        with said.open("wb") as errors:
            self._server = subprocess.Popen([sys.executable, str(Path(__file__).with_name("worker.py"))],
                                            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors)
        self._pipe = self._server.stdout.fileno()
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._pipe, selectors.EVENT_READ)
        self._rest = b""
        self._count = 0
        self.lives: dict[int, Life] = defaultdict(Life)

    def close(self) -> None:
        """End all processes that are left."""
        self._server.stdin.close()
        self._server.stdout.close()
        self._server.wait()
        self._selector.close()

    def live(self, role: str, **what) -> int:
        """Start a life; return its number."""
        self._count += 1
        self.lives[self._count].role = role
        self._tell(do="live", life=self._count, role=role, **what)
        return self._count

    def listen(self, until) -> None:
        """Take in what is told until something holds."""
        while not until():
            self._selector.select()
            new = os.read(self._pipe, 1 << 16)
            assert new, f"the workers have ended; they said: {self.said.read_text()}"
            *lines, self._rest = (self._rest + new).split(b"\n")
            for line in lines:
                told = json.loads(line)
                told["pin"] = Pin(told["pin"]) if "pin" in told else None
                self.lives[told.pop("life")].hear(**told)

    def kill(self, number: int, *, after_lines: int, after_s: float) -> Life:
        """Kill a process once it has told so many lines, and so many seconds more; return what it told."""
        life = self.lives[number]
        self.listen(lambda: life.told >= after_lines or "ended" in life.about)
        self._tell(do="kill", life=number, after_s=after_s)
        self.listen(lambda: "dead" in life.about)
        assert life.code == -signal.SIGKILL, f"a {life.role} ended by itself; it said: {self.said.read_text()}"
        return life

    def _tell(self, **command) -> None:
        self._server.stdin.write(json.dumps(command).encode() + b"\n")
        self._server.stdin.flush()


@pytest.fixture
def folder(databases):
    """Where everything of one test lies: database, key, letters, logs."""
    with TemporaryDirectory(dir=databases.folder) as folder:
        yield Path(folder)


@pytest.fixture
def pin_class():
    """What holds a PIN and does not show it."""
    return Pin


@pytest.fixture
def workers(folder):
    """Processes to be killed."""
    if not hasattr(os, "fork"):
        pytest.skip("the workers need a system that forks")
    workers = Workers(folder / "said.log")
    yield workers
    workers.close()
