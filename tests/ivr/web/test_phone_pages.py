"""Phones in Debian's Chromium, whose microphones are files: on the bridge that `ivr serve --web` is."""

import json
import re
import subprocess
import sys
from contextlib import ExitStack, contextmanager

import numpy as np
import pytest
from browser import CHROMIUM, Tab, expect, needs_chromium
from playwright.sync_api import sync_playwright
from webphone import page_of

import dtmf
from dtmf.audiofile import write
from ivr.cli.kit import prompts, stage
from ivr.clock import FRAME, RATE
from ivr.lines.web.trunk import WebTrunk
from ivr.scenario.hearing import CallerEar
from ivr.scenario.sounds import HoldMusic, PromptSound
from ivr.web.serving import listening, served

pytestmark = [pytest.mark.real_time, pytest.mark.slow, needs_chromium]

MEETING, PIN, VOICE = "1234567", "48215", "wrong-pin"

UNTIL = """([caller, states]) => new Promise((done, fail) => {
  setTimeout(() => fail(new Error(`${caller} is never in ${states}: ${JSON.stringify(calls)}`)), 60_000);
  const calls = {}, socket = new WebSocket(`ws://${location.host}/api/events`);
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(data);
    for (const [serial, changed] of Object.entries(message.calls ?? {})) {
      calls[serial] = { ...calls[serial], ...changed };
    }
    const one = Object.values(calls).find((call) => call.caller === caller && states.includes(call.state));
    if (one) { socket.close(); done(one.state); }
  };
})"""
RECORD = """async (count) => {
  const { phones } = await import("/static/phone/page.js");
  const recorded = [];
  await new Promise((done, fail) => {
    setTimeout(() => fail(new Error(`only ${recorded.length} samples have come`)), 60_000);
    phones[0].tap = (frame) => recorded.push(...new Int16Array(frame, 4)) >= count && done();
  });
  phones[0].tap = null;
  return recorded;
}"""

@contextmanager
def chromium(playing, *flags):
    """Open one of several browsers, whose flags say which microphone it has."""
    browser = playing.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", *flags])
    try:
        yield browser
    finally:
        browser.close()


def speaking(path, samples, *, once):
    """Return the flags by which a microphone says samples, from when a page begins to listen."""
    write(path, samples, RATE)
    return ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-audio-capture={path}{'%noloop' if once else ''}"]


class Visitor:
    """A page with a phone, in a browser's window of its own."""

    def __init__(self, browser, at, name):
        self.name, self.tab = name, Tab(browser.new_context(locale="en-US").new_page())
        self.page = self.tab.page
        self.page.goto(f"{at}phone")
        self.phone = self.page.locator("article")

    def calls(self):
        self.page.get_by_label("Name").fill(self.name)
        self.button("Call").click()
        expect(self.phone).to_have_attribute("data-state", "answered")

    def button(self, name):
        return self.page.get_by_role("button", name=name, exact=True)

    def clicks(self, keys):
        for key in keys:
            self.page.locator(f'[data-key="{key}"]').click()

    def until(self, *states):
        return self.page.evaluate(UNTIL, [self.name, states])

    def recorded(self, seconds):
        """Return what is heard within so many seconds from now on."""
        return np.array(self.page.evaluate(RECORD, seconds * RATE), np.int16)


@contextmanager
def bridge(journal):
    """Run `ivr serve --web`; give its address."""
    with subprocess.Popen([sys.executable, "-m", "ivr.cli", "serve", "--web", "127.0.0.1:0", "--plain", "--journal",
                           str(journal), "--meeting", f"{MEETING}:{PIN}:Amos"], text=True, stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE) as process:
        try:
            yield next(found[0] for line in process.stdout if (found := re.search(r"http://\S+/", line)))
        finally:
            process.communicate("q", timeout=60)


def ear(samples):
    one = CallerEar(stage().references(("en-US",)), caller="", began_at=0)
    one.hear(samples)
    return one


