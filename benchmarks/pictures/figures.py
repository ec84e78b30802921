"""The README's table of figures: `python -m benchmarks.pictures.figures waiting start` measures rows anew.

Without a name it only writes the table from `figures.yaml`, and those of docs/dtmf.md from `ear.yaml`, as `make
pictures` does. A benchmark's name stands in `by`; `ear` is `make ear`, which is too long to be read here.
"""

import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
FIGURES = HERE / "figures.yaml"
EAR = HERE / "ear.yaml"
_TABLE = re.compile(r"(?<=\n\| \| here \| target \|\n\|---\|---\|---\|\n)(?:\|.*\n)*")


def rows() -> list[dict[str, Any]]:
    """Return the rows: what, here, target, by, and where they can be read anew tell and read."""
    found: list[dict[str, Any]] = yaml.safe_load(FIGURES.read_text(encoding="utf-8"))
    return found


def written(page: str) -> str:
    """Return the README with the table as `figures.yaml` has it."""
    cells = [(row["what"], row["here"], row["target"]) for row in rows()]
    table = "".join("| " + " | ".join(row).rstrip() + " |\n" for row in cells)
    return _TABLE.sub(lambda _: table, page)


def ear() -> dict[str, Any]:
    """Return the tables of the decoder's page by name: `head`, and `rows` of `cells`, and `of` what they are."""
    found: dict[str, Any] = yaml.safe_load(EAR.read_text(encoding="utf-8"))
    return found


def written_ear(page: str) -> str:
    """Return the decoder's page with its tables as `ear.yaml` has them."""
    for table in ear().values():
        head = _line(table["head"])
        lines = [head, "|---" * len(table["head"]) + "|\n", *(_line(row["cells"]) for row in table["rows"])]
        begin, _, rest = page.partition(head)
        page = begin + "".join(lines) + re.sub(r"\A(?:\|.*\n)*", "", rest)
    return page


def _line(cells: Sequence[str]) -> str:
    return "|" + "".join(f" {cell} |" if cell else " |" for cell in cells) + "\n"


def read(row: dict[str, Any], printed: str) -> str:
    """Return what a row tells, from what its benchmark has printed.

    Raises
    ------
    SystemExit
        If a figure is not there.
    """
    found = [re.search(pattern, printed) for pattern in row["read"]]
    if None in found:
        raise SystemExit(f"{row['by']} has not printed {row['read'][found.index(None)]!r}")
    return str(row["tell"].format(*(float(one[1]) for one in found if one)))


def measure(name: str) -> None:
    """Run a benchmark, and put what it prints into its rows."""
    mine = [row for row in rows() if row["by"].partition(".py")[0] == name and "read" in row]
    for by in dict.fromkeys(row["by"] for row in mine):
        words = [sys.executable, *f"benchmarks/{by}".split()]
        printed = subprocess.run(words, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False).stdout
        sys.stdout.write(printed)
        kept = FIGURES.read_text(encoding="utf-8")
        for row in mine:
            if row["by"] == by:
                # the file's own words stay as they are: only what was measured is another
                kept = kept.replace(f"- what: {_quoted(row['what'])}\n  here: {_quoted(row['here'])}\n",
                                    f"- what: {_quoted(row['what'])}\n  here: {_quoted(read(row, printed))}\n")
        FIGURES.write_text(kept, encoding="utf-8")


def _quoted(text: str) -> str:
    doubled = text.replace("'", "''")
    return f"'{doubled}'"


def main() -> None:
    """Measure what is named, and write the table."""
    for name in sys.argv[1:]:
        measure(name)
    for page, write in ((ROOT / "README.md", written), (ROOT / "docs" / "dtmf.md", written_ear)):
        page.write_text(write(page.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
