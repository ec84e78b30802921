"""`dtmf decode` of many files: found, handed out, and written down as they are done."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from dtmf.archive.find import found
from dtmf.archive.output import Output, stamp
from dtmf.archive.pool import Heard
from dtmf.cli.progress import Bar
from dtmf.cli.saying import BROKEN, DIFFER, OK, USAGE, complain, line_of, say
from dtmf.cli.showing import note, refuse, show
from dtmf.stopping import stopping
from dtmf.transcript import Facts, Hearing


def archive(
    paths: list[Path], hearing: Hearing, *, as_json: bool, out: Path | None, jobs: int | None, cluster: str | None
) -> int:
    """Decode files and folders side by side.

    Parameters
    ----------
    paths : list of Path
    hearing : Hearing
    as_json : bool
        Print objects; with `out`, one that sums up.
    out : Path, optional
        Write the objects there, and go on with what is there already.
    jobs : int, optional
        Processes; all processors with `out` and one without, if left out.
    cluster : str, optional
        Address of a Dask scheduler, which decodes instead.
    """
    bad: list[str] = []

    def failed(name: str, sentence: str) -> None:
        bad.append(name)
        refuse(name, sentence, as_object=as_json and out is None)

    files = found(paths, failed)
    if out is None:
        work = _decoded(files, hearing, jobs or 1, cluster)
        code = _printed(files, work, failed, as_json=as_json, each=hearing.channel == "all")
        return USAGE if bad else code
    with Output(out, str(hearing)) as output:
        stamps = [stamp(file) for file in files]
        rest = [place for place, file in enumerate(files) if not output.has(file, stamps[place])]
        wanted = [files[place] for place in rest]
        work = _decoded(wanted, hearing, jobs or os.cpu_count() or 1, cluster)
        try:
            with Bar(f"decoding into {out.name}", len(wanted)) as bar, stopping() as stopped:
                for number, (place, heard) in enumerate(work, 1):
                    if stopped:
                        raise KeyboardInterrupt
                    output.add(wanted[place], stamps[rest[place]], heard)
                    if "error" in heard[0]:
                        failed(wanted[place], heard[0]["error"])
                    note(heard[0], each=False)
                    bar.part(number)
        except KeyboardInterrupt:
            if output.is_empty:
                raise
            return complain(f"stopped; {out} holds what is done, and the same command goes on with it.", BROKEN)
        output.finish()
        differ = sum(map(output.differs, files))
    kept = len(files) - len(wanted)
    if as_json:
        say(line_of({"out": str(out), "files": len(files), "decoded": len(wanted), "kept": kept, "bad": len(bad),
                     "differ": differ}))
    else:
        more = f", {differ} whose channels hold different keys" if differ else ""
        say(f"{out}: {len(files)} files, {kept} of them from before, {len(bad)} bad{more}")
    return USAGE if bad else DIFFER if differ else OK


def _decoded(files: list[str], hearing: Hearing, jobs: int, cluster: str | None) -> Iterator[Heard]:
    if cluster is not None:
        from dtmf.archive.cluster import decoded as on_cluster

        return on_cluster(files, hearing, cluster)
    from dtmf.archive.pool import decoded

    return decoded(files, hearing, jobs)


def _printed(
    files: list[str], work: Iterator[Heard], failed: Callable[[str, str], None], *, as_json: bool,
    each: bool
) -> int:
    """Print what is heard in the order of the files; return what the command ends with."""
    code = OK
    early: dict[int, list[Facts]] = {}
    following = 0
    with stopping() as stopped, Bar("decoding", len(files)) as bar:
        for done, (place, heard) in enumerate(work, 1):
            if stopped:
                break
            early[place] = heard
            while following in early:
                for facts in early.pop(following):
                    if "error" in facts:
                        failed(files[following], facts["error"])
                    else:
                        code = max(code, show(facts, as_object=as_json, alone=False, each=each))
                following += 1
            bar.part(done)
    return code
