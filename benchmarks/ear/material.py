"""Speech and music that are fetched once and kept: Debian's prompts in five languages, and its hold music."""

import functools
import os
import shutil
import subprocess
from pathlib import Path

from benchmarks.ear.rows import Unavailable

PROMPTS = tuple(f"asterisk-core-sounds-{language}-wav" for language in ("en", "fr", "es", "it", "ru"))
MUSIC = ("asterisk-moh-opsound-wav",)

_PATIENCE_S = 300


def cache() -> Path:
    """Return the folder where the bench keeps what it fetched: IVR_CACHE, or the user's cache folder."""
    import platformdirs

    chosen = os.environ.get("IVR_CACHE") or platformdirs.user_cache_path("dial-in-conference-simulator")
    folder = Path(chosen) / "ear"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@functools.cache
def package(name: str) -> Path:
    """Return the folder with the contents of a Debian package, fetched now if it is not there yet.

    Raises
    ------
    Unavailable
        If there is no apt, no network or no such package.
    """
    folder = cache() / name
    if folder.is_dir():
        return folder
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        raise Unavailable(f"{name} is not here and cannot be fetched: this is no Debian")
    partial = cache() / f"{name}.part"
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir()
    try:
        subprocess.run(
            ["apt-get", "download", "-q", name], cwd=partial, capture_output=True, check=True, timeout=_PATIENCE_S
        )
        (archive,) = partial.glob("*.deb")
        subprocess.run(["dpkg-deb", "-x", archive.name, "."], cwd=partial, capture_output=True, check=True)
        archive.unlink()
    except (OSError, ValueError, subprocess.SubprocessError):
        shutil.rmtree(partial, ignore_errors=True)
        raise Unavailable(f"{name} cannot be fetched: apt-get download {name}") from None
    partial.rename(folder)
    return folder


def sounds(name: str) -> list[Path]:
    """Return the WAV files of a package, in order."""
    return sorted(path for path in package(name).rglob("*.wav") if path.is_file() and not path.is_symlink())
