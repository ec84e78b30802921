"""Meetings at the desk: scheduled, met now, listed, moved, cancelled, and how long each can be dialled (A1.15)."""

import pytest

from ivr.directory.errors import BadValue, NotEnabled, NotFound

AMOS = "amos.marble@contoso.com"
ADA = "ada@contoso.com"

HOUR, DAY = 3600, 86_400


# Scheduled


def test_meeting_when_scheduled_then_it_is_as_it_was_said_and_can_be_dialled(desk, enable, clock):
    enable(desk)
    made = desk.meetings.schedule("Amos Marble", subject="  Budget für 北京 ", starts_at=clock.now + HOUR,
                                  ends_at=clock.now + 2 * HOUR, invitees=12)
    assert (made.organizer, made.subject, made.invitees, made.state) == (AMOS, "Budget für 北京", 12, "scheduled")
    assert (made.starts_at, made.ends_at) == (clock.now + HOUR, clock.now + 2 * HOUR)
    assert (made.invited, made.stale) == (False, False)
    assert desk.checks.find(made.conference_id).organizer == AMOS


@pytest.mark.parametrize(("times", "said"), [
    pytest.param((5000, 5000), "has to end after it begins", id="no length"),
    pytest.param((5000, 4999), "has to end after it begins", id="ends before it begins"),
    pytest.param((-1, 5000), "between the years 1970 and 9999", id="before 1970"),
    pytest.param((5000, 10**15), "between the years 1970 and 9999", id="after 9999"),
    pytest.param((5000, 10**30), "between the years 1970 and 9999", id="too far for a database"),
])
def test_meeting_when_its_times_cannot_be_then_refused_and_no_id_is_taken(desk, enable, times, said):
    enable(desk)
    with pytest.raises(BadValue, match=said):
        desk.meetings.schedule(AMOS, starts_at=times[0], ends_at=times[1])
    assert desk.conference_ids.of(AMOS) == []


@pytest.mark.parametrize(("values", "said"), [
    ({"subject": "two\nlines"}, "cannot be the subject of a meeting: it takes one line of up to 200"),
    ({"subject": "\x1b[2J"}, "cannot be the subject"), ({"subject": "a" * 201}, "cannot be the subject"),
    ({"invitees": -1}, "-1 people cannot be invited"), ({"invitees": 10**10}, "people cannot be invited"),
])
def test_meeting_when_its_subject_or_invitees_cannot_be_then_refused(desk, enable, meeting, values, said):
    enable(desk)
    with pytest.raises(BadValue, match=said):
        meeting(desk, **values)
    assert desk.meetings.list(everything=True) == []


def test_meeting_when_its_organizer_is_unknown_or_disabled_then_refused_with_what_to_do(desk, enable, meeting):
    with pytest.raises(NotFound, match="none has been enabled yet"):
        meeting(desk)
    enable(desk)
    with pytest.raises(NotFound, match=f"no organizer 'amos.marbel@contoso.com'; did you mean '{AMOS}'"):
        meeting(desk, "amos.marbel@contoso.com")
    desk.organizers.disable(AMOS)
    with pytest.raises(NotEnabled, match=f"'ivr organizer enable {AMOS}' first"):
        meeting(desk)


# How long it can be dialled


@pytest.mark.parametrize(("after", "leads"), [(60 * DAY - 1, True), (60 * DAY, False)])
def test_a1_15_scheduled_meeting_when_60_days_after_its_end_then_it_can_be_dialled_no_longer(
        desk, enable, meeting, clock, after, leads):
    enable(desk)
    made = meeting(desk)
    clock.now = made.ends_at + after
    assert (desk.checks.find(made.conference_id) is not None) == leads
    assert desk.meetings.show(str(made.number)).state == ("scheduled" if leads else "expired")
    assert len(desk.meetings.list()) == int(leads)
    assert len(desk.meetings.list(everything=True)) == 1


@pytest.mark.parametrize(("after", "leads"), [(8 * HOUR - 1, True), (8 * HOUR, False)])
def test_a1_15_meet_now_when_8_hours_have_gone_by_then_it_can_be_dialled_no_longer(
        desk, enable, clock, after, leads):
    enable(desk)
    made = desk.meetings.meet_now(AMOS, subject="Now")
    assert (made.starts_at, made.ends_at, made.subject) == (clock.now, clock.now + 8 * HOUR, "Now")
    clock.on(seconds=after)
    assert (desk.checks.find(made.conference_id) is not None) == leads


def test_a1_15_meeting_when_it_is_started_then_60_more_days(desk, enable, meeting, clock):
    enable(desk)
    made = meeting(desk)
    clock.now = made.ends_at + 30 * DAY
    desk.checks.started(desk.checks.find(made.conference_id).meeting)
    clock.on(days=59)
    assert desk.checks.find(made.conference_id)
    clock.on(days=1)
    assert desk.checks.find(made.conference_id) is None


def test_a1_15_meeting_when_it_is_brought_up_to_date_then_60_more_days_and_its_id_leads_there_again(
        desk, enable, meeting, clock):
    enable(desk)
    made = meeting(desk)
    clock.now = made.ends_at + 61 * DAY
    assert desk.checks.find(made.conference_id) is None
    again = desk.meetings.reschedule(str(made.number))
    assert (again.starts_at, again.ends_at, again.state) == (made.starts_at, made.ends_at, "scheduled")
    assert again.expires_at == clock.now + 60 * DAY
    assert desk.checks.find(made.conference_id)


