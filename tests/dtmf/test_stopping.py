"""Ctrl-C, which may come at any moment, also at the one between two steps of Python's."""

import subprocess
import sys

import pytest

WAITS = """
import os, signal, threading
from dtmf.stopping import insisting

data, _ = os.pipe()

def elsewhere():
    while open(f"/proc/self/task/{os.getpid()}/syscall").read().split()[1:2] != [hex(data)]:
        os.sched_yield()
    signal.pthread_kill(threading.get_ident(), signal.SIGINT)  # Python notes it, and nothing wakes who waits

def heard(*_):
    print("heard", flush=True)
    os._exit(0)

signal.signal(signal.SIGINT, heard)
with insisting(signal.SIGINT):
    threading.Thread(target=elsewhere).start()
    os.read(data, 1)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="whether somebody waits for data is asked as Linux tells it")
def test_a_signal_that_came_just_before_a_wait_then_it_is_heard_all_the_same():
    done = subprocess.run([sys.executable, "-c", WAITS], capture_output=True, text=True, check=True)
    assert done.stdout == "heard\n"


LOST = """
import signal, weakref
from dtmf.stopping import never_lost

class One:
    pass

try:
    with never_lost():
        one = One()
        kept = weakref.ref(one, lambda _: signal.raise_signal(signal.SIGINT))  # nothing can be raised from there
        del one
        signal.pause()
except KeyboardInterrupt:
    print("heard")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pause until a signal")
def test_ctrl_c_amid_what_the_interpreter_calls_then_it_is_heard_and_nothing_is_reported():
    done = subprocess.run([sys.executable, "-c", LOST], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("heard\n", "")
