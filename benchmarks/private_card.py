"""A sound card without hardware, in real time: a PulseAudio of our own, the caller left and the bridge right.

Both sides are of one sink, so whoever records it has both on one clock.
"""

import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE = 48000
TOOLS = ("pulseaudio", "pactl", "parec", "pacat")
_START_S, _LOOK_S = 120.0, 0.05


class NoCard(Exception):
    """It cannot be had here; the sentence says why."""


@contextmanager
def private_card(folder: Path | None = None) -> Iterator[Mapping[str, str]]:
    """Start it, and give what the environment of a program has to hold to find it.

    The microphone is "mic", the speaker "spk", and those of who sits on the other side "far_mic" and "far_spk";
    "both_in" and "both_out" are the sink as it is.

    Raises
    ------
    NoCard
        If it cannot be started here.
    """
    for tool in TOOLS:
        if not shutil.which(tool):
            raise NoCard(f"{tool} is not here: apt-get install pulseaudio pulseaudio-utils libasound2-plugins")
    with tempfile.TemporaryDirectory(dir=folder) as name:
        place = Path(name)
        server = f"unix:{place / 'native'}"
        config = "".join(f'pcm.{pcm} {{ type pulse device {device} server "{server}" }}\n' for pcm, device in (
            ("both_out", "line"), ("both_in", "line.monitor"), ("mic", "caller"), ("spk", "bridge"),
            ("far_mic", "caller_hears"), ("far_spk", "caller_says")))
        (place / "asound.conf").write_text(f"</usr/share/alsa/alsa.conf>\n{config}")
        found = {"PULSE_RUNTIME_PATH": name, "PULSE_STATE_PATH": name, "PULSE_SERVER": server, "HOME": name,
                 "PULSE_COOKIE": str(place / "cookie"), "ALSA_CONFIG_PATH": str(place / "asound.conf"),
                 "JACK_NO_START_SERVER": "1"}
        one = "channels=1 channel_map=mono remix=no"
        left, right = (f"master_channel_map=front-{side} {one}" for side in ("left", "right"))
        modules = (f"module-native-protocol-unix socket={place / 'native'} auth-anonymous=1",
                   f"module-null-sink sink_name=line rate={RATE} channels=2 channel_map=front-left,front-right",
                   f"module-remap-source source_name=caller master=line.monitor {left}",
                   f"module-remap-source source_name=caller_hears master=line.monitor {right}",
                   f"module-remap-sink sink_name=bridge master=line {right}",
                   f"module-remap-sink sink_name=caller_says master=line {left}")
        with (place / "log").open("w") as log:
            daemon = subprocess.Popen(
                ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no",
                 *(word for module in modules for word in ("-L", module))],
                env={**os.environ, **found}, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True)
        try:
            _wait_for(daemon, {**os.environ, **found}, place / "log")
            yield found
        finally:
            daemon.terminate()
            daemon.wait()


def _wait_for(daemon: "subprocess.Popen[bytes]", environment: Mapping[str, str], log: Path) -> None:
    for _ in range(round(_START_S / _LOOK_S)):
        if daemon.poll() is not None:
            break
        if subprocess.run(["pactl", "info"], env=environment, capture_output=True, check=False).returncode == 0:
            return
        threading.Event().wait(_LOOK_S)
    raise NoCard(f"PulseAudio does not start: {log.read_text()[-300:]}")


def play(environment: Mapping[str, str], samples: NDArray[np.int16]) -> None:
    """Play to the caller's side, and return at the end. int16 array at 48 kHz [shape=(n,)]."""
    both = np.stack([samples, np.zeros_like(samples)], axis=1).astype("<i2").tobytes()
    subprocess.run(["pacat", "--playback", "--raw", "-d", "line", f"--rate={RATE}", "--channels=2",
                    "--latency-msec=500"], input=both, env=environment, check=True)


@contextmanager
def recorded(environment: Mapping[str, str], path: Path) -> Iterator[None]:
    """Record both sides into a file while this lasts: int16, 48 kHz, the caller and the bridge in turn."""
    with path.open("wb") as file:
        process = subprocess.Popen(["parec", "--raw", "-d", "line.monitor", f"--rate={RATE}", "--channels=2",
                                    "--latency-msec=60"], env=environment, stdout=file)
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def both_sides(path: Path) -> NDArray[np.int16]:
    """Return what was recorded: int16 array [shape=(n, 2)]."""
    samples = np.fromfile(path, "<i2")
    return samples[: len(samples) // 2 * 2].reshape(-1, 2)
