"""The scope of a page: what is seen, and that nothing of what is hidden is in anything that leaves."""

import asyncio
import base64
import json
import re

import numpy as np
import pytest
from callers import KeypadLine

import dtmf
from ivr.clock import FRAME, RATE, samples
from ivr.engine.exchange import Exchange
from ivr.lines.memory import MemoryTrunk
from ivr.live.scope import Scope
from ivr.live.session import Session
from ivr.report.spectrogram import ROWS, height_of
from ivr.secrecy import Secrecy
from ivr.web.live import Live, Shown
from ivr.web.scoping import Scoping


def picture(messages, until_s):
    """Return the columns as a page has them in the end. uint8 array [shape=(columns, ROWS)], the top row first."""
    whole = np.zeros((round(until_s * 100), ROWS), np.uint8)
    for one in messages:
        if one["type"] == "scope" and one.get("columns"):
            columns = np.frombuffer(base64.b64decode(one["columns"]), np.uint8).reshape(one["bands"], -1)[::-1].T
            first = round(one["from"] * 100)
            whole[first:first + len(columns)] = columns[:max(0, len(whole) - first)]
    return whole


def all_told(session, seconds, call):
    """Return all that a page is told that shows the sound of a call."""
    async def run():
        live = Live(Shown(session))
        page = live.open()
        page.scope = call
        told = []
        while session.bridge.now < samples(seconds):
            for _ in range(5):
                session.step()
            live.round()
            await asyncio.sleep(0)
            told += [json.loads(message) for message in await page.messages()] if len(page) else []
        return told

    return asyncio.run(asyncio.wait_for(run(), 60))


@pytest.mark.parametrize("pin", ["48090", "90048"])
def test_all_that_leaves_of_a_call_then_its_conference_id_and_nothing_of_its_pin(quiet_bridge, words, pin):
    line = KeypadLine("amos", [(0.5, "1234567#"), (3, "*"), (3.6, f"{pin}#")])
    session = Session(Exchange(quiet_bridge([("1234567", pin)]), [MemoryTrunk([line], stays=True)]), words=words)
    told = all_told(session, 7, 1)
    seen = picture(told, 7)
    assert not seen[350:500].any(), "the PIN is typed from 3.6 s on"
    high = ROWS - 1 - round(height_of(1336) * ROWS)
    assert seen[52:60].max(axis=1).all(), "the first key of the ID"
    assert seen[70:80, high - 4:high + 4].max() > 160, "1336 Hz of the second"
    scopes = [one for one in told if one["type"] == "scope"]
    assert {key["key"] for one in scopes for key in one.get("heard", ())} == set("1234567#")
    assert [one for one in scopes if any(began <= 3.7 <= ended for began, ended in one.get("hidden", ()))]
    everything = re.sub('"columns": "[^"]*"', "", json.dumps(told))
    assert "meeting" in everything
    assert pin not in everything
    levels = [level for one in told if one["type"] == "levels" and 3.6 < one["at"] < 5
              for level in one["levels"].values()]
    assert not [level for level in levels if level is not None]


def near_of(secrecy):
    """Return what is told of a 5 whose low tone is too strong, pressed where keys are as secret as this."""
    t = np.arange(800)
    low, high = (2 * np.pi * hz / RATE for hz in dtmf.frequencies("5"))
    sound = np.zeros(samples(3), np.int16)
    sound[8000:8800] = np.round(8000 * np.sin(low * t) + 1600 * np.sin(high * t))
    scope, told = Scope(1), []
    scoping = Scoping(scope)
    for at in range(0, len(sound), FRAME):
        scope.took(at, sound[at:at + FRAME], sound[at:at + FRAME], secrecy)
        told += scoping.messages()
    return [one for message in told for one in message.get("heard", ())]


def test_what_is_almost_a_key_then_told_with_the_reason_where_keys_are_shown_and_nowhere_else():
    [one] = near_of(Secrecy.SHOWN)
    assert (one["key"], one["missed"], one["at"]) == ("5", "twist", pytest.approx(1, abs=0.01))
    assert one["why"][0].startswith("twist: the low tone is 14.0 dB over the high one")
    assert near_of(Secrecy.SHOWN_IF_VALID) == near_of(Secrecy.HIDDEN) == []
