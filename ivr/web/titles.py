"""The titles of stories, without reading the stories."""

import re
from pathlib import Path

import yaml

_TITLE = re.compile(r"^title:[ \t]+(.+)$", re.MULTILINE)
_HEAD_CHARACTERS = 8192


def title_of(path: Path) -> str:
    """Return the title that a story's first lines have; its name if they have none."""
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            found = _TITLE.search(file.read(_HEAD_CHARACTERS))
        title = yaml.safe_load(found[1]) if found else None
    except (OSError, ValueError, yaml.YAMLError):  # such as a date that is none
        return path.stem
    return title if isinstance(title, str) and title else path.stem
