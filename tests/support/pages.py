"""What stands in fences on the pages, and what is to become of it.

A comment right above a fence can say it; nobody who reads the page sees it:

``<!-- file: NAME -->``     it is a file of the page's folder, there before anything is run
``<!-- before: SHELL -->``  this is typed first
``<!-- prints: SHELL -->``  it is what this prints, on both outputs; `make pictures` writes it anew
``<!-- not run: WHY -->``   it is not run; words of our commands in it are only read

Else `sh`, `python` and what is nothing but lines of our commands are run, a `text` or `json` below is what was
printed, and `yaml` is a story that comes true. A page is one shell, from its top to its bottom.
"""

import json
import re
import shlex
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")])

_FENCE = re.compile(r"^(?:<!-- (?P<verb>[a-z ]+): (?P<what>(?:(?!-->).)*?) -->\n)?"
                    r"^```(?P<kind>[^\n`]*)\n(?P<text>.*?)^```$", re.M | re.S)
_TOOK = re.compile(r"\bin \d+\.\d+ s\b")


@dataclass(frozen=True)
class Block:
    """What stands in a fence.

    Attributes
    ----------
    line : int
        Of its fence.
    kind : str
        What stands behind the fence.
    text : str
        Its lines.
    verb, what : str
        What the comment above says.
    output : bool
        Whether it is what the block above it has printed.
    span : tuple of int
        Where its lines are in the page.
    """

    line: int
    kind: str
    text: str
    verb: str
    what: str
    output: bool
    span: tuple[int, int]


def blocks(page):
    """Return the blocks of a page's text.

    Raises
    ------
    ValueError
        If a fence is not closed, or a comment says something else than what comments say.
    """
    found, ended = [], 0
    for one in _FENCE.finditer(page):
        line = page.count("\n", 0, one.start("text"))
        if one["verb"] not in (None, "file", "before", "prints", "not run"):
            raise ValueError(f"line {line}: nobody knows what '{one['verb']}' is")
        output = bool(found) and one["kind"] in ("text", "json") and not page[ended:one.start()].strip() \
            and one["verb"] is None
        found.append(Block(line, one["kind"], one["text"], one["verb"] or "", one["what"] or "", output,
                           one.span("text")))
        ended = one.end()
    if len(re.findall(r"^ *```", page, re.M)) != 2 * len(found):
        raise ValueError("a fence is not closed, or not at the beginning of a line")
    return found


def script(page, out):
    """Return a page as one script for bash; what each block prints goes to numbered files in `out`."""
    lines, python = ["set -euo pipefail"], ""
    known = blocks(page)
    lines += [_written(block.what, block.text) for block in known if block.verb == "file"]
    for number, block in enumerate(known):
        both = "2>&1" if block.verb == "prints" else f"2>{out / f'{number}.err'}"
        lines.append(f"exec >{out / f'{number}.out'} {both}")
        if block.verb == "before":
            lines.append(block.what)
        if block.verb in ("file", "not run") or block.output:
            continue
        if block.verb == "prints":
            lines.append(f"{{ {block.what}\n}} || true")
        elif block.kind == "sh" or (not block.kind and re.fullmatch(r"((ivr|dtmf) .*\n)+", block.text)):
            lines.append(block.text)
        elif block.kind == "python":
            python += block.text
            lines += [_written(f"{out}/{number}.py", python), f"python {out}/{number}.py"]
        elif block.kind == "yaml" and re.search("^callers:", block.text, re.M):
            lines += [_written(f"{out}/{number}.yaml", block.text), f"ivr run {out}/{number}.yaml"]
        else:
            raise ValueError(f"line {block.line}: a comment has to say what this is, or why it is not run")
    return "\n".join(lines)


def _written(name, text):
    return f"mkdir -p {shlex.quote(str(Path(name).parent))}\nprintf %s {shlex.quote(text)} >{shlex.quote(name)}"


def same(block, printed):
    """Tell whether a block is what was printed; how long something took is not compared."""
    if block.kind == "json":
        return [json.loads(block.text)] == [json.loads(line) for line in printed.splitlines()]
    return _TOOK.sub("in N s", block.text) == _TOOK.sub("in N s", printed)


def commands(text):
    """Return the words of each of our commands in a block, without comments and where they write to."""
    parts = [re.split(r" >>? ", part)[0].strip() for line in text.splitlines() for part in line.split(" | ")]
    return [shlex.split(part, comments=True) for part in parts if re.match(r"(ivr|dtmf|make) \S", part)]


def renewed(page, out):
    """Return a page with what `prints` says as it is printed now, as files in `out` have it."""
    for number, block in reversed(list(enumerate(blocks(page)))):
        if block.verb != "prints":
            continue
        printed = (out / f"{number}.out").read_text(encoding="utf-8")
        if not same(block, printed):
            begin, end = block.span
            page = page[:begin] + printed + page[end:]
    return page


def renew(folder):
    """Write every page's printed blocks anew; return the names of pages that were old."""
    from served import commands, shell

    old, home = [], folder / "home"
    home.mkdir()
    with commands(folder) as made:
        run = shell(made, home)
        for path in PAGES:
            page = path.read_text(encoding="utf-8")
            if "<!-- prints: " not in page:
                continue
            out, here = folder / f"{path.stem}.out", folder / path.stem
            out.mkdir()
            here.mkdir()
            done = run(script(page, out), here)
            if done.returncode:
                sys.exit(f"{path}: {(max(out.glob('*.err'), key=lambda one: one.stat().st_mtime)).read_text()}")
            if (new := renewed(page, out)) != page:
                path.write_text(new, encoding="utf-8")
                old.append(path.name)
    return old


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        print(*renew(Path(temporary)), sep="\n")
