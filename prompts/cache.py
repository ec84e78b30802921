"""What is dear to make, kept on disk by content: clips that were spoken, and what was worked out of them.

A file is named by the hash of everything that made it, so it never has to be brought up to date; it is
written beside its place and moved there, so other processes see it whole or not at all; and it begins with the
hash of what it holds, so a damaged one is noticed and made again. Of several processes that lack it at once one
makes it, and the others wait for that. Only its owner can read it.
"""

import contextlib
import hashlib
import os
import struct
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from prompts.level import Samples


def folder() -> Path:
    """Return the user's cache folder for this program, or what IVR_CACHE names."""
    if chosen := os.environ.get("IVR_CACHE"):
        return Path(chosen)
    import platformdirs

    return Path(platformdirs.user_cache_path("dial-in-conference-simulator")) / "prompts"


def kept(where: Path, made_of: tuple[str, ...], make: Callable[[], Samples]) -> Samples:
    """Return the clip that is made of these, from disk if it is there, else made and kept.

    Parameters
    ----------
    where : Path
        The cache's folder; one that cannot be written keeps nothing, and that is no error.
    made_of : tuple of str
        All that the samples depend on.
    make : callable
        Makes the clip: int16 array [shape=(n,)].
    """
    body = _kept(where, made_of, "pcm", lambda: make().astype("<i2").tobytes())
    return np.frombuffer(body, "<i2").astype(np.int16)


def lacks(where: Path, made_of: tuple[str, ...]) -> bool:
    """Return whether the clip that is made of these is not on disk."""
    return not _path(where, made_of, "pcm").exists()


@contextlib.contextmanager
def together(where: Path, made_of: tuple[str, ...]) -> Iterator[None]:
    """Keep other processes from making the clips that begin with this one."""
    with contextlib.suppress(OSError):
        where.mkdir(parents=True, exist_ok=True)
    with _alone(where, _name(made_of), ".lock-many"):
        yield


def kept_number(where: Path, made_of: tuple[str, ...], make: Callable[[], float]) -> float:
    """Return the number that is made of these, as `kept` returns a clip."""
    return float(struct.unpack("<d", _kept(where, made_of, "number", lambda: struct.pack("<d", make())))[0])


def _kept(where: Path, made_of: tuple[str, ...], kind: str, make: Callable[[], bytes]) -> bytes:
    path = _path(where, made_of, kind)
    if (body := _read(path)) is not None:
        return body
    with contextlib.suppress(OSError):
        where.mkdir(parents=True, exist_ok=True)
    with _alone(where, path.stem):
        if (body := _read(path)) is None:
            body = make()
            _write(path, body)
    return body


def _name(made_of: tuple[str, ...]) -> str:
    return hashlib.sha256("\0".join(made_of).encode()).hexdigest()[:40]


def _path(where: Path, made_of: tuple[str, ...], kind: str) -> Path:
    return where / f"{_name(made_of)}.{kind}"


def _read(path: Path) -> bytes | None:
    """Return what a file holds, if it is there and whole."""
    with contextlib.suppress(OSError):
        data = path.read_bytes()
        body = data[32:]
        if body and hashlib.sha256(body).digest() == data[:32]:
            return body
    return None


def _write(path: Path, body: bytes) -> None:
    """Write a file, if that can be."""
    with contextlib.suppress(OSError):
        handle, part = tempfile.mkstemp(dir=path.parent, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(hashlib.sha256(body).digest() + body)
            Path(part).replace(path)
        except OSError:
            Path(part).unlink(missing_ok=True)


@contextlib.contextmanager
def _alone(where: Path, name: str, file: str = ".lock") -> Iterator[None]:
    """Keep other processes from making the same; where nothing can be locked they may."""
    with contextlib.ExitStack() as opened:
        with contextlib.suppress(ImportError, OSError):
            import fcntl

            lock = opened.enter_context((where / file).open("ab"))
            fcntl.lockf(lock, fcntl.LOCK_EX, 1, int(name[:12], 16))
        yield
