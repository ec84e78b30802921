"""Takes the pictures of docs/images and writes anew what pages say is printed; needs Chromium.

Beside the pictures stands what they were taken of, as hashes: pixels differ between browsers, and what is to be
seen does not.
"""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

from benchmarks.ear.plot import draw
from benchmarks.pictures.live import photographed as photographed_live
from benchmarks.pictures.subjects import SUBJECTS, Subject

IMAGES = Path(__file__).parents[2] / "docs" / "images"
TAKEN_OF = IMAGES / "taken-of.txt"
_OTHERWISE = re.compile(r"<dt>(on the wall|faster than real time)<.*?</div>|;base64,[A-Za-z0-9+/=]+"
                        r'|"columns": "[A-Za-z0-9+/=]*"')


def hash_of(page: str) -> str:
    """Return by what a page is known: all but how long it took to play, and what processors code otherwise."""
    return hashlib.sha256(_OTHERWISE.sub("", page).encode()).hexdigest()


def known() -> dict[str, str]:
    """Return each picture's name -> the hash of what it was taken of."""
    return dict(reversed(line.split()) for line in TAKEN_OF.read_text(encoding="utf-8").splitlines())


def photographed(subject: Subject, page: str, target: Path) -> None:
    """Write what a browser shows of a page as PNG, or curves as they are drawn."""
    if subject.curves:
        draw(target, json.loads(page))
        return
    width, height = subject.size or (int(float(part)) + 1 for part in re.search(
        r'viewBox="0 0 ([0-9.]+) ([0-9.]+)"', page).groups())  # type: ignore[union-attr]
    if subject.size is None:
        page = f"<body style='margin:0'>{page}</body>"
    if subject.live:
        photographed_live(page, (width, height), target, shutil.which("chromium") or "chromium")
    else:
        _shot(page, width, height, target)
    with Image.open(target) as taken:
        small = taken.convert("RGB").quantize(256, dither=Image.Dither.NONE)
    small.save(target, optimize=True)


def _shot(page: str, width: int, height: int, target: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        at = Path(folder) / "page.html"
        at.write_text(page, encoding="utf-8")
        subprocess.run(["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
                        f"--window-size={width},{height}", f"--screenshot={target}", at.as_uri()],
                       check=True, capture_output=True)


def main() -> None:
    """Take the pictures whose subjects have changed, or those that are named."""
    before, lines = known() if TAKEN_OF.is_file() else {}, []
    for name, subject in SUBJECTS.items():
        page = subject.page()
        lines.append(f"{hash_of(page)}  {name}\n")
        if name in sys.argv[1:] or before.get(name) != hash_of(page):
            photographed(subject, page, IMAGES / f"{name}.png")
            print(f"docs/images/{name}.png")
    TAKEN_OF.write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
