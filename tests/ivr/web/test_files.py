"""Files that pages fetch: kept in memory, and known again."""

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from ivr.web.files import KeptFiles, sheets


@pytest.fixture
def client(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "one.js").write_text("let one = 1;")
    (tmp_path / "all.css").write_text("b {}")
    files = KeptFiles(tmp_path, {"sheets/own.css": b"b {}"})
    (tmp_path / "a" / "one.js").write_text("changed")
    return TestClient(Starlette(routes=[Mount("/static", files)]))


def test_file_when_it_is_fetched_again_then_it_is_known_by_its_tag(client):
    first = client.get("/static/a/one.js")
    assert (first.status_code, first.text) == (200, "let one = 1;")  # as it was when it was read
    assert first.headers["content-type"].partition(";")[0] == "text/javascript"
    again = client.get("/static/a/one.js", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get("/static/sheets/own.css").text == "b {}"
    assert all(b".top" in sheet and b"--ink" in sheet for sheet in sheets().values())


@pytest.mark.parametrize(("way", "path", "code"), [
    ("get", "/static/nothing", 404), ("get", "/static/../all.css", 404), ("get", "/static/", 404),
    ("get", "/static/a", 404), ("post", "/static/all.css", 405)])
def test_file_when_it_is_none_or_not_fetched_then_that_is_told(client, way, path, code):
    assert getattr(client, way)(path).status_code == code
