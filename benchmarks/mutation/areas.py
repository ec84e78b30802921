"""Which sources are changed, and which tests have to notice it: the tree of tests is the tree of sources."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Area:
    """Sources and their tests.

    Attributes
    ----------
    sources, tests : tuple of str
        Paths from the root; of sources with wildcards.
    """

    name: str
    sources: tuple[str, ...]
    tests: tuple[str, ...]

    def files(self, root: Path) -> list[Path]:
        """Return its sources."""
        found = {path for pattern in self.sources for path in root.glob(pattern)}
        return sorted(path for path in found if path.name != "__init__.py")

    def tests_of(self, root: Path, source: str) -> list[str]:
        """Return the files with its tests; those that are named as the source come first, for they know first."""
        files = {path for test in self.tests for path in
                 ([root / test] if test.endswith(".py") else (root / test).rglob("test_*.py"))}
        stem = Path(source).stem.rstrip("s")
        return [path.relative_to(root).as_posix() for path in sorted(files, key=lambda p: (stem not in p.stem, p))]


_DESK, _STORY = "ivr/directory", "ivr/scenario"
AREAS = (
    Area("engine", ("ivr/engine/*.py", "ivr/engine/nodes/*.py"), (
        "tests/ivr/engine", "tests/ivr/lines/test_lines.py", "tests/ivr/conference")),
    Area("conference", ("ivr/conference/*.py",), ("tests/ivr/conference", "tests/ivr/test_secrecy.py",
                                                 "tests/ivr/engine")),
    Area("lobby", ("lobby/*.py",), ("tests/lobby", "tests/ivr/conference/test_lobby_rules.py")),
    Area("PINs and lockout", tuple(f"{_DESK}/{name}.py" for name in (
        "changing", "checks", "hashing", "lockout", "pinning", "pins", "resets", "trying", "*guess*", "turns")),
        (*(f"tests/{_DESK}/test_{name}.py" for name in ("hashing", "lockout", "pins", "meetings")),
         f"tests/{_DESK}/desk")),
    Area("hearing", tuple(f"{_STORY}/{name}.py" for name in (
        "correlate", "described", "hearing", "music", "pieces", "references", "sounds", "voices")),
        tuple(f"tests/{_STORY}/test_{name}.py" for name in (
            "broken_bridge", "correlate", "described", "hearing", "pieces", "player", "voices"))),
    Area("verdict", (f"{_STORY}/expecting.py", f"{_STORY}/verdict.py"),
         tuple(f"tests/{_STORY}/{name}.py" for name in ("test_grammar", "test_story_read", "desk/test_desk_grammar",
               "test_player", "test_broken_bridge"))),
)
