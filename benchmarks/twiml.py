"""A hundred calls against the bicycle shop's Flask app, over HTTP, with true audio; prints how long they took."""

import importlib.util
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from werkzeug.serving import WSGIRequestHandler, make_server

from ivr.cli.kit import prompts, stage
from ivr.clock import seconds
from ivr.conference.profile import PROFILES
from ivr.custom.loading import Known, at_url
from ivr.live.documents import WaitingForDocuments
from ivr.live.shelf import RecordingShelf
from ivr.scenario.grammar import Words, load
from ivr.scenario.player import play
from prompts import languages

EXAMPLE = Path(__file__).parents[1] / "examples" / "bicycle-shop"
CALLS = 100


class _Quiet(WSGIRequestHandler):
    def log(self, *_: Any) -> None:  # noqa: ANN401
        pass


@contextmanager
def shop() -> Iterator[str]:
    """Have the app at work; gives its address."""
    spec = importlib.util.spec_from_file_location("bicycle_shop", EXAMPLE / "app.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    server = make_server("127.0.0.1", 0, module.app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/voice"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def main() -> None:
    """Play the stories until a hundred have called, and print what it took."""
    sounds = replace(stage(), fetches=WaitingForDocuments(), shelf=RecordingShelf())
    calls, lasted, failed = 0, 0, 0
    with shop() as url:
        words = Words(prompts().names(), PROFILES, languages(), at_url=at_url(url, Known.with_hosts()))
        stories = [load(path, words) for path in sorted(EXAMPLE.glob("stories/*.yaml"))]
        play(stories[0], sounds)  # the decoder is loaded
        began, spent = time.perf_counter(), time.process_time()
        while calls < CALLS:
            for story in stories:
                result = play(story, sounds)
                calls += len(result.journal.of("dialled"))
                lasted += result.ended_at
                failed += not result.passed
        took, cpu = time.perf_counter() - began, time.process_time() - spent
    print(f"{calls} calls of a Flask app, {seconds(lasted):.0f} s of audio, in {took:.1f} s ({cpu:.1f} s of CPU); "
          f"{failed} stories failed")


if __name__ == "__main__":
    main()
