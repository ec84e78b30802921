"""Commands `ivr`, `dtmf` and `python` that are forks of one process that has all of it loaded.

A command then costs what it does, and not a second of imports more: pages of commands can be typed as they stand,
and tests may start as many processes as they have questions. ``python served.py SOCKET`` is that process; what is
started as `ivr` hands it words, folder, environment and the three streams, and signals after that.
"""

import contextlib
import gc
import importlib.util
import json
import os
import shutil
import socket
import subprocess
import sys
import traceback
from pathlib import Path

ROOT = Path(__file__).parents[2]

_ASKING = """#!{python} -IS
import json, os, signal, socket, sys
with socket.socket(socket.AF_UNIX) as asked:
    asked.connect({at!r})
    said = json.dumps([{name!r}, sys.argv[1:], os.getcwd(), dict(os.environ)]).encode()
    socket.send_fds(asked, [len(said).to_bytes(4, "big")], [0, 1, 2])
    asked.sendall(said)
    forked = int.from_bytes(asked.recv(4), "big") or sys.exit(70)
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, lambda number, _: os.kill(forked, number))
    asked.send(b"!")
    for stream in (0, 1, 2):
        os.close(stream)
    ended = asked.recv(1)
os._exit(ended[0] if ended else 70)
"""
"""What asks lets go of the streams, so that a pipe breaks and ends as if the command alone had it."""


@contextlib.contextmanager
def commands(folder):
    """Make a folder that has `ivr`, `dtmf` and `python`, and serve them.

    Parameters
    ----------
    folder : pathlib.Path
        For the commands and what serves them; a short name, as a socket's has to be.

    Yields
    ------
    pathlib.Path
        The folder of the commands.
    """
    at, made = str(folder / "served"), folder / "bin"
    made.mkdir()
    for name in ("ivr", "dtmf", "python"):
        command = made / name
        command.write_text(_ASKING.format(python=sys.executable, at=at, name=name), encoding="utf-8")
        command.chmod(0o755)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("IVR_") or name == "IVR_CACHE"}
    environment = kept | {"OPENBLAS_NUM_THREADS": "1"}
    with subprocess.Popen([sys.executable, __file__, at], stdout=subprocess.PIPE, env=environment) as server:
        try:
            assert server.stdout.readline() == b"ready\n", "what serves the commands did not start"
            yield made
        finally:
            server.terminate()


def shell(made, home):
    """Make a shell: ``run(script, cwd)`` types it into bash, and returns what `subprocess.run` returns.

    Parameters
    ----------
    made : pathlib.Path
        The folder of the commands.
    home : pathlib.Path
        Its user's.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("IVR_") or name == "IVR_CACHE"}
    environment = kept | {
        "HOME": str(home), "XDG_DATA_HOME": str(home / "data"),
        "PATH": f"{made}{os.pathsep}{os.environ['PATH']}",
        "CHECKOUT": str(ROOT), "COLUMNS": "120", "OPENBLAS_NUM_THREADS": "1"}
    return lambda script, cwd: subprocess.run([shutil.which("bash"), "-c", script], cwd=cwd, env=environment,
                                              capture_output=True, text=True, check=False)


def _serve(at):
    """Fork for whatever is asked at a socket, for ever."""
    import dtmf
    import ivr.cli.app
    import ivr.cli.kit

    for words, *_ in ivr.cli.app.NOUNS.values():
        importlib.import_module(words.partition(":")[0])
    dear = ["ivr.cli.phone"] if importlib.util.find_spec("pyaudio") else []  # nobody else needs all of its SciPy
    for name in ("ivr.cli.answer", "ivr.cli.run", "ivr.cli.demo", "dtmf.cli.app", "dtmf.cli.decoding", *dear):
        importlib.import_module(name)
    ivr.cli.kit.stage()
    dtmf.decode(dtmf.encode("1"), 8000)
    gc.freeze()
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(at)
        listening.listen()
        os.write(1, b"ready\n")
        while True:
            asked, _ = listening.accept()
            if os.fork() == 0:
                _answer(asked)
            asked.close()
            with contextlib.suppress(ChildProcessError):
                while os.waitpid(-1, os.WNOHANG)[0]:
                    pass


def _answer(asked):
    """Do one command, and leave with its exit code."""
    length, streams, *_ = socket.recv_fds(asked, 4, 3)
    left, said = int.from_bytes(length, "big"), b""
    while len(said) < left:
        said += asked.recv(left - len(said))
    asked.send(os.getpid().to_bytes(4, "big"))
    asked.recv(1)  # it hands signals on from now on
    name, words, folder, environment = json.loads(said)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.stdin, sys.stdout, sys.stderr = (open(n, mode, buffering=buffering, closefd=False)  # noqa: SIM115
                                         for n, mode, buffering in ((0, "r", -1), (1, "w", -1), (2, "w", 1)))
    code = 1
    try:
        code = _python(words) if name == "python" else importlib.import_module(f"{name}.cli").main(words)
    except SystemExit as ended:
        code = ended.code or 0
    except BaseException:
        traceback.print_exc()
    with contextlib.suppress(Exception):
        sys.stdout.flush()
    asked.send(bytes([code]))
    os._exit(code)


def _python(words):
    """Run what follows -c, a module after -m, or a file."""
    import runpy

    if words[0] == "-m":
        sys.argv = words[1:]
        runpy.run_module(words[1], run_name="__main__", alter_sys=True)
    elif words[0] == "-c":
        sys.argv = ["-c", *words[2:]]
        exec(compile(words[1], "<typed>", "exec"), {"__name__": "__main__"})  # noqa: S102
    else:
        sys.argv = words
        runpy.run_path(words[0], run_name="__main__")
    return 0


if __name__ == "__main__":
    _serve(sys.argv[1])
