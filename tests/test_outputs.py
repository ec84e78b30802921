"""The search that every output of this suite goes through does find a PIN."""

import pytest


@pytest.mark.parametrize(("output", "found"), [
    ("amos has a new PIN: 730194\nIt is shown this once.", set()),
    ("amos has a new PIN: 730194\nusing 730194 from now on", {"730194"}),
    ('{"address": "amos@contoso.com", "pin": "730194"} {"digits": "1234567#*730194#"}', {"730194"}),
    ("Your PIN: 730194", set()),
    ("a call for 7301940 at 12.730194", set()),
    ("keys " + "58139206"[:4] + "9206#", {"58139206"}),
], ids=["shown once", "used after", "in JSON and after", "in the letter", "part of other numbers", "a known one"])
def test_output_when_a_pin_stands_outside_the_two_places_then_found(pins_leaked, output, found):
    assert pins_leaked(output) == found
