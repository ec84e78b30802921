"""The examples that ship: their stories come true with their app."""

import importlib.util
import shutil
import threading
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest
from werkzeug.serving import make_server

from dtmf.audiofile import read
from ivr.cli import main

ROOT = Path(__file__).parents[3]


def app_of(example):
    """Return the module of an example's app."""
    spec = importlib.util.spec_from_file_location(example.replace("-", "_"), ROOT / "examples" / example / "app.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@contextmanager
def at_work(server):
    """Have a server at work; gives its port."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def order_line(tmp_path):
    """The order line in a folder of its own, and its app on a port that is free."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), app_of("order-line").Orders)
    server.daemon_threads = True
    folder = shutil.copytree(ROOT / "examples" / "order-line", tmp_path / "order-line")
    file = folder / "order-line.yaml"
    with at_work(server) as port:
        file.write_text(file.read_text("utf-8").replace(":8080/", f":{port}/"), encoding="utf-8")
        yield folder


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


def test_bicycle_shop_when_its_stories_run_with_its_flask_app_then_they_come_true(capsys):
    server = make_server("127.0.0.1", 0, app_of("bicycle-shop").app, threaded=True)
    with at_work(server) as port:
        stories = str(ROOT / "examples" / "bicycle-shop" / "stories")
        assert main(["run", "--twiml", f"http://127.0.0.1:{port}/voice", stories]) == 0
    assert "5 passed, 0 failed" in capsys.readouterr().out
