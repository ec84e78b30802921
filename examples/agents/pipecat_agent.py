"""A pipecat pipeline on a line of a story: frames of the call go in, what the pipeline says goes back.

`pip install pipecat-ai`; put your services where `Presser` stands.
"""

import asyncio

import numpy as np
from pipecat.frames.frames import Frame, InputAudioRawFrame, InterruptionFrame, OutputAudioRawFrame
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.runner import PipelineRunner
from pipecat.pipeline.worker import PipelineParams, PipelineWorker
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor

import dtmf
from ivr.lines.adapter import AgentCall
from ivr.live.recogniser import PromptRecogniser


class CallOutput(FrameProcessor):
    """The end of a pipeline: what comes here is said in the call."""

    def __init__(self, call: AgentCall) -> None:
        super().__init__()
        self._call = call

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Say it, or be silent when somebody interrupts."""
        await super().process_frame(frame, direction)
        if isinstance(frame, OutputAudioRawFrame):
            self._call.queue(np.frombuffer(frame.audio, np.int16))
        elif isinstance(frame, InterruptionFrame):
            self._call.clear()
        await self.push_frame(frame, direction)


async def run(call: AgentCall, *processors: FrameProcessor) -> None:
    """Run a pipeline for as long as a call lasts."""
    rates = PipelineParams(audio_in_sample_rate=call.rate, audio_out_sample_rate=call.rate)
    worker = PipelineWorker(Pipeline([*processors, CallOutput(call)]), idle_timeout_secs=None, params=rates)
    running = asyncio.create_task(PipelineRunner(handle_sigint=False).run(worker))
    async for frame in call:
        await worker.queue_frame(InputAudioRawFrame(audio=frame.tobytes(), sample_rate=call.rate, num_channels=1))
    await worker.cancel()
    await running


class Presser(FrameProcessor):
    """Presses the conference ID when it is asked for."""

    def __init__(self) -> None:
        super().__init__()
        self._ear = PromptRecogniser(["enter-conference-id"])

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Listen, and press."""
        await super().process_frame(frame, direction)
        if isinstance(frame, InputAudioRawFrame) and self._ear.feed(np.frombuffer(frame.audio, np.int16)):
            keys = dtmf.encode("1234567#", frame.sample_rate)
            await self.push_frame(OutputAudioRawFrame(audio=keys.tobytes(), sample_rate=frame.sample_rate,
                                                      num_channels=1))
        await self.push_frame(frame, direction)


async def agent(call: AgentCall) -> None:
    """Get into the lobby."""
    await run(call, Presser())
