"""Messages to which something happened, some of those that the benchmark tries."""

from benchmarks.hostile_sip import main


def test_3000_hostile_messages_then_no_fault_nothing_is_left_and_no_answer_makes_much_of_little(capsys):
    assert main(["--count", "3000", "--seed", "7"]) == 0
    assert "all targets met" in capsys.readouterr().out
