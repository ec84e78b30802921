"""A shell whose `ivr`, `dtmf` and `python` are forks of one process that has all of it loaded.

A command then costs what it does, and not half a second of imports more: pages of commands can be typed as they
stand. ``python served.py SOCKET`` is that process; what the shell finds as `ivr` hands it words, folder,
environment and the three streams.
"""

import contextlib
import gc
import importlib
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
import json, os, socket, sys
with socket.socket(socket.AF_UNIX) as asked:
    asked.connect({at!r})
    said = json.dumps([{name!r}, sys.argv[1:], os.getcwd(), dict(os.environ)]).encode()
    socket.send_fds(asked, [len(said).to_bytes(4, "big")], [0, 1, 2])
    asked.sendall(said)
    ended = asked.recv(1)
sys.exit(ended[0] if ended else 70)
"""


@contextlib.contextmanager
def shell(folder):
    """Make a shell: ``run(script, cwd)`` types it into bash, and returns what `subprocess.run` returns.

    Parameters
    ----------
    folder : pathlib.Path
        For what the shell needs itself, and its user's home; a short name, as a socket's has to be.
    """
    at = str(folder / "served")
    home = folder / "home"
    commands = folder / "bin"
    for made in (home, commands):
        made.mkdir()
    for name in ("ivr", "dtmf", "python"):
        command = commands / name
        command.write_text(_ASKING.format(python=sys.executable, at=at, name=name), encoding="utf-8")
        command.chmod(0o755)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("IVR_") or name == "IVR_CACHE"}
    environment = kept | {
        "HOME": str(home), "XDG_DATA_HOME": str(home / "data"),
        "PATH": f"{commands}{os.pathsep}{os.environ['PATH']}",
        "CHECKOUT": str(ROOT), "COLUMNS": "120", "OPENBLAS_NUM_THREADS": "1"}
    with subprocess.Popen([sys.executable, __file__, at], stdout=subprocess.PIPE, env=environment) as server:
        try:
            assert server.stdout.readline() == b"ready\n", "what serves the shell did not start"
            yield lambda script, cwd: subprocess.run([shutil.which("bash"), "-c", script], cwd=cwd, env=environment,
                                                     capture_output=True, text=True, check=False)
        finally:
            server.terminate()


def _serve(at):
    """Fork for whatever is asked at a socket, for ever."""
    import dtmf
    import ivr.cli.app
    import ivr.cli.kit

    for words, *_ in ivr.cli.app.NOUNS.values():
        importlib.import_module(words.partition(":")[0])
    for name in ("ivr.cli.answer", "ivr.cli.run", "ivr.cli.demo", "dtmf.cli.app", "dtmf.cli.decoding"):
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
        exec(compile(words[1], "<typed>", "exec"), {"__name__": "__main__"})  # noqa: S102
    else:
        sys.argv = words
        runpy.run_path(words[0], run_name="__main__")
    return 0


if __name__ == "__main__":
    _serve(sys.argv[1])
