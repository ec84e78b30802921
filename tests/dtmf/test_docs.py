"""The commands of docs/dtmf.md, typed as they stand there, print what stands below them."""

import os
import re
import subprocess
import sys
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs" / "dtmf.md"


def test_the_examples_of_the_manual_then_print_what_it_says(tmp_path):
    text = DOCS.read_text(encoding="utf-8")
    examples = re.findall(r"```sh\n(.*?)```\n\n```text\n(.*?)```", text, flags=re.DOTALL)
    assert len(examples) >= 4
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    for commands, printed in examples:
        done = subprocess.run(["bash", "-euo", "pipefail", "-c", commands], cwd=tmp_path, capture_output=True,
                              text=True, env=os.environ | {"PATH": path}, check=False)
        assert (done.returncode, done.stderr, done.stdout) == (0, "", printed), commands


def test_the_endings_and_encodings_of_the_manual_then_those_that_are_read():
    from dtmf.pcm import ENCODINGS, ENDINGS

    text = DOCS.read_text(encoding="utf-8")
    assert [name for name in ENCODINGS if f"`{name}`" not in text] == []
    assert [name for name in ENDINGS if not name.startswith(".sln") and f"`{name}`" not in text] == []
