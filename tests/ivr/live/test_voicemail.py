"""Mailboxes for real callers: asked aside, never the bridge's end; recordings are files, whole or not there."""

import os
import stat
import subprocess
import sys
from pathlib import Path
from random import SystemRandom

import numpy as np
import pytest
import soundfile

from ivr.desk.recordings import FolderRecordings
from ivr.directory.desk import Desk
from ivr.directory.errors import NotFound, Unusable
from ivr.directory.hashing import CHEAP
from ivr.directory.letters import Mailing
from ivr.directory.office import World
from ivr.directory.organizers import NewOrganizer
from ivr.live.voicemail import MailAside
from ivr.voicemail import Failed, Find, Leave, SignIn, Today

SAID = np.arange(-8000, 8000, dtype=np.int16)
WORKER = Path(__file__).parents[2] / "support" / "leaving.py"


class Boxes:
    """Mailboxes that answer with the question, or are out of order."""

    def answer(self, question):
        if question == Find("0"):
            raise Unusable("the disk is full")
        return question


@pytest.fixture
def aside():
    """Mailboxes asked aside, whose answers are waited for."""
    made = MailAside(Boxes(), patient=True)
    yield made
    made.close()


def test_aside_when_it_is_asked_then_answers_once_and_a_fault_is_an_answer(aside):
    asked = [(1, "who", Find("1")), (2, "who", Find("0")), (3, "pin", SignIn(7, "4711"))]
    for call, about, question in asked:
        aside.ask(call, about, question)
    assert aside.awaits()
    answers = sorted(aside.answers(), key=lambda one: one[0])
    assert answers == [(1, "who", Find("1")), (2, "who", Failed()), (3, "pin", SignIn(7, "4711"))]
    assert not aside.awaits()
    assert aside.answers() == []
    assert aside.faults == ["the disk is full"]
    assert "4711" not in repr(asked)


def test_recording_when_it_is_kept_then_a_file_that_nobody_else_reads(tmp_path):
    kept = FolderRecordings(tmp_path / "recordings", lambda: 0)
    kept.keep("message-1", SAID)
    (file,) = (tmp_path / "recordings").iterdir()
    assert (file.name, stat.S_IMODE(file.stat().st_mode)) == ("message-1.wav", 0o600)
    assert np.abs(kept.read("message-1").astype(int) - SAID).max() < 300  # mu-law
    kept.drop("message-1")
    kept.drop("message-1")
    with pytest.raises(NotFound):
        kept.read("message-1")


def test_recording_when_the_folder_cannot_be_written_then_one_sentence(tmp_path):
    (tmp_path / "recordings").write_text("a file in its place")
    with pytest.raises(Unusable, match="cannot be written"):
        FolderRecordings(tmp_path / "recordings", lambda: 0).keep("message-1", SAID)


def test_recordings_without_a_row_when_they_are_old_then_swept_and_halves_too(tmp_path):
    now = [0]
    kept = FolderRecordings(tmp_path, lambda: now[0])
    kept.keep("message-1", SAID)
    (tmp_path / ".message-2.part").write_bytes(b"RIFF")
    for file in tmp_path.iterdir():
        os.utime(file, (1_000_000, 1_000_000))
    now[0] = 1_000_000 + 3000
    assert list(kept.names()) == []
    now[0] = 1_000_000 + 4000
    assert list(kept.names()) == ["message-1"]
    assert [file.name for file in tmp_path.iterdir()] == ["message-1.wav"]


def desk_at(folder):
    return Desk(f"sqlite:///{folder / 'directory.db'}", World(
        clock=lambda: 1_700_000_000, randbelow=SystemRandom().randrange, vault=None, cost=CHEAP,
        recordings=FolderRecordings(folder / "recordings", lambda: 2_000_000_000)))


def killed(folder, after):
    """Have a process leave messages, kill it after it has told of so many; return how many it told of in all."""
    with subprocess.Popen([sys.executable, WORKER, folder], stdout=subprocess.PIPE, text=True) as worker:
        told = 0
        while told < after:
            assert worker.stdout.readline() == "left\n"
            told += 1
        worker.kill()
        return told + worker.stdout.read().count("left\n")


def test_messages_when_whoever_leaves_them_is_killed_then_each_is_whole_and_none_is_lost_or_doubled(tmp_path):
    desk = desk_at(tmp_path)
    desk.settings.set("settings", {"administration": "um"})
    desk.organizers.enable(NewOrganizer("tony.smith@contoso.com", extension="36697"),
                           mailing=Mailing(send=False))
    box = desk.voicemail.answer(Find("36697")).key
    desk.voicemail.answer(Leave((box,), SAID))
    told = 1
    for after in (1, 3, 7):
        told += killed(tmp_path, after)
        messages = desk.voicemail.answer(Today(box)).messages
        assert told <= len(messages) <= told + 1  # the one in which the kill fell is there whole or not at all
        told = len(messages)
    desk.voicemail.messages.sweep()
    files = sorted((tmp_path / "recordings").iterdir())
    assert len(files) == told
    assert all(len(soundfile.read(file)[0]) == len(SAID) for file in files)
    assert sum(letter.kind == "voice-message" for letter in desk.outbox.list(limit=1000)) == told
    desk.close()
