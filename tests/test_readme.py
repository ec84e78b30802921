"""What the README tells a new user to type, typed as it stands there."""

import os
import re
import subprocess
import sys
from pathlib import Path

README = Path(__file__).parents[1] / "README.md"


def block(heading):
    """Return the shell commands below a heading."""
    text = README.read_text(encoding="utf-8").partition(f"# {heading}\n")[2].partition("\n## ")[0]
    return "\n".join(re.findall(r"```sh\n(.*?)```", text, flags=re.DOTALL))


def typed(commands, folder):
    home = {"HOME": str(folder), "XDG_DATA_HOME": str(folder / "data")}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("IVR_") or name == "IVR_CACHE"}
    return subprocess.run(["bash", "-euo", "pipefail", "-c", commands], cwd=folder, capture_output=True, text=True,
                          env=kept | home | {"PATH": path}, check=False)


def test_a_new_users_half_hour_then_the_old_pin_fails_and_the_new_one_starts_the_meeting(tmp_path):
    done = typed(block("The administrator's half hour"), tmp_path)
    assert done.returncode == 0, done.stderr
    assert re.findall(r"\.wav: (in \w+);", done.stdout) == ["in meeting", "in lobby", "in meeting"]
    assert "PIN refused: wrong (try 1)" in done.stdout
    assert re.findall(r"^\d +(\S+) .*delivered", done.stdout, flags=re.MULTILINE) == ["pin-reset", "enabled"]
    for name in ("amos.wav", "heard.wav", "refused.wav", "again.wav"):
        assert (tmp_path / name).stat().st_size > 1000
