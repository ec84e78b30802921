"""The processors of this machine, a process each."""

from collections.abc import Iterator, Sequence

from dtmf.archive.processes import Processes
from dtmf.archive.work import failure, transcripts
from dtmf.transcript import Facts, Hearing

Heard = tuple[int, list[Facts]]


def decoded(files: Sequence[str], hearing: Hearing, jobs: int) -> Iterator[Heard]:
    """Decode files in processes of their own; a file that two of them die of is told.

    Parameters
    ----------
    files : sequence of str
    hearing : Hearing
    jobs : int
        How many processes.

    Yields
    ------
    place : int
        Of the file in `files`.
    facts : list of dict
        As `work.transcripts` returns them. Files come as they are done.
    """
    pool = Processes(lambda pool, place: pool.submit(transcripts, [files[place]], hearing), jobs,
                     ["dtmf.archive.work", "dtmf.listen", "soundfile"])
    for place, heard in pool.done(len(files)):
        yield place, heard[0] if heard is not None else failure(
            files[place], f"{files[place]} ended the process that decoded it, twice; look at its memory.")
