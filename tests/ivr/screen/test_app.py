"""The terminal screen: keys pressed and states seen, headless."""

import asyncio
from dataclasses import replace

import numpy as np
import pytest

from ivr.clock import RATE
from ivr.screen import Panel
from ivr.screen.app import Screen
from ivr.screen.showing import has_blocks

SMALLEST = (80, 24)
SILENT = "·" * 10


def lines_of(app):
    """Return what stands on the screen, without any colour."""
    return ["".join(segment.text for segment in strip) for strip in app.screen._compositor.render_strips()]


async def pressed(pilot, room, *keys, seconds=0.4):
    """Press keys of the keyboard one after the other, and let the bridge take them."""
    for key in keys:
        await pilot.press(key)
        room.run(seconds)
    pilot.app.look()
    await pilot.pause()


@pytest.fixture
def shown():
    """Runs a test's steps on the screen of a room: ``shown(room, steps, size)``."""
    def run(room, steps, size=SMALLEST, **options):
        async def main():
            app = Screen(room.session, room.panel, **options)
            async with app.run_test(size=size) as pilot:
                await steps(pilot, app)
            return app
        return asyncio.run(main())
    return run


def test_the_way_to_the_lobby_when_typed_on_the_keyboard_then_every_state_is_seen(shown, room):
    anna = room("anna")

    async def steps(pilot, app):
        assert any("anna       not on the line" in line for line in lines_of(app))
        await pressed(pilot, anna, "enter", seconds=0.06)
        assert any("anna: greeting" in line for line in lines_of(app))
        assert any('"Words of welcome."' in line for line in lines_of(app))
        await pressed(pilot, anna, "1", "2", "3", "4", "5", "6", "7")
        assert any("> anna       conference-id" in line for line in lines_of(app))
        assert any(line.strip() == "keys   • • • • • • •" for line in lines_of(app))
        assert not any("heard" in line and "dBm0" in line for line in lines_of(app))
        await pressed(pilot, anna, "number_sign")
        assert any(line.strip() == "keys   1 2 3 4 5 6 7 #" for line in lines_of(app))
        assert any("heard  # -10.0 dBm0 twist +0.0 dB   7 -10.0 dBm0" in line for line in lines_of(app))
        assert any("> anna       organizer-question" in line for line in lines_of(app))
        await pressed(pilot, anna, "1")
        assert any("anna       lobby" in line and "hold music" in line for line in lines_of(app))
        assert any("─ Lobby 1234567: 1 ─" in line and "─ Meeting: 0 ─" in line for line in lines_of(app))
        assert any("lobby       meeting 1234567" in line for line in lines_of(app))  # the journal

    shown(anna, steps)


def test_the_meter_when_somebody_speaks_then_shows_how_loud_and_of_a_key_nothing(shown, room):
    anna = room("anna")
    voice = np.round(16000 * np.sin(np.arange(RATE) / 3)).astype(np.int16)

    async def steps(pilot, app):
        await pressed(pilot, anna, "enter")
        assert any(f"{SILENT}    - dBm0" in line for line in lines_of(app))
        for _ in range(5):
            await pressed(pilot, anna, "5", seconds=0.04)
            assert any(f"{SILENT}    - dBm0" in line for line in lines_of(app))
        anna.run(2)
        anna.puppets["anna"].play(voice)
        anna.run(0.3)
        app.look()
        await pilot.pause()
        assert any("█████████" in line and "-3 dBm0" in line for line in lines_of(app))

    shown(anna, steps)


@pytest.mark.parametrize(("terminal", "sign"), [("xterm-256color", "·"), ("linux", ".")])
def test_meters_then_of_blocks_where_the_terminal_has_them_else_of_plain_signs(
        shown, room, monkeypatch, terminal, sign):
    monkeypatch.setenv("TERM", terminal)
    anna = room("anna")

    async def steps(pilot, app):
        await pressed(pilot, anna, "enter")
        assert any(f" {sign * 10}    - dBm0" in line for line in lines_of(app))

    shown(anna, steps, blocks=has_blocks())


