"""A Dask cluster on this machine: a scheduler and two workers, by Dask's own commands."""

import re
import subprocess
import sys
from contextlib import ExitStack, contextmanager

NO_PORT = ["--dashboard-address", "127.0.0.1:0"]


def listening(process):
    """Return the address that a scheduler or worker says it has, once it can be used."""
    for line in process.stderr:
        if found := re.search(r"(?:Scheduler|Registered) (?:at|to): +(tcp://\S+)", line):
            return found[1]
    raise AssertionError(f"{process.args} ended with {process.wait()}")


@contextmanager
def dask_cluster(folder):
    """Have a cluster as long as it is needed: a scheduler's address, its two workers, and the scheduler itself."""
    with ExitStack() as running:
        def start(*words):
            process = running.enter_context(subprocess.Popen(
                [sys.executable, "-m", "dask", *words, *NO_PORT], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                text=True, cwd=folder))
            running.callback(process.kill)
            return process

        scheduler = start("scheduler", "--host", "127.0.0.1", "--port", "0")
        address = listening(scheduler)
        workers = [start("worker", address, "--no-nanny", "--nthreads", "1", "--name", name) for name in "ab"]
        for worker in workers:
            listening(worker)
        yield address, workers, scheduler
