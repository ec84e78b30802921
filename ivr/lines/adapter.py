"""An agent on a line in this process: a coroutine that is given 20 ms frames and gives frames back.

It lives by the clock of the call, which is made of samples: `asyncio.sleep(2)` in it lasts two seconds of the call
and no time on the wall, and the same agent does the same each time, to the byte. What it asks of a network or of
threads the call does not wait for: an agent that needs the clock on the wall comes by a stream.
"""

import asyncio
import contextlib
import importlib
import importlib.util
import inspect
import selectors
import sys
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

import dtmf
from ivr.clock import FRAME, RATE, seconds
from ivr.lines.blame import place, told, turning
from ivr.lines.patience import StepLimit, StepTooLong

Samples = NDArray[np.int16]

_SILENCE = np.zeros(FRAME, np.int16)
_MOST_TURNS = 20_000
"""How often an agent's tasks may go on in one tick."""
_PATIENCE_S = 20.0
"""How long, on the wall, an agent may take over one tick: for ever would hold up everybody."""


class CallOver(Exception):
    """The call that somebody listens to, or speaks into, is over."""


class AgentLeft(Exception):
    """An agent wants to end the whole program, or never waits for anything."""

    exit_code = 1


class _Turns(AgentLeft):
    """It never waits for anything."""


