"""Writes anew what the pages say that commands print: `make pictures` calls it; tests/support/pages.py says how."""

import sys
import tempfile
from pathlib import Path

from pages import renew

with tempfile.TemporaryDirectory() as folder:
    sys.stdout.writelines(f"{page}\n" for page in renew(Path(folder)))
