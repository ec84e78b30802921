"""The examples that ship: their stories come true with their app."""

import importlib.util
import shutil
import threading
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest

from dtmf.audiofile import read
from ivr.cli import main

ROOT = Path(__file__).parents[3]


@pytest.fixture
def order_line(tmp_path):
    """The order line in a folder of its own, and its app on a port that is free."""
    spec = importlib.util.spec_from_file_location("order_line_app", ROOT / "examples" / "order-line" / "app.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    server = ThreadingHTTPServer(("127.0.0.1", 0), module.Orders)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    folder = shutil.copytree(ROOT / "examples" / "order-line", tmp_path / "order-line")
    file = folder / "order-line.yaml"
    file.write_text(file.read_text("utf-8").replace(":8080/", f":{server.server_port}/"), encoding="utf-8")
    yield folder
    server.shutdown()
    thread.join()
    server.server_close()


def test_order_line_when_its_stories_run_with_its_app_then_they_come_true(order_line, capsys):
    assert main(["run", str(order_line / "stories"), "--report", str(order_line / "report"), "--no-audio",
                 "--coverage"]) == 0
    out = capsys.readouterr().out
    assert "5 passed, 0 failed" in out
    assert "18 of 22 exits taken" in out
    message, _ = read(order_line / "report" / "a-message" / "bela-voicemail-1.wav")
    assert 2 * 8000 < len(message) < 8 * 8000
    page = (order_line / "report" / "an-order-is-found" / "report.html").read_text("utf-8")
    assert "look-up" in page