class AgentCall:
    """A call as an agent has it.

    Attributes
    ----------
    rate : int
        Samples a second, 8,000 of int16, both ways.
    caller, number, phone : str
        The agent's name in the story; what was dialled, and who calls, empty where nobody has said so.
    now : int
        Samples since the story began.
    """

    rate = RATE

    def __init__(self, caller: str, number: str = "", phone: str = "") -> None:
        self.caller, self.number, self.phone = caller, number, phone
        self.now = 0
        self.over = False
        self._heard: deque[Samples] = deque()
        self._says: deque[Samples] = deque()
        self._told: list[asyncio.Future[None]] = []

    async def receive(self) -> Samples:
        """Return the next 20 ms of what is said to the agent. int16 array [shape=(160,)].

        What comes while the agent does something else waits for it, in its order.

        Raises
        ------
        CallOver
            If there is no more.
        """
        while not self._heard:
            if self.over:
                raise CallOver
            await self._something()
        return self._heard.popleft()

    def __aiter__(self) -> AsyncIterator[Samples]:
        return self._frames()

    async def _frames(self) -> AsyncIterator[Samples]:
        with contextlib.suppress(CallOver):
            while True:
                yield await self.receive()

    def skip(self) -> None:
        """Leave out what has come and was not received: from now on counts what comes."""
        self._heard.clear()

    async def send(self, samples: Samples) -> None:
        """Say something after what is being said, and return once it has been said.

        Parameters
        ----------
        samples : int16 array [shape=(n,)]
            The last frame is filled with silence.

        Raises
        ------
        CallOver
            If the call is over before.
        """
        self.queue(samples)
        await self.said()

    def queue(self, samples: Samples) -> None:
        """Say something after what is being said; return at once.

        Raises
        ------
        ValueError
            If it is no int16 array of one dimension.
        """
        if not isinstance(samples, np.ndarray) or samples.dtype != np.int16 or samples.ndim != 1:
            raise ValueError("an agent says int16 arrays of one dimension, at 8,000 samples a second")
        count = -(-len(samples) // FRAME)
        whole = np.zeros(count * FRAME, np.int16)
        whole[:len(samples)] = samples
        self._says.extend(whole.reshape(-1, FRAME))

    async def said(self) -> None:
        """Return once nothing is being said any more.

        Raises
        ------
        CallOver
            If the call is over before.
        """
        while self._says and not self.over:
            await self._something()
        if self.over:
            raise CallOver

    def clear(self) -> None:
        """Be silent: what has not been said yet is not said."""
        self._says.clear()

    @property
    def speaks(self) -> bool:
        """Whether something is being said."""
        return bool(self._says)

    async def press(self, keys: str, *, tone_ms: float = 100.0, gap_ms: float = 100.0) -> None:
        """Press keys, as tones, and return once they are pressed.

        Raises
        ------
        dtmf.DigitError
            If one is none of the 16.
        """
        await self.send(dtmf.encode(keys, RATE, tone_ms=tone_ms, gap_ms=gap_ms))

    def hang_up(self) -> None:
        """End the call, at once; an agent that returns has hung up too."""
        self._end()

    # what is on the other side of it

    async def _something(self) -> None:
        """Wait until a frame has gone by, or the call is over."""
        coming = asyncio.get_running_loop().create_future()
        self._told.append(coming)
        await coming

    def _tell(self) -> None:
        told, self._told = self._told, []
        for coming in told:
            if not coming.done():
                coming.set_result(None)

    def _end(self) -> None:
        self.over = True
        self._says.clear()
        self._tell()


Coroutines = Callable[[AgentCall], Coroutine[Any, Any, None]]
"""An agent: `async def agent(call: AgentCall) -> None`."""


class InProcess:
    """A coroutine that leads a line of a story.

    Parameters
    ----------
    agent : callable
        Gives the coroutine for a call.
    patience_s : float
        How long it may hold the line without waiting for anything, in seconds on the wall.
    """

    def __init__(self, agent: Coroutines, *, patience_s: float = _PATIENCE_S) -> None:
        self._agent, self._home = agent, _home(agent)
        self._patience = StepLimit(patience_s)
        self._loop: _CallLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._call = AgentCall("")
        self.ready = self.over = False
        self.fault = ""

    def begin(self, caller: str, number: str, phone: str) -> None:
        """Have the coroutine begin."""
        now = self._call.now
        self._call = AgentCall(caller, number, phone)
        self._call.now = now
        self._loop = self._loop or _CallLoop()
        self.over, self.ready = False, True

        async def led() -> None:
            with contextlib.suppress(CallOver):
                try:
                    await self._agent(self._call)
                except SystemExit as error:  # it would end whoever plays the story
                    left = AgentLeft(f"it has left by SystemExit({error})")
                    raise left.with_traceback(error.__traceback__) from error

        self._task = self._loop.create_task(led())

    def step(self, now: int) -> None:
        """Let the coroutine do what it has to do by now."""
        self._call.now = now
        if self._loop is None or self._task is None:
            return
        self._go_on(now)
        self.over = self._call.over

    def _go_on(self, now: int) -> None:
        if self._loop is None or self._patience.lost is not None:
            return
        try:
            with self._patience.tried():
                self._loop.go_on(seconds(now))
        except (AgentLeft, SystemExit) as error:
            if isinstance(error, _Turns):
                what = f"{error}{place(turning(asyncio.all_tasks(self._loop)), self._home)}"
            else:
                what = told(error, self._home)
            self.fault = f"the agent broke down: {what}"
            self._call._end()
        except StepTooLong:
            pass  # where it was is noted, as also where it has caught that
        self._settle()
        if self._patience.lost is not None:
            self.fault = (f"the agent has not given the line back for {self._patience.limit_s:g} s"
                          f"{place(self._patience.lost, self._home)}")
            self._call._end()

    def speak(self) -> Samples:
        """Return its next frame, or silence."""
        call = self._call
        if not call._says:
            return _SILENCE
        frame = call._says.popleft()
        if not call._says:
            call._tell()
        return frame

    def hear(self, frame: Samples) -> None:
        """Have it receive a frame."""
        self._call._heard.append(frame.copy())
        self._call._tell()

    def end(self) -> None:
        """Tell it that the call is over; what it does then takes no time."""
        self._call._end()
        if self._task is not None:
            self._go_on(self._call.now)

    def _settle(self) -> None:
        """See whether it has come to its end, and how."""
        if self._task is None or not self._task.done():
            return
        if not self._task.cancelled() and (error := self._task.exception()) is not None:
            self.fault = f"the agent broke down: {told(error, self._home)}"
        self._task = None
        self._call._end()

    def close(self) -> None:
        """Let go of it, wherever it is."""
        if self._loop is None:
            return
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        with contextlib.suppress(AgentLeft, SystemExit, StepTooLong), self._patience.tried():
            self._loop.go_on(seconds(self._call.now))
        self._patience.close()
        self._loop.close()
        self._loop = self._task = None


class _Selector(selectors.SelectSelector):
    """Never waits: where nothing can be done any more, the loop is told."""

    idle: Callable[[], None] = staticmethod(lambda: None)
    turns = 0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        self.turns += 1
        if self.turns > _MOST_TURNS:
            raise _Turns(f"it has gone round {_MOST_TURNS:,} times in one tick without waiting for anything")
        if not ready and (timeout is None or timeout > 0):
            self.idle()
        return ready


class _CallLoop(asyncio.SelectorEventLoop):
    """An event loop whose time is that of a call."""

    def __init__(self) -> None:
        self._moment = 0.0
        self._turning = _Selector()
        super().__init__(self._turning)
        self._turning.idle = self.stop
        self.set_exception_handler(_complain)

    def time(self) -> float:
        return self._moment

    def go_on(self, moment: float) -> None:
        """Do all that can be done by now, in seconds."""
        self._moment, self._turning.turns = moment, 0
        self.run_forever()


def _complain(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Tell of errors that nobody asks for, but for what ends the story, which is told there."""
    if not isinstance(context.get("exception"), KeyboardInterrupt | SystemExit | StepTooLong):
        loop.default_exception_handler(context)


class BadAgent(Exception):
    """What should be an agent is none; what it says is a sentence."""

    exit_code = 2


def agent_of(name: str, *, path: Path | None = None, module: str = "") -> Coroutines:
    """Return an agent by the name of its coroutine, in a file or in a module.

    Raises
    ------
    BadAgent
        If there is none.
    """
    where = str(path) if path is not None else module
    try:
        found = getattr(_loaded(path) if path is not None else importlib.import_module(module), name, None)
    except (Exception, SystemExit) as error:
        home = path.absolute().parent if path is not None else None
        raise BadAgent(f"{where} cannot be loaded: {told(error, home)}") from error
    if found is None:
        raise BadAgent(f"{where} has no agent {name!r}: write 'async def {name}(call)'")
    if not callable(found):
        raise BadAgent(f"{name!r} of {where} is no agent: write 'async def {name}(call)'")
    made: Coroutines = found
    return made


def _loaded(path: Path) -> ModuleType:
    name = f"ivr_agent_{path.resolve().as_posix()}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError("it is no Python")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # classes of it are looked up there
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _home(agent: Coroutines) -> Path | None:
    """Return the folder of the file that an agent stands in, if it is known."""
    code = getattr(inspect.unwrap(agent), "__code__", None) or getattr(type(agent).__call__, "__code__", None)
    return Path(code.co_filename).parent if code is not None else None
