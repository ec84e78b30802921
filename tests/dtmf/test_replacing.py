"""What stands where a file is to be written: a link stays one, what is no file is not replaced."""

import os

import pytest

from dtmf.audiofile import replacing
from dtmf.errors import AudioError


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
