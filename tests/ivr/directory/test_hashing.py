"""PINs at rest."""

import hashlib
from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.directory.hashing import CHEAP, STRONG, Cost, any_matches, hashed, matches

SALT, OTHER_SALT = bytes(range(16)), bytes(range(1, 17))


def test_a_pin_hashed_strongly_then_only_it_matches():
    stored = hashed("48215", SALT)
    assert stored.startswith("scrypt$16384$8$1$")
    assert matches("48215", stored)
    assert not matches("48216", stored)


def test_a_hash_then_that_of_the_standard_library_and_without_the_pin():
    digest = hashlib.scrypt(b"48215", salt=SALT, n=2, r=1, p=1, dklen=32)
    stored = hashed("48215", SALT, CHEAP)
    assert stored == f"scrypt$2$1$1${b64encode(SALT).decode()}${b64encode(digest).decode()}"
    assert "48215" not in stored


def test_one_pin_with_two_salts_then_two_texts():
    assert hashed("48215", SALT, CHEAP) != hashed("48215", OTHER_SALT, CHEAP)


@given(st.text("0123456789", min_size=4, max_size=24), st.text("0123456789", min_size=4, max_size=24))
def test_any_two_pins_then_a_match_only_if_they_are_one(one, other):
    stored = hashed(one, SALT, CHEAP)
    assert matches(one, stored)
    assert matches(other, stored) == (one == other)


def test_a_leading_zero_then_part_of_the_pin():
    assert not matches("1234", hashed("01234", SALT, CHEAP))


def test_a_text_of_another_cost_then_still_matches():
    assert matches("48215", hashed("48215", SALT, Cost(n=16, r=2, p=3)), STRONG)


@pytest.mark.parametrize("pin", ["", "48215", "\ud800"])
def test_no_pin_stored_then_nothing_matches(pin):
    assert not matches(pin, "", CHEAP)


@pytest.mark.parametrize("stored", ["", "damaged"])
def test_nothing_to_compare_with_then_the_work_of_the_given_cost_is_done_all_the_same(stored):
    impossible = Cost(n=3)
    with pytest.raises(ValueError, match="n must be"):
        matches("48215", stored, impossible)


GOOD = hashed("48215", SALT, CHEAP)


@pytest.mark.parametrize("stored", [
    "48215", "scrypt", GOOD[:-1], GOOD + "=", GOOD + "\n", GOOD + "$", "S" + GOOD[1:], "\ud800",
    *(GOOD.replace("$2$1$1$", f"${cost}$") for cost in (
        "3$1$1", "0$1$1", "1$1$1", "-2$1$1", "\u0662$1$1", "536870912$1$1", "2$0$1", "2$999999999$1", "2$1$0",
        "2$1$-1", "2$1$999999999", "$1$1", "2$1")),
    GOOD.rpartition("$")[0] + "$AAAA", "scrypt$2$1$1$AAAA$" + GOOD.rpartition("$")[2], "scrypt$2$1$1$$"])
def test_a_damaged_text_then_nothing_matches_and_nothing_fails(stored):
    assert not matches("48215", stored, CHEAP)


def test_a_salt_that_is_short_then_an_error_without_the_pin():
    with pytest.raises(ValueError, match="a salt of 15 bytes is too short") as caught:
        hashed("48215", SALT[:15])
    assert "48215" not in str(caught.value)


def test_a_history_then_any_of_its_pins_matches():
    history = [hashed(pin, SALT, CHEAP) for pin in ("1111", "2222")]
    assert any_matches("2222", history, CHEAP)
    assert not any_matches("3333", history, CHEAP)
    assert not any_matches("3333", [], CHEAP)
