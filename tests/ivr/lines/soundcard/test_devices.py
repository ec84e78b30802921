"""Which device is meant."""

import pytest

from ivr.lines.soundcard.devices import Device, chosen
from ivr.lines.soundcard.errors import AmbiguousDevice, NoDevice

DEVICES = [
    Device(0, "HDA Intel PCH: ALC257 Analog", "ALSA", 2, 2, 44100, False, False),
    Device(2, "USB Headset: Audio", "ALSA", 1, 2, 48000, True, False),
    Device(3, "HDMI 0", "ALSA", 0, 8, 44100, False, True),
    Device(5, "HDMI", "ALSA", 0, 8, 44100, False, False),
]


@pytest.mark.parametrize(("wanted", "way", "number"), [
    ("", "input", 2), ("", "output", 3), ("0", "input", 0), ("usb", "output", 2), ("HDMI", "output", 5),
    ("hdmi 0", "output", 3), ("analog", "input", 0)])
def test_a_device_then_chosen_by_default_number_name_or_part(wanted, way, number):
    assert chosen(DEVICES, wanted, way).number == number


def test_no_default_then_the_first_that_can():
    able = [Device(4, "a", "ALSA", 0, 1, 44100, False, False), Device(6, "b", "ALSA", 1, 1, 44100, False, False)]
    assert chosen(able, "", "input").number == 6


@pytest.mark.parametrize(("wanted", "way", "sentence"), [
    ("3", "input", "there is no microphone '3': take one of 0 'HDA Intel PCH: ALC257 Analog', 2 'USB Headset: "),
    ("99", "output", "there is no speaker '99': take one of 0 "),
    ("violin", "output", "there is no speaker 'violin'"),
])
def test_a_device_that_is_not_there_then_named_with_those_that_are(wanted, way, sentence):
    with pytest.raises(NoDevice) as error:
        chosen(DEVICES, wanted, way)
    assert str(error.value).startswith(sentence)
    assert str(error.value).endswith("one that another program holds is not shown")


def test_a_name_of_several_then_they_are_named():
    with pytest.raises(AmbiguousDevice, match=r"the speaker 'a' fits several devices, 0 'HDA.*', 2 'USB.*': give"):
        chosen(DEVICES, "a", "output")


@pytest.mark.parametrize("way", ["input", "output"])
def test_no_device_at_all_then_what_to_do(way):
    with pytest.raises(NoDevice, match=r"there is no (microphone|speaker) here: plug one in, .*--no-\1"):
        chosen([], "", way)
