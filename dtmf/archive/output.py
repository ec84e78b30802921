"""A file of lines, a JSON object each, that can be added to, cut off at any moment, and gone on with."""

import contextlib
import json
import os
import shutil
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

from dtmf.audiofile import replacing, unwritten
from dtmf.errors import AudioError
from dtmf.transcript import Facts

_OPEN = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0)


class Stamp(NamedTuple):
    """By what a file is known not to have changed."""

    size: int | None
    mtime_ns: int | None


def stamp(file: str) -> Stamp:
    """Return the stamp of a file; of one that cannot be seen, one that is never the same again."""
    try:
        found = os.stat(file)  # noqa: PTH116 - a path object a file costs more than the question
    except (OSError, ValueError):
        return Stamp(None, None)
    return Stamp(found.st_size, found.st_mtime_ns)


class _Kept(NamedTuple):
    """Where the lines of a file stand, and what they are of."""

    spans: tuple[tuple[int, int], ...]
    stamp: Stamp
    hearing: str
    whole: bool
    differs: bool


class Output:
    """The lines of an archive.

    Each file's lines are added by one write, so that what a kill leaves is whole lines and at most a part of one
    at the end, which is cut off when the file is opened again. Lines of a file that was decoded again take the
    place of the old ones. `finish` puts all in order.

    Parameters
    ----------
    path : Path
        Made if it is not there.
    hearing : str
        How the files of this run are heard.

    Raises
    ------
    AudioError
        If the file cannot be written, is written by another run, or holds something else.
    """

    def __init__(self, path: Path, hearing: str) -> None:
        self._path, self._hearing = path, hearing
        self._kept: dict[str, _Kept] = {}
        if path.is_dir():
            raise AudioError(f"{path} is a folder; name a file to write.", value=path)
        if path.exists() and not path.is_file():
            raise AudioError(f"{path} is no file that can be gone on with; leave out --out to print.", value=path)
        self._new = not path.exists()
        try:
            self._file = os.open(path, _OPEN, 0o666)
        except OSError as error:
            raise unwritten(path, error) from None
        try:
            self._lock()
            self._end = self._load()
            os.ftruncate(self._file, self._end)
        except BaseException:
            os.close(self._file)
            raise

    def __enter__(self) -> "Output":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._new and self.is_empty:
            self._path.unlink(missing_ok=True)
        os.close(self._file)

    @property
    def is_empty(self) -> bool:
        """Whether it has no line: a file that was made for it does not stay then."""
        return not self._end

    def has(self, file: str, now: Stamp) -> bool:
        """Tell whether a file is in here as it is now, heard as in this run, and without an error."""
        kept = self._kept.get(file)
        return kept is not None and kept.whole and kept.stamp == now and kept.hearing == self._hearing

    def differs(self, file: str) -> bool:
        """Tell whether the channels of a file that is in here hold different keys."""
        return file in self._kept and self._kept[file].differs

    def add(self, file: str, now: Stamp, heard: list[Facts]) -> None:
        """Add what was heard in a file.

        Raises
        ------
        AudioError
            If the disk does not take it.
        """
        more = {"size": now.size, "mtime_ns": now.mtime_ns, "hearing": self._hearing}
        if self._hearing.split(",")[0] == "all":
            more["channels"] = len(heard)
        lines = [json.dumps(facts | more).encode() + b"\n" for facts in heard]
        try:
            data = b"".join(lines)
            while data:
                data = data[os.write(self._file, data) :]
        except OSError as error:
            with contextlib.suppress(OSError):  # what there was of it
                os.ftruncate(self._file, self._end)
            raise unwritten(self._path, error) from None
        spans = []
        for line in lines:
            spans.append((self._end, len(line)))
            self._end += len(line)
        differs = isinstance(heard[0].get("channels"), list)
        self._kept[file] = _Kept(tuple(spans), now, self._hearing, "error" not in heard[0], differs)

    def finish(self) -> None:
        """Put the lines in the order of their files' names, old ones left out; all at once or not at all.

        Raises
        ------
        AudioError
            If the folder cannot be written.
        """
        spans = [span for _, kept in sorted(self._kept.items()) for span in kept.spans]
        if sum(length for _, length in spans) == self._end and spans == sorted(spans):
            return
        with replacing(self._path) as part, open(self._file, "rb", closefd=False) as lines:
            with contextlib.suppress(OSError):
                shutil.copymode(self._path, part)
            with part.open("wb") as ordered:
                for at, length in spans:
                    lines.seek(at)
                    ordered.write(lines.read(length))
                ordered.flush()
                os.fsync(ordered.fileno())

    def _lock(self) -> None:
        try:
            import fcntl
        except ImportError:  # Windows
            return
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise AudioError(f"{self._path} is being written by another run; name another file.",
                             value=self._path) from None

    def _load(self) -> int:
        """Read what is there and return where its whole lines end."""
        end = 0
        with open(self._file, "rb", closefd=False) as lines:
            for number, line in enumerate(lines, 1):
                if not line.endswith(b"\n"):
                    if not b'{"file": '.startswith(line[:9]):
                        raise self._foreign(number)
                    break
                self._note(line, end, number)
                end += len(line)
        return end

    def _note(self, line: bytes, at: int, number: int) -> None:
        try:
            facts: dict[str, Any] = json.loads(line)
            file, now = facts["file"], Stamp(facts["size"], facts["mtime_ns"])
            channel, channels, hearing = facts.get("channel"), facts.get("channels"), facts["hearing"]
        except (ValueError, KeyError, TypeError, AttributeError):
            raise self._foreign(number) from None
        before = self._kept.get(file)
        count = channels if isinstance(channels, int) else 1
        spans = before.spans if before and channel and count > 1 and before.stamp == now else ()
        spans += ((at, len(line)),)
        whole = "error" not in facts and len(spans) == count
        self._kept[file] = _Kept(spans, now, hearing, whole, isinstance(channels, list))

    def _foreign(self, number: int) -> AudioError:
        return AudioError(
            f"line {number} of {self._path} is not one that 'dtmf decode --out' wrote; name another file."
        )
