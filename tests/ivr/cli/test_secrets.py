"""No PIN in any output or file but the two places allowed: the reset's own output, and its owner's letter."""

import mailbox
import re
from pathlib import Path

import pytest

from dtmf.cli import main as dtmf
from ivr.cli import main as ivr

ADDRESS = "amos.marble@contoso.com"
STORY = """
title: The organizer starts the meeting
meetings:
  - organizer: {address}
    conference id: 1234567
    pin: "{pin}"
callers:
  amos:
    - dial
    - press: 1234567#*{pin}#
    - in: meeting
  bela:
    - dial
    - press: "{pin}#"
    - wait: 5 s
expect:
  - meeting 1234567: started by amos
"""


class Desk:
    """Types commands and keeps all that they print. PINs have twelve digits, so that none is there by chance."""

    def __init__(self, folder, capsys):
        self.said, self._mail, self._capsys = [], folder / "mail", capsys

    def __call__(self, *words, code=0):
        assert ivr(list(words)) == code, self._capsys.readouterr().err
        printed = self._capsys.readouterr()
        self.said.append(printed.out + printed.err)
        return printed.out

    def pins(self):
        """The PINs in the letters."""
        texts = [part.get_payload(decode=True).decode() for letter in mailbox.Maildir(self._mail, create=False)
                 for part in letter.walk() if part.get_content_type() == "text/plain"]
        return [pin for text in texts for pin in re.findall(r"\b\d{12}\b", text)]


@pytest.fixture
def desk(tmp_path, monkeypatch, capsys):
    """A desk in a folder of its own, with an organizer and his meeting."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("IVR_DATABASE", str(tmp_path / "data" / "directory.db"))
    desk = Desk(tmp_path / "data", capsys)
    desk("settings", "set", "--pin-length", "12")
    desk("organizer", "enable", ADDRESS, "--name", "Amos Marble")
    desk("meeting", "schedule", ADDRESS, "--subject", "Budget")
    return desk


def test_a_whole_day_at_the_desk_and_on_the_phone_then_no_pin_outside_the_two_places(desk, tmp_path):
    first, = desk.pins()
    shown = desk("pin", "reset", ADDRESS, "--yes")
    second = re.search(r"has a new PIN: (\d{12})$", shown, flags=re.MULTILINE).group(1)
    as_json = desk("pin", "reset", ADDRESS, "--yes", "--json")
    third = re.search(r'"pin": "(\d{12})"', as_json).group(1)
    pins = {first, second, third}
    assert set(desk.pins()) == pins
    assert len(pins) == 3
    allowed = [shown, as_json]
    conference_id = re.search(r"conference id +(\d{7})", desk("meeting", "show", "1")).group(1)
    calls = {"right": f"{conference_id}#*{third}#", "old": f"{conference_id}#*{second}#",
             "wrong-place": f"{third}#", "nobody": f"7654321#*{third}#"}
    for name, keys in calls.items():
        assert dtmf(["encode", keys, "-o", f"{name}.wav"]) == 0
        for more in ([], ["--json"]):
            desk("answer", f"{name}.wav", "-o", f"{name}-heard.wav", *more)
    assert "in meeting" in desk.said[-8]
    for words in (["organizer", "show", ADDRESS], ["organizer", "list"], ["organizer", "list", "--json"],
                  ["pin", "info", ADDRESS], ["mail", "list"], ["mail", "show", "1"],
                  ["mail", "show", "1", "--html"], ["mail", "show", "2", "--json"],
                  ["meeting", "invite", "1"], ["organizer", "send-info", ADDRESS],
                  ["conference-id", "reset", ADDRESS, "--yes"], ["settings", "show"]):
        desk(*words)
    (tmp_path / "story.yaml").write_text(STORY.format(pin=third, address=ADDRESS))
    desk("run", "story.yaml", "--report", "report")
    desk("run", "story.yaml", "--json")
    desk("organizer", "disable", ADDRESS, "--yes")
    everything = [text for text in desk.said if text not in allowed]
    assert not [text for text in everything if any(pin in text for pin in pins)]
    written = [path for path in tmp_path.rglob("*") if path.is_file() and path.name != "story.yaml"
               and "mail" not in path.relative_to(tmp_path).parts]
    assert len(written) > 10
    assert not [path.name for path in written for pin in pins if holds(path, pin)]


def holds(path: Path, pin: str) -> bool:
    data = path.read_bytes()
    return any(text in data for text in (pin.encode(), pin.encode("utf-16-le"), pin.encode("utf-16-be")))


@pytest.mark.parametrize("words", [
    ["pin", "reset", ADDRESS, "--pin", "123412341234", "--yes"],
    ["organizer", "enable", "bela@contoso.com", "--pin", "123412341234"],
])
def test_a_typed_pin_that_is_refused_then_not_repeated(desk, words):
    desk(*words, code=2)
    assert "123412341234" not in desk.said[-1]
    assert "leave out the PIN" in desk.said[-1]