# Moved, cancelled


@pytest.mark.parametrize(("moved", "starts_at", "ends_at"), [
    pytest.param({"starts_at": 50 * HOUR}, 50 * HOUR, 51 * HOUR, id="it lasts as long as before"),
    pytest.param({"ends_at": 9 * HOUR}, HOUR, 9 * HOUR, id="it ends later"),
    pytest.param({"starts_at": 5 * HOUR, "ends_at": 6 * HOUR}, 5 * HOUR, 6 * HOUR, id="both"),
])
def test_s1_14_meeting_when_moved_then_it_keeps_its_id_and_its_invitation_is_to_be_sent_again(
        desk, enable, invited, clock, moved, starts_at, ends_at):
    enable(desk)
    noon, made = clock.now, invited(desk)
    after = desk.meetings.reschedule(made.conference_id, **{name: noon + at for name, at in moved.items()})
    assert (after.starts_at - noon, after.ends_at - noon) == (starts_at, ends_at)
    assert (after.conference_id, after.stale) == (made.conference_id, True)
    assert after.expires_at == after.ends_at + 60 * DAY


def test_meeting_when_moved_before_it_was_invited_to_then_nothing_is_stale(desk, enable, meeting, clock):
    enable(desk)
    made = meeting(desk)
    assert not desk.meetings.reschedule(str(made.number), starts_at=clock.now).stale


def test_meeting_when_moved_to_end_before_it_begins_then_refused_and_unmoved(desk, enable, meeting, clock):
    enable(desk)
    made = meeting(desk)
    with pytest.raises(BadValue, match="has to end after it begins"):
        desk.meetings.reschedule(str(made.number), ends_at=clock.now)
    assert desk.meetings.show(str(made.number)) == made


def test_c_10_meeting_when_cancelled_then_its_id_leads_nowhere_and_nothing_more_can_be_done_with_it(
        desk, enable, invited):
    enable(desk)
    made = invited(desk)
    number = str(made.number)
    cancelled = desk.meetings.cancel(made.conference_id)
    assert (cancelled.state, cancelled.conference_id, cancelled.stale) == ("cancelled", "", False)
    assert desk.checks.find(made.conference_id) is None
    assert (desk.meetings.list(), desk.meetings.list(everything=True)) == ([], [cancelled])
    for do in (desk.meetings.cancel, desk.meetings.invite, desk.meetings.reschedule):
        with pytest.raises(BadValue, match=f"meeting {number} is cancelled: schedule another"):
            do(number)


# Found, listed


def test_meeting_when_named_by_its_number_or_its_id_then_it_is_found(desk, enable, meeting):
    enable(desk)
    made = meeting(desk)
    assert desk.meetings.show(str(made.number)) == desk.meetings.show(made.conference_id) == made


def test_meeting_when_there_is_none_of_that_name_then_one_sentence_says_what_lists_them(desk, enable, meeting):
    enable(desk)
    meeting(desk)
    for which in ("", "0", "999999999", "1e3", "-1", "+1", " 1", "Budget", "9" * 30, "\N{FULLWIDTH DIGIT ONE}"):
        with pytest.raises(NotFound, match=r"^there is no meeting '.*': 'ivr meeting list' shows them"):
            desk.meetings.show(which)


def test_c_10_meeting_when_named_by_an_id_that_leads_nowhere_then_it_is_not_taken_for_a_number(
        desk, enable, meeting):
    enable(desk)
    number = meeting(desk).number
    with pytest.raises(NotFound):
        desk.meetings.cancel(f"{number:07d}")


def test_meeting_when_its_number_has_seven_digits_then_an_id_of_these_digits_comes_first(
        desk_of, enable, meeting):
    desk = desk_of("sfb2017")
    enable(desk)
    first = meeting(desk)
    made = meeting(desk, conference_id=f"{first.number:07d}")
    assert desk.meetings.show(made.conference_id).number == made.number
    assert desk.meetings.show(str(first.number)).number == first.number


def test_meetings_when_listed_in_pages_then_each_stands_once_in_the_order_of_scheduling(desk, enable, meeting):
    enable(desk)
    enable(desk, ADA)
    made = [meeting(desk, [AMOS, ADA][n % 2]).number for n in range(7)]
    pages = [desk.meetings.list(offset=at, limit=3) for at in (0, 3, 6, 9)]
    assert [[one.number for one in page] for page in pages] == [made[:3], made[3:6], made[6:], []]
    assert [one.number for one in desk.meetings.list(who="ada", offset=1)] == made[3::2]


def test_c_11_meetings_when_listed_as_stale_then_those_to_be_sent_again_only(desk, enable, meeting, invited):
    enable(desk)
    enable(desk, ADA)
    stale = invited(desk)
    meeting(desk)
    invited(desk, ADA)
    desk.conference_ids.reset(AMOS)
    assert [one.number for one in desk.meetings.list(stale=True)] == [stale.number]
    assert desk.meetings.list(who=ADA, stale=True) == []


def test_meetings_when_listed_for_somebody_unknown_then_refused(desk):
    with pytest.raises(NotFound):
        desk.meetings.list(who="nobody@contoso.com")
