"""The examples that ship: their stories come true with their app."""

import importlib.util
import shutil
import threading
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest

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
    assert main(["run", str(order_line / "stories")]) == 0
    assert "5 passed, 0 failed" in capsys.readouterr().out
