"""Verdicts as JUnit's XML, by the schema that Jenkins uses (xunit-plugin's junit-10.xsd).

GitLab and GitHub read it too. A suite a story's file, since the schema knows files only there; a case a run.
"""

import re
from collections.abc import Sequence
from itertools import groupby
from xml.etree import ElementTree as Xml

from ivr.report.verdicts import FAILED, FLAKY, NOT_RUN, PASSED, SKIPPED, Verdict

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, not even as a reference."""


def junit(verdicts: Sequence[Verdict], name: str = "ivr run") -> str:
    """Return verdicts as one document.

    Parameters
    ----------
    verdicts : sequence of Verdict
        Those of one file next to each other are one suite.
    """
    root = Xml.Element("testsuites", {"name": name, **_counts(verdicts, skipped=False)})
    for file, group in groupby(verdicts, key=lambda one: one.file):
        runs = list(group)
        suite = Xml.SubElement(root, "testsuite", {"name": _clean(file.as_posix()), "file": _clean(file.as_posix()),
                                                   **_counts(runs, skipped=True)})
        properties = {"source": runs[0].source, "tags": " ".join(runs[0].tags)}
        if any(properties.values()):
            told = Xml.SubElement(suite, "properties")
            for key, value in properties.items():
                if value:
                    Xml.SubElement(told, "property", {"name": key, "value": _clean(value)})
        for one in runs:
            _case(suite, one)
    Xml.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{Xml.tostring(root, encoding="unicode")}\n'


def _counts(verdicts: Sequence[Verdict], *, skipped: bool) -> dict[str, str]:
    words = [one.word for one in verdicts]
    return {"tests": str(len(words)), "failures": str(sum(map(_fails, verdicts))),
            "errors": str(words.count(NOT_RUN)), **({"skipped": str(words.count(SKIPPED))} if skipped else {}),
            "time": f"{sum(one.wall_s for one in verdicts):.3f}"}


def _fails(one: Verdict) -> bool:
    return one.word == FAILED or (one.word == FLAKY and one.code > 0)


def _case(suite: Xml.Element, one: Verdict) -> None:
    parts = [part for part in (*one.file.parent.parts, one.file.stem) if part not in ("/", "..")]
    group = ".".join(part.replace(".", "-") for part in parts)  # a dot would begin another package
    case = Xml.SubElement(suite, "testcase", {"name": _clean(one.name), "classname": _clean(group),
                                              "time": f"{one.wall_s:.3f}"})
    kind = {SKIPPED: "skipped", NOT_RUN: "error", FLAKY: "flakyFailure"}.get(one.word, "")
    if _fails(one):
        kind = "failure"
    if kind:
        first = next(iter(one.wrong), one.reason)
        told = Xml.SubElement(case, kind, {"type": one.word, "message": _clean(first)})
        where = f"{one.file.as_posix()}:{one.missed[0].line if one.missed else one.line or 1}"
        told.text = _clean("\n".join([where, *one.wrong, *one.notes])) if kind != "skipped" else None
    output = [f"{one.seconds:.1f} s of calls"] if one.seconds else []
    if one.left is not None and one.word != PASSED:
        output.append(f"[[ATTACHMENT|{(one.left / 'report.html').as_posix()}]]")  # GitLab shows what it leads to
    if one.remarks:
        output.append(one.remarks.rstrip())
    if output:
        Xml.SubElement(case, "system-out").text = _clean("\n".join(output))


def _clean(text: str) -> str:
    """Return text that XML can hold: what it cannot is spelt out."""
    return _NO_XML.sub(lambda sign: sign[0].encode("unicode_escape").decode(), text)
