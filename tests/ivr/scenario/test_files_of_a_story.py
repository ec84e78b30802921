"""Stories of several files: tables whose rows are runs, and steps and meetings that are included."""

from pathlib import Path

import pytest

from ivr.cli.linting import lint
from ivr.cli.suite.choosing import Selection, chosen
from ivr.reading import BadFile
from ivr.report.junit import junit
from ivr.report.verdicts import Verdict
from ivr.scenario.grammar import load
from ivr.scenario.player import journal_path
from ivr.scenario.table import rows_of
from tests.ivr.scenario.reading import WORDS
from tests.ivr.scenario.test_schema import slips

STORY = """\
title: Who gets in
vars: {pin: 48215}
table: runs.csv
meetings:
  - include: meetings.yml
callers:
  anna:
    - include: steps/getting-in.yml
    - in: ${where}
"""
FILES = {
    "story.yaml": STORY,
    "runs.csv": "\ufeffname,id,where\nright,1234567,meeting\n\n\"wrong, by one\",1234568,conference-id\n",
    "meetings.yml": '- {conference id: 1234567, pin: "${pin}", anyone may start: yes}\n- include: more.yml\n',
    "more.yml": "- conference id: 7654321\n",
    "steps/getting-in.yml": "- press: ${id}#\n- repeat: 2\n  steps:\n    - include: hearing.yml\n",
    "steps/hearing.yml": "- hear: {recording: hum.wav}\n",
    "steps/hum.wav": ""}


@pytest.fixture
def there(tmp_path):
    """Writes the files of a story, some of them otherwise; returns the story's."""
    def written(**otherwise):
        for name, text in {**FILES, **{name.replace("__", "/").replace("_", "."): text
                                       for name, text in otherwise.items()}}.items():
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path / "story.yaml"
    return written


def test_table_when_a_story_has_one_then_each_row_is_a_run_with_its_name_and_its_values(there):
    path = there(runs_csv=FILES["runs.csv"].replace("wrong, by one", "wrong by one"))
    assert rows_of(path) == ("right", "wrong by one")
    right, wrong = (load(path, WORDS, row) for row in rows_of(path))
    assert [one.title for one in (right, wrong)] == ["Who gets in [right]", "Who gets in [wrong by one]"]
    assert [one.callers[0].steps[1].said for one in (right, wrong)] == [
        "press: 1234567# (getting-in.yml:1)", "press: 1234568# (getting-in.yml:1)"]
    assert journal_path(path, "right").name == "story.right.journal"
    told = [Verdict(file=path, row=row, title=load(path, WORDS, row).title) for row in rows_of(path)]
    assert 'name="Who gets in [wrong by one]"' in junit(told)
    assert slips(STORY) == []


def test_table_when_its_rows_are_chosen_then_by_the_name_of_the_story_or_of_the_row(there):
    path = there(runs_csv="id,where\n1234567,meeting\n1234568,conference-id\n")

    def rows(*only):
        return [(trial.row, trial.folder) for trial in chosen([path], Selection(only=only), lambda _: None)]

    assert rows() == rows("story") == [("1", "story-1"), ("2", "story-2")]
    assert rows("story[2]") == [("2", "story-2")]
    assert lint([path], ()) == 0


def test_included_steps_when_one_is_wrong_or_fails_then_file_and_line_are_told(there):
    story = load(there(runs_csv="id,where\n1234567,meeting\n"), WORDS)
    steps = [(step.line, step.said) for step in story.callers[0].steps]
    assert steps == [(8, "dial"), (8, "press: 1234567# (getting-in.yml:1)"), *(
        [(8, "hear: {recording: hum.wav} (hearing.yml:1)")] * 2), (9, "in: meeting")]
    assert [(one.conference_id, one.pin, one.line) for one in story.meetings] == [
        ("1234567", "48215", 5), ("7654321", "", 5)]


@pytest.mark.parametrize(("files", "sentence"), [
    ({"runs_csv": "name,id,where\na,1,b,c\n"}, "runs.csv:2: this row has 4 values, and there are 3 columns"),
    ({"runs_csv": "name,id,where\na,1,b\na,2,b\n"},
     "runs.csv:3: a row is called 'a' already: give each its own name"),
    ({"runs_csv": "name,id,where\na/b,1,b\n"},
     "runs.csv:2: 'a/b' cannot name a row: use letters, digits, spaces, -, _, + and ."),
    ({"runs_csv": "id,48215\na,1\n"},
     "runs.csv:1: '...' cannot be a column: use letters, digits, - and _, a letter first, and not 'n'"),
    ({"runs_csv": "id,id\na,1\n"}, "runs.csv:1: 'id' stands here twice: give each column its own name"),
    ({"runs_csv": ""}, "runs.csv:1: this table is empty: begin with a line of the names of its columns"),
    ({"runs_csv": "id,where\n"}, "runs.csv:1: this table has no row: write one for each run below the names of the "
     "columns"),
    ({"runs_csv": 'id,where\n"a,b\n'}, "runs.csv:2: this is no CSV: unexpected end of data"),
    ({"runs_csv": "name,id,where\nfirst,123x,meeting\n"},
     "getting-in.yml:1: 'x' is not a key: there are 0-9, *, # and A-D, and the pauses ',' and 'w' (in the row "
     "'first')"),
    ({"story_yaml": STORY.replace("runs.csv", "run.csv")},
     "story.yaml:3: there is no table 'run.csv' beside the scenario: check the path"),
    ({"more_yml": "- include: meetings.yml\n"},
     "more.yml:1: meetings.yml includes itself, by way of meetings.yml and more.yml (in the row 'right')"),
    ({"more_yml": "- include: mor.yml\n"},
     "more.yml:1: there is no file 'mor.yml' beside more.yml: check the path (in the row 'right')"),
    ({"more_yml": "conference id: 7654321\n"},
     "more.yml:1: a file that is included in meetings.yml is a list: begin each line of it with '- ' (in the row "
     "'right')"),
    ({"steps__hearing_yml": "- haer: welcome\n"},
     "hearing.yml:1: there is no step 'haer'; did you mean 'hear'? (in the row 'right')")])
def test_files_when_something_is_wrong_there_then_one_sentence_names_file_and_line(there, files, sentence):
    path = there(**{"runs_csv": "name,id,where\nright,1234567,meeting\n", **files})
    with pytest.raises(BadFile) as caught:
        load(path, WORDS, rows_of(path)[0])
    assert str(caught.value).rpartition("/")[2] == Path(sentence).name
    assert "48215" not in str(caught.value)