def test_two_wait_and_hear_music_and_the_third_starts_the_meeting_then_the_first_hears_his_voice(tmp_path):
    silence = np.zeros(RATE, np.int16)
    keyed = np.concatenate([silence, silence, dtmf.encode(f"{MEETING}#", RATE), np.zeros(60 * RATE, np.int16)])
    voice = np.concatenate([*prompts().clips(VOICE), silence])
    journal = tmp_path / "journal.jsonl"
    with ExitStack() as opened:
        at = opened.enter_context(bridge(journal))
        playing = opened.enter_context(sync_playwright())
        guests = opened.enter_context(chromium(playing, *speaking(tmp_path / "keys.wav", keyed, once=True)))
        host = opened.enter_context(chromium(playing, *speaking(tmp_path / "voice.wav", voice, once=False)))

        anna = Visitor(guests, at, "anna")  # she keys by tones that her microphone hears
        anna.calls()
        anna.until("organizer-question")
        anna.page.keyboard.press("#")
        anna.until("lobby")

        bela = Visitor(guests, at, "bela")  # his keys are typed, and go as events
        bela.page.get_by_text("Numbers and keys").click()
        bela.page.get_by_label("Keys are sent as").select_option("events")
        bela.calls()
        bela.button("Mute").click()
        bela.until("conference-id")
        bela.page.keyboard.type(f"{MEETING}#", delay=60)
        bela.until("organizer-question")
        bela.clicks("#")
        bela.until("lobby")
        waiting = [ear(one.recorded(3)).find(HoldMusic(), 0) for one in (anna, bela)]
        assert all(waiting), waiting

        amos = Visitor(host, at, "amos")
        amos.calls()
        amos.button("Mute").click()
        amos.until("conference-id")
        amos.clicks(f"{MEETING}#")
        amos.until("organizer-question")
        amos.clicks("*")
        amos.until("pin")
        amos.clicks(f"{PIN}#")
        for one in (amos, anna, bela):
            one.until("meeting")
        amos.button("Mute").click()
        assert ear(anna.recorded(8)).find(PromptSound(VOICE), 0)

        amos.button("Hang up").click()
        expect(amos.phone).to_have_attribute("data-state", "ended")
        for one in (amos, anna, bela):
            assert one.tab.complaints == []
            assert one.tab.hosts == {"127.0.0.1"}
    entries = [json.loads(line) for line in journal.read_text("utf-8").splitlines()]
    assert {entry["by"] for entry in entries if entry["event"] == "keys-by"} == {"stream"}
    assert PIN not in journal.read_text("utf-8")


@pytest.fixture
def trunk_and_address():
    """A page of phones without a bridge: whoever tests it leads the trunk."""
    trunk, at = WebTrunk(), listening("127.0.0.1", 0)
    with served(page_of(trunk), at):
        yield trunk, at.getsockname()[1]


def test_a_page_that_is_not_secure_then_it_says_why_it_is_silent_and_does_not_call(trunk_and_address):
    _, port = trunk_and_address
    with sync_playwright() as playing, chromium(playing, "--host-resolver-rules=MAP phone.test 127.0.0.1") as one:
        visitor = Visitor(one, f"http://phone.test:{port}/", "anna")
        expect(visitor.page.get_by_role("alert")).to_contain_text("--web-tls")
        expect(visitor.button("Call")).to_be_disabled()


@pytest.mark.parametrize(("flags", "told"), [
    (["--use-fake-device-for-media-stream"], "refused the microphone"), ([], "there is no microphone")])
def test_a_page_that_gets_no_microphone_then_it_says_why_and_still_calls(trunk_and_address, flags, told):
    trunk, port = trunk_and_address
    with sync_playwright() as playing, chromium(playing, *flags) as one:
        visitor = Visitor(one, f"http://127.0.0.1:{port}/", "anna")
        visitor.button("Call").click()
        expect(visitor.page.get_by_role("alert")).to_contain_text(told)
        expect(visitor.phone).to_have_attribute("data-state", "calling")
        now = 0
        while not (events := trunk.events(now)):
            visitor.page.evaluate("new Promise(requestAnimationFrame)")
            now += FRAME
        assert events[0].caller == "Browser 1"
