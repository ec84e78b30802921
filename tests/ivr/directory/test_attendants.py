"""Auto attendants: their keys as an administrator types them, and when they are open (F5)."""

from calendar import timegm

import pytest

from ivr.directory.attendants import attendant, choices, extensions, reception
from ivr.directory.errors import BadValue
from ivr.directory.parameters import GROUPS
from ivr.directory.parameters.schedules import HOLIDAYS, HOURS, KEY_MAP
from ivr.voicemail import KeyChoice

GROUP = GROUPS["um-auto-attendant"]


def at(text):
    """Return a moment of the desk's clock, such as "2021-03-01 08:00"; that day is a Monday."""
    day, time = text.split()
    return timegm((*map(int, day.split("-")), *map(int, time.split(":")), 0))


@pytest.mark.parametrize(("kind", "text", "holds"), [
    (KEY_MAP, "1=extension:36697 (sales); timeout=operator", True),
    (KEY_MAP, "1=attendant:night; 0=message:40022", True),
    (KEY_MAP, "1=location; 2=hours; 3=file:open.wav", True), (KEY_MAP, "1=extension:36697; 1=operator", False),
    (KEY_MAP, "*=operator", False), (KEY_MAP, "1=extension:abc", False), (KEY_MAP, "1=sing", False),
    (HOURS, "mon-fri 08:00-17:00; sat 09:00-12:00", True), (HOURS, "sun 00:00-24:00", True),
    (HOURS, "mon 8-17", False),
    (HOURS, "mon-fri 08:00-25:00", False), (HOLIDAYS, "2021-12-24..2021-12-26; 2022-01-01", True),
    (HOLIDAYS, "24.12.2021", False)])
def test_value_of_an_attendant_when_typed_then_taken_or_refused(kind, text, holds):
    assert kind.holds(text) is holds


@pytest.mark.parametrize(("name", "text", "hint"), [
    ("business-keys", "0=operator; 1=extention:36697",
     "; 'extention' is nothing that a key does; did you mean 'extension'?"),
    ("after-hours-keys", "tineout=operator", "; 'tineout' is no key; did you mean 'timeout'?"),
    ("business-keys", "1=hours; 2=extension:abc", "; '2=extension:abc' is none"),
    ("business-keys", "1=hours; 1=hours", ""),
    ("business-hours", "mon-fri 08:00-17:00; sat 9-12", "; 'sat 9-12' is none"),
    ("holidays", "2022-01-01; 24.12.2021", "; '24.12.2021' is none"), ("holidays", "24.12.2021", "")])
def test_value_of_an_attendant_when_refused_then_the_wrong_word_is_named_and_the_nearest(name, text, hint):
    with pytest.raises(BadValue) as refused:
        GROUP.parameter(name).read(text)
    assert str(refused.value).endswith(f", or 'none'{hint}")


def test_extensions_then_those_that_keys_and_the_operator_lead_to():
    assert extensions({"business-keys": "1=extension:36697; 2=hours", "after-hours-keys": "1=message:40022",
                       "operator": "100"}) == [
        ("business-keys", "36697"), ("after-hours-keys", "40022"), ("operator", "100")]
    assert extensions({"business-keys": "none", "operator": "none"}) == []


def test_keys_then_what_they_do_and_what_callers_are_told():
    assert choices("1=extension:36697 (sales); 3=location; timeout=operator; 4=attendant:night") == (
        KeyChoice("1", "extension", "36697", "sales"), KeyChoice("3", "location"), KeyChoice("timeout", "operator"),
        KeyChoice("4", "attendant", "night"))


@pytest.mark.parametrize(("moment", "told"), [
    ("2021-03-01 07:59", "closed"), ("2021-03-01 08:00", "open"), ("2021-03-05 16:59", "open"),
    ("2021-03-05 17:00", "closed"), ("2021-03-06 11:00", "open"), ("2021-03-07 11:00", "closed"),
    ("2021-03-08 23:30", "open"), ("2021-12-24 10:00", "holiday"), ("2021-12-26 23:59", "holiday"),
    ("2021-12-27 10:00", "open")])
def test_attendant_then_open_by_its_hours_unless_it_is_a_holiday(moment, told):
    values = {**GROUP.defaults(), "business-hours": "mon-fri 08:00-17:00; sat 09:00-12:00; sun-mon 23:00-24:00",
              "holidays": "2021-12-24..2021-12-26"}
    assert reception(values, at(moment)) == told


def test_attendant_when_nothing_is_set_then_always_open_and_without_keys():
    made = attendant("", GROUP.defaults(), lambda _name: None)
    assert (made.open_keys, made.operator, made.by_name) == ((), "", True)
    assert reception(GROUP.defaults(), 0) == "open"