def test_an_organizer_beside_one_who_waits_then_both_are_seen_in_the_meeting_and_the_pin_never(shown, room):
    both, seen = room("anna", "amos"), []

    async def steps(pilot, app):
        await pressed(pilot, both, "enter", *"1234567", "number_sign", "1")
        await pressed(pilot, both, "tab", "enter", *"1234567", "number_sign", "asterisk")
        assert any("> amos       pin" in line for line in lines_of(app))
        for key in (*"48215", "number_sign"):
            await pressed(pilot, both, key)
            seen.extend(lines_of(app))
        assert any("Meeting 1234567: 2" in line for line in lines_of(app))
        assert any("amos (organizer)" in line for line in lines_of(app))
        assert any("> amos       meeting" in line for line in lines_of(app))

    shown(both, steps)
    keys = [line.strip() for line in seen if line.strip().startswith("keys")]
    assert keys == ["keys   1 2 3 4 5 6 7 # * ****"] * 5 + ["keys   1 2 3 4 5 6 7 # * **** #"]
    assert not any(pin in "".join(seen) for pin in ("48215", "4 8 2 1 5"))


def test_the_smallest_terminal_with_six_callers_then_all_has_its_place(shown, room):
    six = room("anna", "bela", "carl", "dora", "emil", "amos")

    async def steps(pilot, app):
        await pressed(pilot, six, *["enter", "tab"] * 6)
        lines = lines_of(app)
        assert len(lines) == 24
        assert all(len(line) == 80 for line in lines)
        for name in six.puppets:
            assert any(name in line and "conference-id" in line for line in lines), name
        assert "q leave" in lines[-1]
        assert any("dialled" in line or "prompt" in line for line in lines[-8:-1])

    shown(six, steps)


@pytest.mark.parametrize("size", [SMALLEST, (120, 40), (200, 50)])
def test_a_size_then_no_word_is_cut_headings_are_of_one_form_and_the_bars_go_from_edge_to_edge(shown, room, size):
    both = room("anna", "amos", title="A call")
    words = "one two three four five six seven eight nine ten " * 4
    both.panel = replace(both.panel, tell=lambda entry: f"{entry.at / 8000:8.2f} s  anna     {entry.event} {words}")

    async def steps(pilot, app):
        await pressed(pilot, both, "enter", *"1234567", "number_sign")
        lines = lines_of(app)
        assert [line.strip("─ │").split()[0] for line in lines if line.startswith("─ ")] == [
            "Caller", "anna:", "Lobby:", *(["Journal"] if size[0] < 150 else [])]
        beside = [line for line in lines if "─ Journal ─" in line]
        assert len(beside) == 1
        at = beside[0].index("─ Journal")
        assert (at > 80, "Caller" in beside[0]) == ((True, True) if size[0] >= 150 else (False, False))
        told = "".join(line[at:].rstrip(" ▁▂▃▄▅▆▇█") + " " for line in lines[lines.index(beside[0]) + 1:-2])
        assert set(told.split()) <= {*words.split(), "anna", "s", "dialled", "state", "prompt", "entered",
                                     *(word for word in told.split() if word[0].isdigit())}
        for bar in (0, -1):
            line = app.screen._compositor.render_strips()[bar]
            assert sum(part.cell_length for part in line if part.style and part.style.reverse) == size[0]

    shown(both, steps, size)


def test_a_terminal_that_is_made_wider_then_the_journal_is_told_anew_for_its_width(shown, room):
    anna = room("anna")
    anna.panel = replace(anna.panel, tell=lambda entry: f"    1.00 s  anna     {entry.event} {'word ' * 18}end")

    async def steps(pilot, app):
        await pressed(pilot, anna, "enter")
        assert not any("dialled" in line and "end" in line for line in lines_of(app))
        await pilot.resize_terminal(160, 40)
        await pilot.resize_terminal(130, 40)
        app.look()
        await pilot.pause()
        assert any("dialled" in line and line.rstrip().endswith("end") for line in lines_of(app))

    shown(anna, steps)


def test_the_journal_when_longer_than_the_screen_then_follows_its_end_and_can_be_scrolled_back(shown, room):
    anna = room("anna")

    async def steps(pilot, app):
        await pressed(pilot, anna, "enter")
        for _ in range(6):
            await pressed(pilot, anna, "number_sign")
        assert not any("dialled" in line for line in lines_of(app))
        for _ in range(9):
            await pilot.press("pageup")
        await pilot.wait_for_scheduled_animations()
        assert any("dialled" in line for line in lines_of(app))

    shown(anna, steps)


@pytest.mark.parametrize("key", ["q", "ctrl+c", "ctrl+q"])
def test_leaving_by_key_then_the_screen_ends_and_says_so(shown, room, key):
    async def steps(pilot, _app):
        await pilot.press(key)

    assert shown(room("anna"), steps).left


def test_a_session_that_is_over_then_ends_the_screen_by_itself(shown, room):
    anna = room("anna")

    async def steps(_pilot, app):
        anna.session.stop()
        anna.session.step()
        app.look()

    app = shown(anna, steps)
    assert not app.left
    assert not app.is_running


