"""A voice agent of thirty lines: it hears which prompt is said, and presses what that prompt asks for.

It stands where yours would, with a model of speech in the place of the recogniser.
"""

import asyncio

from ivr.lines.adapter import AgentCall
from ivr.live.recogniser import PromptRecogniser

ANSWERS = {"enter-conference-id": "1234567#", "organizer-question": "*", "enter-pin": "48215#"}


async def agent(call: AgentCall) -> None:
    """Start the meeting, stay for half a minute, and hang up."""
    ear = PromptRecogniser([*ANSWERS, "meeting-started-by-you"])
    async for frame in call:
        for heard in ear.feed(frame):
            if heard == "meeting-started-by-you":
                await asyncio.sleep(30)  # seconds of the call: they take no time here
                return
            await call.press(ANSWERS[heard])
