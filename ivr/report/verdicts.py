"""What a suite of stories has come to: a verdict a story, as every report of it is made from."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ivr.custom.twiml.branches import Branch
from ivr.scenario.failure import Failure

PASSED, FAILED, FLAKY, SKIPPED, NOT_RUN = "passed", "failed", "flaky", "skipped", "not run"
WORDS = (FAILED, NOT_RUN, FLAKY, PASSED, SKIPPED)
"""Every verdict, in the order in which somebody wants to see them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How one story went, once.

    Attributes
    ----------
    file : Path
        The story's.
    title, source : str
        As the file has them, the title with the row; both empty if it could not be read.
    row : str
        Which row of its table was played; empty for a story without one.
    tags : tuple of str
    word : str
        One of `WORDS`.
    code : int
        What the run ends with if nothing is worse.
    run, runs : int
        Which time it was played, of how many.
    seconds, wall_s : float
        How long the story lasted, and how long it took to play, in seconds.
    missed : sequence of Failure
        What did not come true; of a flaky one, the first time.
    differences : sequence of str
        How its journal is not the one expected, in sentences.
    reason : str
        Why it was skipped, not run, or is flaky.
    line : int
        The line that is to blame for that; 0 if none is.
    remarks : str
        What was said on standard error while it was played.
    notes : sequence of str
        What else there is to say, that is no fault.
    left : Path, optional
        The folder with its page and its sound.
    digest : str
        Of its journal and of all that was heard; empty if nobody compares.
    outside : bool
        Whether something outside of the simulation was asked.
    taken : frozenset of (node, exit)
        What was taken of an IVR of one's own.
    branches : mapping of Branch to bool
        What there was in the documents of an application at a URL, and whether it was taken.
    page : str
        Its part of the suite's page, as HTML; empty if there is none.
    """

    file: Path
    title: str = ""
    source: str = ""
    row: str = ""
    tags: tuple[str, ...] = ()
    word: str = PASSED
    code: int = 0
    run: int = 1
    runs: int = 1
    seconds: float = 0.0
    wall_s: float = 0.0
    missed: Sequence[Failure] = ()
    differences: Sequence[str] = ()
    reason: str = ""
    line: int = 0
    remarks: str = ""
    notes: Sequence[str] = ()
    left: Path | None = None
    digest: str = ""
    outside: bool = False
    taken: frozenset[tuple[str, str]] = frozenset()
    branches: Mapping[Branch, bool] = field(default_factory=dict)
    page: str = ""

    @property
    def name(self) -> str:
        """Its title, and which time it was if it was played several times."""
        title = self.title or f"{self.file.stem}{f' [{self.row}]' if self.row else ''}"
        return f"{title} ({self.run} of {self.runs})" if self.runs > 1 else title

    @property
    def wrong(self) -> list[str]:
        """What is wrong, a sentence each."""
        told = [*map(str, self.missed), *self.differences]
        return told if self.word not in (NOT_RUN, FLAKY) else [self.reason, *told]


def counted(verdicts: Iterable[Verdict]) -> dict[str, int]:
    """Return how many there are of each word, those that there are none of but for passed and failed left out."""
    counts = Counter(one.word for one in verdicts)
    return {word: counts[word] for word in (PASSED, FAILED, FLAKY, SKIPPED, NOT_RUN)
            if counts[word] or word in (PASSED, FAILED)}
