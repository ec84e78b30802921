"""Moments in letters: the calendar, laid beside Python's own, and each language's way to write one."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.mail.letters import LANGUAGES
from ivr.mail.moments import moment
from ivr.mail.wordings import wordings

PLAIN = {"moment": "{weekday} {year}-{month}-{day} {time}", "weekdays": {str(n): str(n) for n in range(7)},
         "months": {str(n): f"{n:02}" for n in range(1, 13)}}


@given(st.datetimes(datetime.datetime(1970, 1, 1), datetime.datetime(9999, 12, 31)), st.integers(-14, 14))
def test_any_moment_in_any_zone_then_as_pythons_calendar_has_it(when, hours):
    zone = datetime.timezone(datetime.timedelta(hours=hours))
    at = int(when.replace(tzinfo=zone).timestamp())
    assert moment(at, hours * 3600, PLAIN) == f"{when.weekday()} {when.year}-{when:%m}-{when.day} {when:%H:%M}"


@pytest.mark.parametrize(("language", "said"), [
    ("en-US", "Monday, November 30, 2026, 09:05 (UTC+1)"), ("fr-FR", "lundi 30 novembre 2026, 09:05 (UTC+1)"),
    ("zh-CN", "2026年11月30日（星期一）09:05（UTC+1）"),  # noqa: RUF001
    ("de-DE", "Montag, 30. November 2026, 09:05 Uhr (UTC+1)"),
    ("es-ES", "lunes, 30 de noviembre de 2026, 09:05 (UTC+1)"),
])
def test_a_moment_then_as_each_language_writes_it(language, said):
    assert language in LANGUAGES
    assert moment(1_796_025_900, 3600, wordings(language)) == said


@pytest.mark.parametrize(("offset", "said"), [(0, "UTC"), (-18_000, "UTC-5"), (19_800, "UTC+5:30"),
                                              (2700, "UTC+0:45"), (-12_600, "UTC-3:30"), (43_200, "UTC+12")])
def test_a_zone_then_its_distance_from_utc(offset, said):
    assert moment(0, offset, PLAIN | {"moment": "{zone}"}) == said
