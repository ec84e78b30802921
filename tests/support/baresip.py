"""Debian's baresip as a telephone: it says a WAV file, keeps what it hears, and is told what to do by a socket."""

import json
import re
import socket
import subprocess

import numpy as np
import soundfile
from ports import free

from ivr.clock import RATE

_CONFIG = """\
sip_listen 127.0.0.1:{sip}
module_path /usr/lib/baresip/modules
audio_player aubridge,nil
audio_source aufile,{says}
audio_alert aubridge,nil
ausrc_srate {rate}
auplay_srate {rate}
ausrc_channels 1
auplay_channels 1
rtp_ports {rtp}-{last}
rtcp_mux {mux}
snd_path {folder}
ctrl_tcp_listen 127.0.0.1:{control}
net_interface 127.0.0.1
call_max_calls 2
module g711.so
module g722.so
module srtp.so
module aufile.so
module aubridge.so
module sndfile.so
module_tmp account.so
module_app menu.so
module_app ctrl_tcp.so
"""


_PATIENCE = 6000
"""How often is waited for something: two minutes of ticks."""


def ports(count=100):
    """Return ports for sound that nobody has just now: several suites may run on one machine."""
    first = free(count=count)
    return range(first, first + count)


def goes_on(step, until):
    """Go on until something is so.

    Raises
    ------
    AssertionError
        If it does not become so in two minutes of ticks.
    """
    for _ in range(_PATIENCE):
        if until():
            return
        step()
    raise AssertionError("nothing has come of it in two minutes")


class Baresip:
    """One telephone, a process.

    `wait` is called while something is waited for; it is what keeps the bridge going. What it says is at `rate`.
    """

    def __init__(self, folder, name, says, wait, account="", codec="PCMU", rate=RATE, mux=False):
        folder.mkdir()
        self.folder, self._wait, self.events, self._data = folder, wait, [], b""
        soundfile.write(folder / "says.wav", says, rate)
        rtp = ports(20).start
        self.port, control = free(), free(socket.SOCK_STREAM)
        (folder / "config").write_text(_CONFIG.format(sip=self.port, says=folder / "says.wav", rtp=rtp,
                                                      last=rtp + 20, folder=folder, control=control, rate=rate,
                                                      mux="yes" if mux else "no"))
        (folder / "accounts").write_text(f"<sip:{name}@127.0.0.1>;regint=0;audio_codecs={codec}{account}\n")
        (folder / "contacts").write_text("")
        with (folder / "log").open("wb") as log:
            self._process = subprocess.Popen(["baresip", "-f", str(folder)], stdin=subprocess.DEVNULL, stdout=log,
                                             stderr=log)
        self._control = None
        while self._control is None:
            wait()
            assert self._process.poll() is None, (folder / "log").read_text()
            try:
                self._control = socket.create_connection(("127.0.0.1", control))
            except ConnectionRefusedError:
                continue
        self._control.setblocking(False)

    def does(self, command, params=""):
        """Have it do something."""
        said = json.dumps({"command": command, "params": params, "token": "t"}).encode()
        self._control.sendall(b"%d:%s," % (len(said), said))

    def keys(self, keys):
        """Have it press keys, as events, each for a fifth of a second."""
        for key in keys:
            self.does("sndcode", key)
            for _ in range(20):
                self._wait()

    def until(self, kind):
        """Go on until something has happened; return it."""
        goes_on(self._wait, lambda: self._happened(kind))
        event = next(event for event in self.events if event.get("type") == kind)
        self.events.remove(event)
        return event

    def _happened(self, kind):
        self._listen()
        return any(event.get("type") == kind for event in self.events)

    def _listen(self):
        try:
            self._data += self._control.recv(65_536)
        except BlockingIOError:
            return
        while found := re.match(rb"(\d+):", self._data):
            end = found.end() + int(found[1])
            if len(self._data) <= end:
                return
            self.events.append(json.loads(self._data[found.end():end]))
            self._data = self._data[end + 1:]

    def heard(self):
        """End it; return all that it has heard. float array [shape=(n,)]."""
        self.close()
        [path] = self.folder.glob("dump-*-dec.wav")
        return soundfile.read(path, dtype="float32")[0]

    def close(self):
        """End it."""
        if self._process.poll() is None:
            self.does("quit")
            goes_on(self._wait, lambda: self._process.poll() is not None)  # it says goodbye first
        self._control.close()


def likeness(heard, sound):
    """Return how much a second of what was heard is of a sound, at the best place: 1 for all, 0 for nothing."""
    best = 0.0
    for begin in range(0, len(heard) - RATE, RATE // 2):
        part = heard[begin:begin + RATE]
        size = len(sound) + len(part)
        found = np.fft.irfft(np.fft.rfft(sound, size) * np.conj(np.fft.rfft(part, size)), size)
        place = int(found.argmax())
        there = sound[place:place + RATE]
        scale = np.linalg.norm(part) * np.linalg.norm(there)
        best = max(best, float(found[place] / scale) if scale > 1e-3 and len(there) == RATE else 0.0)
    return best
