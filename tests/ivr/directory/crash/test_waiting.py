"""A caller does not wait for an administrator: what changes nothing needs no turn at writing."""

import pytest


@pytest.mark.parametrize(("entry", "right"), [("the PIN", True), ("000000", False)])
def test_a_pin_when_somebody_else_is_in_the_middle_of_a_change_then_is_checked_at_once(
        open_desk, enable, meeting, entry, right):
    desk, other = open_desk(), open_desk()
    pin = enable(desk).pin.pin
    key = desk.checks.find(meeting(desk).conference_id).meeting
    with other.store.together():
        other.pins.reset("amos.marble@contoso.com")
        checked = desk.checks.check_pin(key, pin if entry == "the PIN" else entry)
    assert (checked.right, checked.organizer) == (right, "amos.marble@contoso.com")
    assert not desk.checks.check_pin(key, pin).right
