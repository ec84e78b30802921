"""What stands where a file is to be written: a link stays one, what is no file is not replaced."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

import dtmf
from dtmf.audiofile import audio_file, read, replacing, write
from dtmf.errors import AudioError, NoRoom
from dtmf.lettering import drawn


def test_a_link_then_its_target_is_written_and_it_stays_a_link(tmp_path):
    link, target = tmp_path / "link.wav", tmp_path / "target.wav"
    link.symlink_to(target)
    with replacing(link) as part:
        part.write_text("whole")
    assert link.is_symlink()
    assert target.read_text() == "whole"


def test_a_pipe_then_refused_by_name_and_left_alone(tmp_path):
    pipe = tmp_path / "pipe.wav"
    os.mkfifo(pipe)
    with pytest.raises(AudioError, match=r"pipe\.wav is no file"), replacing(pipe):
        pass
    assert pipe.is_fifo()
    assert list(tmp_path.iterdir()) == [pipe]


def test_a_name_that_is_no_text_and_as_long_as_one_can_be_then_written(tmp_path):
    path = tmp_path / os.fsdecode(b"\xff" * 251 + b".wav")
    write(path, dtmf.encode("1"), 8000)
    assert read(path)[0].shape == (1600, 1)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
@pytest.mark.parametrize("kind", ["WAV", "FLAC", "OGG", "CAF"])
def test_a_disk_that_is_full_then_it_is_not_the_words_that_are_wrong_whatever_the_format(kind):
    with pytest.raises(NoRoom, match="call cannot be written") as told, \
            audio_file(Path("/dev/full"), Path("call")) as file:
        soundfile.write(file, np.zeros(8000, np.int16), 8000, format=kind)
    assert told.value.exit_code == 3


ENDED = """
import pathlib, sys, time
from dtmf.audiofile import replacing
from dtmf.stopping import ended_by_others
with ended_by_others(), replacing(pathlib.Path(sys.argv[1])):
    print("in", flush=True)
    time.sleep(600)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_wish_of_the_system_to_end_then_nothing_half_written_is_left(tmp_path, number):
    words = [sys.executable, "-c", ENDED, str(tmp_path / "call.png")]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"in\n"
        assert len(list(tmp_path.iterdir())) == 1
        process.send_signal(number)
        assert process.stderr.read().endswith(b"KeyboardInterrupt\n")
    assert list(tmp_path.iterdir()) == []


def test_letters_that_no_font_has_and_what_would_command_a_terminal_then_spelt_out():
    assert drawn("call é") == ("call é", ["DejaVu Sans"])
    assert drawn("a\x1b[31m\udcff\u202e\U0010fffd")[0] == "a\\x1b[31m\\udcff\\u202e\\U0010fffd"
