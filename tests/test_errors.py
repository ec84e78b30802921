"""Errors have what is wrong as a field of their own, and in their sentence."""

from pathlib import Path

import numpy as np
import pytest

import dtmf
from dtmf.errors import DtmfError
from ivr.conference.profile import UnknownProfile, profile
from ivr.directory.errors import DirectoryError
from ivr.directory.meetings import Meeting
from ivr.mail.addresses import address
from ivr.mail.errors import MailError
from prompts import PromptError, load

WRONG = {
    "a key": (lambda: dtmf.encode("12x", 8000), DtmfError, "x"),
    "a rate": (lambda: dtmf.Detector(1, 500000), DtmfError, "500000"),
    "a setting": (lambda: dtmf.Detector(1, 8000, setting="wlde"), DtmfError, "wlde"),
    "a file": (lambda: dtmf.decode_file(Path("nobody.wav")), DtmfError, "nobody.wav"),
    "an array": (lambda: dtmf.Detector(2).feed(np.zeros(160, np.int16)), DtmfError, ""),
    "a profile": (lambda: profile("teams2012"), UnknownProfile, "teams2012"),
    "a conference ID": (lambda: Meeting("123", "48215", "amos"), DirectoryError, "123"),
    "an address": (lambda: address("amos(at)contoso.com"), MailError, "amos(at)contoso.com"),
    "a prompt": (lambda: load("en-US").text("wellcome", {}), PromptError, "wellcome"),
    "a language": (lambda: load("en-XX"), PromptError, "en-XX"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_then_a_field_of_the_error_and_in_its_sentence(what):
    do, kind, value = WRONG[what]
    with pytest.raises(kind) as raised:
        do()
    assert raised.value.value == value
    assert value in str(raised.value)
