"""What carries sound as plain Python, for a debugger, coverage and mutants: it does what the compiled code does."""

import os
import subprocess
import sys
from pathlib import Path

import rtp


def test_a_bad_line_as_python_then_as_compiled_to_the_bit():
    words = [sys.executable, "-c", "import rtp; print(rtp.digest())"]
    path = os.pathsep.join([str(Path(rtp.__file__).parent), str(Path(__file__).parents[5])])
    plain = subprocess.run(words, env={**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": path}, check=True,
                           stdout=subprocess.PIPE, text=True)
    assert plain.stdout.strip() == rtp.digest()
