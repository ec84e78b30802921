"""The examples that ship: their stories come true with their app."""

import importlib.util
import re
import shutil
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest
from servers import at_work
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


@pytest.fixture
def example(tmp_path):
    """Opens an example in a folder of its own, with its app on a port that is free: ``example("order-line")``."""
    @contextmanager
    def opened(name):
        app = next(one for one in vars(app_of(name)).values() if isinstance(one, type) and hasattr(one, "do_POST"))
        server = ThreadingHTTPServer(("127.0.0.1", 0), app)
        server.daemon_threads = True
        folder = shutil.copytree(ROOT / "examples" / name, tmp_path / name)
        file = folder / f"{name}.yaml"
        with at_work(server) as port:
            file.write_text(file.read_text("utf-8").replace(":8080/", f":{port}/"), encoding="utf-8")
            yield folder
    return opened


def test_order_line_when_its_stories_run_with_its_app_then_they_come_true(example, capsys):
    with example("order-line") as folder:
        assert main(["run", str(folder / "stories"), "--report", str(folder / "report"), "--no-audio",
                     "--coverage"]) == 0
        out = capsys.readouterr().out
        assert "5 passed, 0 failed" in out
        assert "18 of 22 exits taken" in out
        message, _ = read(folder / "report" / "a-message" / "bela-voicemail-1.wav")
        assert 2 * 8000 < len(message) < 8 * 8000
        page = (folder / "report" / "an-order-is-found" / "report.html").read_text("utf-8")
        assert "look-up" in page


def test_team_line_when_its_story_runs_with_its_app_then_it_comes_true_and_the_pin_is_nowhere(example, capsys):
    with example("team-line") as folder:
        assert main(["run", str(folder / "stories"), "--report", str(folder / "report"), "--no-audio"]) == 0
        assert "1 passed, 0 failed" in capsys.readouterr().out
        for path in (folder / "report").rglob("journal.*"):
            assert not re.search(r"(?<![0-9.])2468(?![0-9])", path.read_text("utf-8")), path


def test_bicycle_shop_when_its_stories_run_with_its_flask_app_then_they_come_true(capsys):
    server = make_server("127.0.0.1", 0, app_of("bicycle-shop").app, threaded=True)
    with at_work(server) as port:
        stories = str(ROOT / "examples" / "bicycle-shop" / "stories")
        assert main(["run", "--twiml", f"http://127.0.0.1:{port}/voice", stories]) == 0
    assert "5 passed, 0 failed" in capsys.readouterr().out
