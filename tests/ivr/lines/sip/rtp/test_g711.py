"""G.711: its tables against libsndfile's, and values of the recommendation."""

import io

import numpy as np
import pytest
import soundfile

from ivr.lines.sip.rtp.g711 import CODECS, DECODED, ENCODED


@pytest.mark.parametrize(("codec", "subtype"), [("PCMU", "ULAW"), ("PCMA", "ALAW")])
def test_each_byte_then_the_sample_that_libsndfile_reads(codec, subtype):
    theirs, _ = soundfile.read(io.BytesIO(bytes(range(256))), dtype="int16", format="RAW", subtype=subtype,
                               channels=1, samplerate=8000)
    assert np.array_equal(DECODED[CODECS.index(codec)], theirs)


@pytest.mark.parametrize("codec", range(2))
def test_each_sample_then_the_nearest_byte(codec):
    samples = np.arange(-32_768, 32_768, dtype=np.int16)
    back = DECODED[codec][ENCODED[codec][samples.view(np.uint16)]].astype(int)
    nearest = abs(DECODED[codec].astype(int)[None, :] - samples.astype(int)[::64, None]).min(axis=1)
    assert np.array_equal(abs(back - samples)[::64], nearest)


def test_silence_then_the_bytes_that_the_recommendation_has():
    assert [int(ENCODED[codec][0]) for codec in range(2)] == [0xFF, 0xD5]
