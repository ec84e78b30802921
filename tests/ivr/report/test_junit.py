"""JUnit's XML: by the schema that Jenkins uses, and with what GitLab and GitHub look for."""

import re
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

from ivr.report.junit import junit
from ivr.report.verdicts import FAILED, FLAKY, NOT_RUN, PASSED, SKIPPED, Verdict
from ivr.scenario.failure import Failure

SCHEMA = {
    "testsuites": ({"name", "time", "tests", "failures", "errors"}, set(), {"testsuite"}),
    "testsuite": ({"name", "tests", "failures", "errors", "group", "time", "skipped", "timestamp", "hostname", "id",
                   "package", "file", "log", "url"}, {"name", "tests", "failures", "errors"},
                  {"testsuite", "properties", "testcase", "system-out", "system-err"}),
    "properties": (set(), set(), {"property"}),
    "property": ({"name", "value"}, {"name", "value"}, set()),
    "testcase": ({"name", "time", "classname", "group"}, {"name"},
                 {"skipped", "error", "failure", "rerunFailure", "rerunError", "flakyFailure", "flakyError",
                  "system-out", "system-err"}),
    **dict.fromkeys(("skipped", "error", "failure"), ({"type", "message"}, set(), set())),
    "flakyFailure": ({"type", "message"}, {"type"}, {"stackTrace", "system-out", "system-err"}),
    "system-out": (set(), set(), set()),
}
"""What junit-10.xsd of Jenkins' xunit-plugin says of an element: attributes, those that must be, children."""

SUREFIRE_TIME = r"(([0-9]{0,3},)*[0-9]{3}|[0-9]{0,3})*(\.[0-9]*)?"
MISSED = Failure(11, "anna", "hear: wrong-pin", 8000, "heard <silence> & \x00 instead")
ALL = [
    Verdict(file=Path("calls/a.yaml"), title="All is well", tags=("smoke",), source="S1", seconds=12.8, wall_s=1.2),
    Verdict(file=Path("calls/b.yaml"), title="It fails", word=FAILED, code=1, missed=[MISSED],
            differences=["it differs"], wall_s=0.5, left=Path("out/b"), remarks="ivr: a remark.\n"),
    Verdict(file=Path("calls/c.yaml"), title="Skipped", word=SKIPPED, reason="the line is being repaired"),
    Verdict(file=Path("calls/d.yaml"), word=NOT_RUN, code=2, reason="calls/d.yaml:4: no step 'haer'", line=4),
    Verdict(file=Path("calls/e.yaml"), title="Flaky", word=FLAKY, code=1, missed=[MISSED], reason="it failed"),
    Verdict(file=Path("calls/f.yaml"), title="Forgiven", word=FLAKY, code=0, missed=[MISSED], reason="it failed"),
    *(Verdict(file=Path("/elsewhere/x.y/g.call.yaml"), title="Often", run=n, runs=2) for n in (1, 2)),
]  # fmt: skip


def valid(element):
    allowed, needed, children = SCHEMA[element.tag]
    assert needed <= set(element.attrib) <= allowed, element.tag
    assert {child.tag for child in element} <= children
    if element.tag in ("testsuite", "testsuites"):
        assert re.fullmatch(SUREFIRE_TIME, element.attrib["time"])
        assert not (element.text or "").strip()
    for child in element:
        valid(child)


@pytest.mark.parametrize("verdicts", [ALL, ALL[:1], []], ids=["all", "one", "none"])
def test_junit_when_it_is_written_then_valid_by_the_schema_that_jenkins_uses(verdicts):
    root = Xml.fromstring(junit(verdicts))  # noqa: S314 - our own
    assert root.tag == "testsuites"
    valid(root)


def test_junit_when_it_is_read_then_counts_and_words_are_those_of_the_verdicts():
    root = Xml.fromstring(junit(ALL))  # noqa: S314 - our own
    assert [root.attrib[name] for name in ("tests", "failures", "errors")] == ["8", "2", "1"]
    assert [suite.attrib["file"] for suite in root] == [
        "calls/a.yaml", "calls/b.yaml", "calls/c.yaml", "calls/d.yaml", "calls/e.yaml", "calls/f.yaml",
        "/elsewhere/x.y/g.call.yaml"]
    cases = {case.attrib["name"]: case for case in root.iter("testcase")}
    assert len(cases) == len({(case.attrib["classname"], name) for name, case in cases.items()}) == 8
    assert cases["Often (2 of 2)"].attrib["classname"] == "elsewhere.x-y.g-call"
    assert {name: [child.tag for child in case if child.tag != "system-out"] for name, case in cases.items()} == {
        "All is well": [], "It fails": ["failure"], "Skipped": ["skipped"], "d": ["error"], "Flaky": ["failure"],
        "Forgiven": ["flakyFailure"], "Often (1 of 2)": [], "Often (2 of 2)": []}
    assert cases["Skipped"][0].attrib["message"] == "the line is being repaired"
    assert cases["It fails"].find("failure").text.splitlines() == [
        "calls/b.yaml:11", r"line 11: anna: 'hear: wrong-pin' at 1.0 s: heard <silence> & \x00 instead",
        "it differs"]
    assert "[[ATTACHMENT|out/b/report.html]]" in cases["It fails"].find("system-out").text
    assert cases["d"].find("error").text.startswith("calls/d.yaml:4\n")


def test_verdicts_when_a_passed_one_is_written_then_nothing_but_its_length():
    root = Xml.fromstring(junit([Verdict(file=Path("a.yaml"), word=PASSED, seconds=2)]))  # noqa: S314 - our own
    case, = root.iter("testcase")
    assert [(child.tag, child.text) for child in case] == [("system-out", "2.0 s of calls")]
