"""What a worker does, in whatever process and on whatever machine."""

from collections.abc import Sequence
from functools import cache

from dtmf.errors import DtmfError
from dtmf.transcript import Facts, Hearing, transcribe


def transcripts(files: Sequence[str], hearing: Hearing) -> list[list[Facts]]:
    """Return what was heard in each file; of a bad one, why it could not be heard.

    Returns
    -------
    list of lists of dict
        A list a file: an object a channel that was heard, or ``{"file", "error"}``.
    """
    _one_thread()
    return [_transcript(file, hearing) for file in files]


def failure(file: str, sentence: str) -> list[Facts]:
    """Return the objects of a file that could not be heard."""
    return [{"file": file, "error": sentence}]


def _transcript(file: str, hearing: Hearing) -> list[Facts]:
    try:
        return transcribe(file, hearing)
    except Exception as error:  # one file may not stop the others
        return failure(file, sentence_of(error, file))


def sentence_of(error: Exception, file: str) -> str:
    """Return why a file could not be heard, whatever was raised."""
    if isinstance(error, DtmfError):
        return str(error)
    if isinstance(error, MemoryError):
        return f"{file} needs more memory than there is; cut it in parts."
    return f"{file} cannot be decoded ({type(error).__name__}: {' '.join(str(error).split())}); tell the authors."


@cache
def _one_thread() -> None:
    """Let BLAS run on one thread: the files are what is done side by side."""
    from threadpoolctl import threadpool_limits

    threadpool_limits(1, user_api="blas")
