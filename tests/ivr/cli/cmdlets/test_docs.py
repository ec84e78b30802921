"""The table of cmdlets in the documentation is the one the program goes by."""

import re
from pathlib import Path

import pytest

from ivr.cli.cmdlets.table import CMDLETS

PAGE = Path(__file__).parents[4] / "docs" / "administration.md"


def test_page_when_the_table_changes_then_the_documentation_has_to_change_with_it(ivr):
    if not PAGE.is_file():
        pytest.fail(f"{PAGE} is missing: write it, with what 'ivr cmdlets --markdown' prints between the marks")
    found = re.search(r"<!-- cmdlets -->\n(.*?)<!-- /cmdlets -->", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found, "docs/administration.md needs the lines <!-- cmdlets --> and <!-- /cmdlets -->"
    code, out, err = ivr("cmdlets", "--markdown")
    assert (code, err) == (0, "")
    assert found[1].strip() == out.strip(), "put what 'ivr cmdlets --markdown' prints between the two marks"


def test_table_when_printed_in_markdown_then_every_cmdlet_and_parameter_has_a_whole_row(ivr):
    lines = ivr("cmdlets", "--markdown")[1].splitlines()
    assert len(lines) == 2 + sum(1 + len(cmdlet.arguments) for cmdlet in CMDLETS.values())
    for line in lines:
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        assert len(cells) == 3
        assert cells[0]
        assert cells[1]


@pytest.mark.parametrize("name", [one.name for one in CMDLETS.values()])
def test_row_when_it_names_our_command_then_there_is_one(ivr, name):
    cmdlet = CMDLETS[name.lower()]
    code, out, _ = ivr(*cmdlet.command[:2], "--help")
    assert code == 0
    for argument in cmdlet.arguments:
        if argument.way in ("option", "switch", "yes-no"):
            for option in f"{argument.to} {argument.no}".split():
                option = option.partition("=")[0]
                assert option in ("--confirm",) or option in out, (argument.name, option)
