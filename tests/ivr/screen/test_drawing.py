"""What stands on the screen, made from a view."""

import math
import re

import pytest
from rich.cells import cell_len

from ivr.live.views import CallView, KeyView, View
from ivr.screen import drawing
from ivr.screen.drawing import Form
from ivr.screen.fitting import fitted, wrapped
from ivr.secrecy import HIDDEN

CALL = CallView(call=1, caller="anna", state="lobby", since=8000, where="lobby", meeting="1234567", came_at=8000,
                role="", saying="", text="", music=True, level_dbm0=-20.0, keys=())


def view(*calls, at=80000, late=0):
    return View(at, calls, late, over=False)


def typed(keys):
    return CALL._replace(keys=tuple(KeyView(key, n) if key == HIDDEN else KeyView(key, n, -9.04, -0.04)
                                    for n, key in enumerate(keys)))


DOTS = "·" * 10


@pytest.mark.parametrize(("level", "shown", "plain"), [
    (-math.inf, f"{DOTS}    -", "..........    -"), (-80.0, f"{DOTS}  -80", "..........  -80"),
    (-50.0, f"{DOTS}  -50", "..........  -50"), (-49.0, "▎·········  -49", "..........  -49"),
    (-25.0, "█████·····  -25", "#####.....  -25"), (-7.0, "████████▋·   -7", "#########.   -7"),
    (3.1, "██████████    3", "##########    3")])
def test_a_level_then_a_bar_and_a_number_of_always_the_same_width_of_what_the_terminal_has(level, shown, plain):
    assert drawing.meter(level, 10) == shown
    assert drawing.meter(level, 10, blocks=False) == plain
    assert plain.isascii()
    assert len(drawing.meter(level, 20)) == len(shown) + 10 == len(plain) + 10


@pytest.mark.parametrize(("keys", "shown"), [
    ("", ""), ("123", "1 2 3"), (f"1#*{HIDDEN * 4}#", "1 # * **** #"), (f"1#*{HIDDEN * 12}", "1 # * ****"),
    (f"{HIDDEN * 5}#{HIDDEN * 6}", "**** # ****")])
def test_keys_that_may_be_a_pin_then_of_one_length_whatever_theirs(keys, shown):
    assert drawing.keys(typed(keys), 71) == shown


def test_keys_of_which_it_is_not_known_yet_then_a_dot_each():
    keys = [KeyView("#", 0), *(KeyView(HIDDEN, n, open=True) for n in range(1, 4)),
            *(KeyView(HIDDEN, n) for n in range(4, 9))]
    assert drawing.keys(CALL._replace(keys=tuple(keys)), 71) == f"# {' '.join(HIDDEN * 3)} ****"


def test_more_keys_than_have_room_then_the_last_ones_whole_and_dots_before_them():
    assert drawing.keys(typed("123456789#"), 19) == "1 2 3 4 5 6 7 8 9 #"
    assert drawing.keys(typed("123456789#"), 18) == "... 4 5 6 7 8 9 #"
    assert drawing.keys(typed(f"12{HIDDEN * 4}#"), 8) == "... #"


def test_measured_keys_then_the_newest_first_and_as_many_as_have_room():
    assert drawing.measured(typed("12#"), 200) == ("# -9.0 dBm0 twist +0.0 dB   2 -9.0 dBm0 twist +0.0 dB   "
                                                   "1 -9.0 dBm0 twist +0.0 dB")
    assert drawing.measured(typed("12#"), 60).count("dBm0") == 2
    assert drawing.measured(typed(f"*{HIDDEN * 5}"), 200) == "* -9.0 dBm0 twist +0.0 dB"
    assert drawing.measured(None, 80) == ""


def test_a_key_that_still_sounds_or_was_too_short_then_said_so():
    assert drawing.key_measured(KeyView("5", 0)) == "5 ..."
    assert drawing.key_measured(KeyView("5", 0, math.nan, math.nan)) == "5 too short to be measured"


def test_what_a_caller_hears_then_the_prompt_the_music_or_who_speaks():
    anna = CALL._replace(where="meeting", music=False)
    amos = anna._replace(call=2, caller="amos", level_dbm0=-19.0)
    elsewhere = amos._replace(call=3, caller="rita", meeting="7654321")
    quiet = amos._replace(call=4, caller="bela", level_dbm0=-60.0)
    everybody = view(anna, amos, elsewhere, quiet)
    assert drawing.hears(anna, everybody) == "amos"
    assert drawing.hears(amos, everybody) == "anna"
    assert drawing.hears(elsewhere, everybody) == "silence"
    assert drawing.hears(CALL, view(CALL)) == "hold music"
    assert drawing.hears(CALL._replace(saying="welcome"), view(CALL)) == "welcome"


