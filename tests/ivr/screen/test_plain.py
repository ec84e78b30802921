"""The session as lines: what is told, and what never is."""

import pytest

from ivr.screen.panel import PanelCommand
from ivr.screen.plain import Teller, lines
from ivr.screen.showing import show


@pytest.fixture
def told(room):
    """Types keys as one caller and returns every line: ``told([(0.5, "1234567#")])``."""
    def tell(presses, until=8):
        anna, said = room("anna"), []
        teller = Teller(str, anna.session.text)
        anna.session.watch(lambda happening: said.extend(teller(happening)))
        anna.puppets["anna"].dial()
        for at, keys in presses:
            anna.run(at - anna.session.bridge.now / 8000)
            anna.puppets["anna"].press(keys)
        anna.run(until)
        anna.puppets["anna"].hang_up()
        anna.run(0.1)
        return said
    return tell


def test_a_call_then_prompts_as_they_begin_keys_measured_and_the_journal(told):
    said = "\n".join(told([(0.5, "1234567#")]))
    for part in ('    0.00 s  anna     is told "Words of welcome."', "entered     conference ID  1234567",
                 "anna     was heard pressing keys of -10.0 dBm0, twist +0.0 dB",
                 'anna     is told "Words of wait-in-lobby."', "music       starts"):
        assert part in said, part
    assert "prompt      welcome" not in said  # it was told as it began


@pytest.mark.parametrize("presses", [
    [(0.5, "1234567#"), (3, "*"), (4, "48215#")], [(0.5, "1234567#*48215#")], [(0.5, "48215#")], [(0.5, "48215")],
    [(0.5, "1234567#48215#")], [(0.5, "1234567#"), (3, "1"), (5, "48215#")]])
def test_a_pin_wherever_it_is_typed_then_neither_its_digits_nor_their_number_are_told(told, presses):
    six = [(at, keys.replace("48215", "482159")) for at, keys in presses]
    said, longer = told(presses, 14), told(six, 14)
    assert not any("8215" in line for line in said)
    assert "\n".join(said).count("pressing") == "\n".join(longer).count("pressing")


def test_keys_without_a_terminator_then_measured_all_the_same(told):
    assert [line.partition("was ")[2] for line in told([(0.5, "1234567")]) if "pressing" in line] == [
        "heard pressing keys of -10.0 dBm0, twist +0.0 dB"]


def test_lines_when_keys_are_typed_then_their_commands_are_done_and_q_leaves(room, capsys):
    anna, typed = room("anna"), iter(["\n", "", "1", "5", "", "q"])
    assert lines(anna.session, anna.panel, lambda: next(typed))
    printed = capsys.readouterr().out
    assert printed.startswith("A call\nAll is well.\n")
    assert "dialled" in printed


def test_showing_where_there_is_no_terminal_then_lines(room, capsys):
    anna = room("anna")
    anna.session.stop()
    assert not show(anna.session, anna.panel)
    assert "A call" in capsys.readouterr().out


def test_a_command_then_found_by_each_of_its_keys(room):
    anna = room("anna")
    assert anna.panel.command("tab") is anna.panel.command("down") is not None
    assert isinstance(anna.panel.command("#"), PanelCommand)
    assert anna.panel.command("a") is None
