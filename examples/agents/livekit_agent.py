"""An agent session of LiveKit on a line of a story, without a room: the call is its microphone and its speaker.

`pip install livekit-agents`; give the session your models, and leave out what presses keys here.
"""

import asyncio
from collections.abc import AsyncIterator

import numpy as np
from livekit import rtc
from livekit.agents import Agent, AgentSession
from livekit.agents.voice import io

import dtmf
from ivr.lines.adapter import AgentCall, CallOver
from ivr.live.recogniser import PromptRecogniser


class CallInput(io.AudioInput):
    """What the bridge says."""

    def __init__(self, call: AgentCall) -> None:
        super().__init__(label="call")
        self._call = call

    async def __anext__(self) -> rtc.AudioFrame:
        """Return the next 20 ms."""
        try:
            samples = await self._call.receive()
        except CallOver:
            raise StopAsyncIteration from None
        return rtc.AudioFrame(samples.tobytes(), self._call.rate, 1, len(samples))


class CallOutput(io.AudioOutput):
    """What the agent says."""

    def __init__(self, call: AgentCall) -> None:
        super().__init__(label="call", capabilities=io.AudioOutputCapabilities(pause=False), sample_rate=call.rate)
        self._call, self._said, self._cleared = call, 0.0, False
        self._playing: asyncio.Task[None] | None = None

    async def capture_frame(self, frame: rtc.AudioFrame) -> None:
        """Say it after what is being said."""
        await super().capture_frame(frame)
        self._said += frame.duration
        self._call.queue(np.frombuffer(frame.data, np.int16))

    def flush(self) -> None:
        """Tell the session once all of it has been said."""
        super().flush()
        self._playing = asyncio.create_task(self._played())

    def clear_buffer(self) -> None:
        """Be silent."""
        self._cleared = True
        self._call.clear()

    async def _played(self) -> None:
        await self._call.said()
        self.on_playback_finished(playback_position=self._said, interrupted=self._cleared)
        self._said, self._cleared = 0.0, False


async def start(call: AgentCall, agent: Agent, session: AgentSession) -> None:
    """Have a session live on a call."""
    session.input.audio, session.output.audio = CallInput(call), CallOutput(call)
    await session.start(agent)


class PromptInput(CallInput):
    """Hears the conference ID asked for: your session's models would."""

    def __init__(self, call: AgentCall) -> None:
        super().__init__(call)
        self._ear, self.asked = PromptRecogniser(["enter-conference-id"]), asyncio.Event()

    async def __anext__(self) -> rtc.AudioFrame:
        """Return the next 20 ms, heard already."""
        frame = await super().__anext__()
        if self._ear.feed(np.frombuffer(frame.data, np.int16)):
            self.asked.set()
        return frame


async def agent(call: AgentCall) -> None:
    """Get into the lobby."""
    async def keys() -> AsyncIterator[rtc.AudioFrame]:
        sound = dtmf.encode("1234567#", call.rate)
        yield rtc.AudioFrame(sound.tobytes(), call.rate, 1, len(sound))

    session: AgentSession = AgentSession()
    await start(call, Agent(instructions=""), session)
    session.input.audio = heard = PromptInput(call)
    await heard.asked.wait()
    await session.say("the conference ID", audio=keys(), allow_interruptions=False)
    while not call.over:
        await asyncio.sleep(0.1)
    await session.aclose()