@pytest.mark.parametrize("width", [80, 120])
def test_the_clock_then_as_wide_as_the_screen_whatever_the_title(width):
    for title in ("A call", "A very long title " * 20):
        line = drawing.clock(view(at=8000 * 125, late=3), title, 4, width)
        assert len(line) == width
        assert line.endswith("  3 late ticks  x4  02:05 ")


def test_headings_then_of_one_form_each_title_at_its_column_and_as_wide_as_the_screen():
    assert drawing.heading([(2, "Journal")], 20) == "─ Journal ──────────"
    assert drawing.heading([(2, "Lobby: 2"), (14, "Meeting: 0")], 26) == "─ Lobby: 2 ── Meeting: 0 ─"
    for title in ("会议" * 3, "A very long title " * 9):
        line = drawing.heading([(2, title), (31, "Hears")], 40)
        assert cell_len(line) == 40


@pytest.mark.parametrize("width", [80, 120, 200])
@pytest.mark.parametrize("name", ["anna", "Anna-Katharina von und zu", "会议室里的人们和其他"])
def test_a_caller_s_line_then_its_parts_stand_under_their_headings_and_no_name_is_cut_without_a_sign(width, name):
    form = Form.of(width)
    speaking = CALL._replace(caller=name, saying="enter-conference-id", text="Please key in your ID. " * 9)
    line = drawing.caller(name, speaking, view(speaking), form, chosen=True)
    places = [cell_len(line[:line.index(part)]) for part in ("lobby", "█", "enter-conference-id")]
    assert places == [column for column, _ in form.headings[1:]]
    assert cell_len(line) <= width
    assert name in line or "..." in line
    assert ('"Please key' in line) == (width > 80)


def test_text_with_no_room_then_whole_words_in_lines_or_cut_between_words():
    assert fitted("wait in the lobby", 17) == "wait in the lobby"
    assert fitted("wait in the lobby", 16) == "wait in the...  "
    assert wrapped("1.00 s  anna  has heard the two words", 33, 14) == ["1.00 s  anna  has heard the two",
                                                                        " " * 14 + "words"]
    assert [cell_len(line) for line in wrapped("会议" * 5, 8)] == [8, 8, 4]


def test_a_room_then_says_how_many_and_who_and_for_how_long():
    organizer = CALL._replace(caller="amos", role="organizer", since=40000)
    assert drawing.room("Meeting", (CALL, organizer)) == "Meeting 1234567: 2"
    assert drawing.members((CALL, organizer), 80000, 2, 40) == ["anna 9s, amos (organizer) 5s", ""]
    assert drawing.members((CALL, organizer), 80000, 2, 25) == ["anna 9s,", "amos (organizer) 5s"]
    assert drawing.members((), 0, 2, 20) == ["nobody", ""]


def test_several_meetings_at_once_then_each_caller_s_is_named():
    other = CALL._replace(caller="rita", meeting="7654321")
    assert drawing.room("Lobby", (CALL, other)) == "Lobby: 2"
    assert drawing.members((CALL, other), 80000, 2, 40)[0] == "anna in 1234567 9s, rita in 7654321 9s"


def test_a_room_with_more_than_there_is_room_for_then_cut_with_dots_and_with_a_line_for_each_a_line_each():
    many = tuple(CALL._replace(call=n, caller=f"caller{n}") for n in range(20))
    lines = drawing.members(many, 80000, 2, 40)
    assert len(lines) == 2
    assert re.fullmatch(r"(caller\d+ 9s, )+caller\d+\.\.\.|(caller\d+ 9s, ?)+\.\.\.", lines[-1]), lines
    assert max(map(len, lines)) <= 40
    assert drawing.members(many, 80000, 22, 40) == [f"caller{n} 9s" for n in range(20)] + ["", ""]


def test_a_long_prompt_then_wrapped_into_the_lines_there_are():
    saying = CALL._replace(saying="welcome", text="word " * 60)
    lines = drawing.told(saying, view(saying), 76, 2)
    assert len(lines) == 2
    assert all(len(line) <= 76 for line in lines)
    assert lines[-1].endswith("word...")
