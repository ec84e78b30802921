"""Each row of the behaviour about calls is proved by a test or a story that quotes it, or says why it is not.

docs/coverage.md is made from here: ``python tests/test_coverage.py > docs/coverage.md``.
"""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]

ROWS = [*(f"A1.{n}" for n in range(1, 18)), *(f"A2.{n}" for n in range(1, 16)), *(f"A3.{n}" for n in range(1, 22)),
        *(f"A4.{n}" for n in range(1, 11)), "A5", *(f"A6.{n}" for n in range(1, 9)), "A7",
        *(f"C{n}" for n in range(1, 17)), *(f"S0.{n}" for n in range(1, 26)), *(f"S1.{n}" for n in range(1, 17)),
        *(f"S3.{n}" for n in range(1, 16)), *(f"S4.{n}" for n in range(1, 22)),
        *(f"S2.{n}" for n in range(1, 19)), *(f"F1.{n}" for n in range(1, 16)), "F2", "F3", "F4", "F5"]

NOT_COVERED = {
    "A1.16": "there is nothing but audio here that a caller could have",
    "A1.17": "a fault of one product that is not copied: every call is a participant of its own",
    "A2.15": "calls from an office telephone that is trusted are not told from others",
    "A3.16": "a name inside a product; callers notice no difference between the two places",
    "A3.21": "what held for some months before *21; A3.5 and A3.18 took its place",
    "S2.1": "which products the page is about",
    "S2.9": "how long an administrator takes at his page, and the permission that he needs there",
    "S2.10": "the way through his pages; here it is 'ivr pin reset'",
    "S2.17": "the button of his page; a command is its own",
    "S0.25": "a note on the administrator's pages, not on calls",
}
"""Rows that nothing here proves, and why."""

PARTLY = {
    "A2.7": "an organizer's PIN is asked for and taken; an extension with any user's PIN is not",
    "A2.12": "the setting is kept and shown; calls take the organizer's PIN only",
    "F1.13": "keys alone: there is no recognition of speech, and the option for it says so",
    "F1.8": "no e-mail comes to a mailbox here, so its count is none",
    "F4": "no e-mail is there to be read, and its menu says so; the calendar can be gone through, and its keys 2, "
          "3, 4, 7, 8, 88, 6, 77, 22 and 55 say that they are not simulated, as of messages 44, 55, 77 and 99 do; "
          "an owner has no contacts of his own, so no 00 leads from them to the directory, and one number of each "
          "person is known",
    "F5": "a holiday has a greeting of its own and the keys of after hours; there is no speech that could fall "
          "back to keys",
    "A3.9": "set and shown; people with the app always come in, so it decides only about callers, by A3.7",
    "A4.10": "mute, lock, recording and waiting are told; a caller is not told that another has muted himself",
}
"""Rows of which something is missing, and what."""

_ROW = r"(?:[AFS]\d\.\d{1,2}|A5|A7|F[2-5]|C\d{1,2})"
_QUOTED = re.compile(rf"(?<![\w.-])({_ROW})(?:\s?(?:-|to)\s?({_ROW}))?(?![\w.])")
_NAMED = re.compile(r"(?<=_)([afs]\d_\d{1,2}|a5|a7|f[2-5]|c\d{1,2})(?=_)")


def quoted(text):
    """Return the rows that a text quotes; a range means all in it."""
    found = set()
    for first, last in _QUOTED.findall(text):
        found.add(first)
        if last and first.partition(".")[0] == last.partition(".")[0] and "." in first:
            section = first.partition(".")[0]
            begin, end = (int(row.partition(".")[2]) for row in (first, last))
            found |= {f"{section}.{n}" for n in range(begin, end + 1)}
    return found


def proofs():
    """Return row -> the tests and stories that quote it."""
    found = {}
    for path in sorted((ROOT / "scenarios").glob("*.yaml")):
        source = re.search(r"^source: (.*)$", path.read_text(encoding="utf-8"), re.M)
        for row in quoted(source[1] if source else ""):
            found.setdefault(row, {}).setdefault("stories", []).append(path.stem)
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        if path.name == Path(__file__).name:
            continue
        text = path.read_text(encoding="utf-8")
        rows = quoted(text)
        for name in re.findall(r"def (test_\w+)", text):
            rows |= {row.upper().replace("_", ".") for row in _NAMED.findall(name)}
        for row in rows:
            found.setdefault(row, {}).setdefault("tests", []).append(path.relative_to(ROOT / "tests").as_posix())
    return found


def page():
    """Return docs/coverage.md."""
    found = proofs()
    covered = [row for row in ROWS if row in found]
    lines = ["# What is proved", "",
             "Each row of the behaviour about calls (A: the call, C: contradictions, F: voice mail, S: the facts",
             "of the source documents) and the stories and tests that quote it. Made by",
             "`python tests/test_coverage.py`; a test compares.", "",
             f"{len(covered)} of {len(ROWS)} rows are covered.", "",
             "| Row | Stories | Tests |", "| --- | --- | --- |"]
    for row in covered:
        proof = found[row]
        tests = proof.get("tests", [])
        more = f" and {len(tests) - 3} more" if len(tests) > 3 else ""
        lines.append(f"| {row} | {', '.join(proof.get('stories', []))} | {', '.join(tests[:3])}{more} |")
    lines += ["", "## Covered in part", "", "| Row | What is missing |", "| --- | --- |",
              *(f"| {row} | {what} |" for row, what in PARTLY.items())]
    lines += ["", "## Not covered, and why", "", "| Row | Why |", "| --- | --- |",
              *(f"| {row} | {why} |" for row, why in NOT_COVERED.items())]
    return "\n".join(lines) + "\n"


def test_rows_when_they_are_counted_then_each_is_covered_or_says_why_not():
    found = proofs()
    assert [row for row in ROWS if row not in found and row not in NOT_COVERED] == []
    assert [row for row in NOT_COVERED if row in found] == []


def test_page_when_it_is_read_then_it_is_what_tests_and_stories_quote():
    assert (ROOT / "docs" / "coverage.md").read_text(encoding="utf-8") == page(), \
        "run: python tests/test_coverage.py > docs/coverage.md"


if __name__ == "__main__":
    print(page(), end="")
