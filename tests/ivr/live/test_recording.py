"""What is heard, written while it is heard."""

import numpy as np
import pytest
import soundfile

from dtmf import AudioError
from ivr.live.recording import recording

FRAME = np.random.default_rng(1).integers(-9000, 9000, 160).astype(np.int16)


def test_recording_when_the_context_ends_then_the_file_is_there_whole(tmp_path):
    path = tmp_path / "heard.wav"
    with recording(path) as keep:
        for _ in range(50):
            keep(FRAME)
        assert not path.exists()
    assert np.array_equal(soundfile.read(path, dtype="int16")[0], np.tile(FRAME, 50))


@pytest.mark.parametrize("name", ["heard.wav", "heard.flac"])
def test_recording_when_the_disk_is_full_then_one_sentence_that_names_the_file_and_no_part_of_it_stays(
        small_disk, name):
    path = small_disk(65536) / name
    with pytest.raises(AudioError) as told, recording(path) as keep:
        keep(np.tile(FRAME, 20_000))
    assert str(told.value) == f"{path} cannot be written (No space left on device)."
    assert list(path.parent.iterdir()) == []