def test_a_screen_that_cannot_be_drawn_then_ends_and_keeps_the_error(shown, room):
    anna = room("anna")
    anna.panel = Panel(title="A call", tell=str, status=lambda: {}["nothing"])

    async def steps(pilot, _app):
        await pilot.pause()

    app = shown(anna, steps)
    assert isinstance(app.error, KeyError)
    assert not app.left


def test_words_of_the_screen_without_colour_then_the_same(shown, room):
    texts = []
    for colours in (None, "1"):
        anna = room("anna")

        async def steps(pilot, app, anna=anna):
            await pressed(pilot, anna, "enter", *"1234567", "number_sign", "1")
            texts.append(lines_of(app))

        with pytest.MonkeyPatch.context() as environment:
            environment.setenv("NO_COLOR", colours) if colours else environment.delenv("NO_COLOR", raising=False)
            shown(anna, steps)
    assert texts[0] == texts[1]
    assert any("Lobby 1234567: 1" in line for line in texts[1])


def test_many_callers_then_as_many_as_have_room_and_always_the_chosen_one(shown, room):
    names = [f"caller{n:02}" for n in range(30)]
    many = room(*names)

    async def steps(pilot, app):
        for chosen in (*names[:20], names[0]):
            many.chosen = chosen
            app.look()
            await pilot.pause()
            lines = lines_of(app)
            assert [line[2:10] for line in lines if line.startswith("> ")] == [chosen]
            assert "q leave" in lines[-1]
            assert sum("not on the line" in line for line in lines[:12]) >= 5

    shown(many, steps)


def test_a_terminal_that_changes_its_size_then_drawn_anew_and_never_an_error(shown, room):
    anna = room("anna")

    async def steps(pilot, app):
        await pressed(pilot, anna, "enter", *"1234567")
        for size in ((30, 8), (200, 60), (1, 1), (80, 24)):
            await pilot.resize_terminal(*size)
            app.look()
            await pilot.pause()
        assert len(lines_of(app)[0]) == 80
        assert "q leave" in lines_of(app)[-1]

    shown(anna, steps)


def test_a_panel_that_names_nobody_then_those_on_the_line_and_the_first_of_them(shown, room):
    both = room("anna", "amos")
    both.panel = Panel(title="Calls", tell=str)

    async def steps(pilot, app):
        assert any("nobody yet" in line for line in lines_of(app))
        for puppet in both.puppets.values():
            puppet.dial()
        await pressed(pilot, both, "x")
        assert any("> anna       conference-id" in line for line in lines_of(app))
        assert any("  amos       conference-id" in line for line in lines_of(app))

    shown(both, steps)


def test_brackets_in_a_title_then_shown_as_they_are(shown, room):
    async def steps(_pilot, app):
        assert "A [bold]call[/bold]" in lines_of(app)[0]

    shown(room("anna", title="A [bold]call[/bold]"), steps)


def test_two_callers_of_one_name_then_two_lines_and_the_chosen_one_is_meant_by_the_number_of_his_call(shown, room):
    both = room("anna", "bela")
    both.puppets["bela"].caller = "anna"
    app_panel = replace(both.panel, callers=lambda: ["anna"], chosen=lambda: both.number)
    both.panel, both.number = app_panel, 2

    async def steps(pilot, app):
        for puppet in both.puppets.values():
            puppet.dial()
        both.run(1)
        both.puppets["bela"].press("1234567#")
        both.run(2)
        for both.number, state, other in ((2, "organizer-question", "conference-id"),
                                          (1, "conference-id", "organizer-question")):
            app.look()
            await pilot.pause()
            assert [line.split()[1:3] for line in lines_of(app) if line.startswith("> anna")] == [["anna", state]]
            assert [line.split()[:2] for line in lines_of(app) if line.startswith("  anna")] == [["anna", other]]
            assert any(f"anna: {state}" in line for line in lines_of(app))

    shown(both, steps)


def test_somebody_who_watches_and_breaks_down_then_the_status_says_so_and_the_call_goes_on(shown, room):
    anna = room("anna")
    anna.session.watch(lambda _: {}["no"])

    async def steps(pilot, app):
        await pressed(pilot, anna, "enter", seconds=0.1)
        assert any("All is well." in line for line in lines_of(app))
        assert any("Something that watches has failed and is left out: KeyError" in line for line in lines_of(app))
        assert any("anna: greeting" in line for line in lines_of(app))

    shown(anna, steps)
