"""Who may ask: by which name, from which page, with which token, how often, and as whom."""

import base64
import json

import pytest
from starlette.websockets import WebSocketDisconnect

from ivr.web.access import back
from ivr.web.guard import COOKIE, TOKEN
from ivr.web.logins import IDLE_S, Logins, TooOften
from ivr.web.users import BadWebUsers, Hash, user_line, users_of

EVENTS = "ws://127.0.0.1:8080/api/events"
PASSWORD = "correct horse battery"  # noqa: S105


@pytest.fixture(scope="module")
def users():
    return users_of("# who may\n" + user_line("amos", PASSWORD), "users")


def basic(user, password):
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


def token_of(page):
    return page.text.partition('name="csrf" content="')[2].partition('"')[0]


def test_a_request_by_a_name_that_is_not_ours_then_refused(browsed):
    one = browsed(runs=False)
    bases = {"http://127.0.0.1:8080": 200, "http://localhost:8080": 200, "http://[::1]:8080": 200,
             "http://rebound.example": 421, "http://127.0.0.1.example": 421}
    assert {base: one.client(base).get("/").status_code for base in bases} == bases


def test_an_action_then_done_for_a_program_and_a_page_of_ours_with_its_token_and_for_no_other_page(browsed):
    client = browsed(runs=False).client()
    ours = {"Origin": "http://127.0.0.1:8080"}
    for headers, code in (
            ({}, 404), (ours | {TOKEN: token_of(client.get("/"))}, 404), (ours, 403),
            (ours | {TOKEN: "made up"}, 403),
            ({"Origin": "http://evil.example"}, 403), ({"Origin": "null"}, 403),
            ({"Origin": "http://127.0.0.1:9"}, 403), ({"Sec-Fetch-Site": "cross-site"}, 403)):
        assert client.post("/api/story", json={"name": "none"}, headers=headers).status_code == code, headers


def test_a_socket_of_somebody_elses_page_then_refused(browsed):
    client = browsed().client()
    for headers in ({"Origin": "http://evil.example"}, {"Origin": "null"}, {"Host": "rebound.example"}):
        with pytest.raises(WebSocketDisconnect), client.websocket_connect(EVENTS, headers=headers):
            pass
    with client.websocket_connect(EVENTS, headers={"Origin": "http://127.0.0.1:8080"}) as socket:
        assert socket.receive_json()["type"] == "hello"


def test_nobody_logged_in_where_one_has_to_then_the_way_in_and_nothing_else(browsed, users):
    one = browsed(users=users, names=("lobby.example",))
    client = one.client("https://lobby.example")
    assert client.get("/").headers["Location"] == "/login"
    assert client.get("/desk").headers["Location"] == "/login?to=/desk"
    assert client.get("/phone?count=3").headers["Location"] == "/login?to=/phone%3Fcount%3D3"
    assert 'name="to" value="/phone?count=3"' in client.get("/login?to=/phone%3Fcount%3D3").text
    for path in ("/api/state", "/api/story", "/openapi.json", "/api/events/stream", "/metrics"):
        assert client.get(path).status_code in (303, 401), path
    with pytest.raises(WebSocketDisconnect), client.websocket_connect(EVENTS):
        pass
    assert client.get("/login").status_code == 200
    assert client.get("/static/site.css").status_code == 200


def test_somebody_logs_in_then_a_session_by_a_cookie_that_scripts_and_others_have_not(browsed, users):
    one = browsed(users=users, names=("lobby.example",))
    client = one.client("https://lobby.example")
    assert client.post("/login", data={"user": "amos", "password": "wrong"}).status_code == 401
    done = client.post("/login", data={"user": "amos", "password": PASSWORD, "to": "/show/3811463"})
    assert done.headers["Location"] == "/show/3811463"
    cookie = done.headers["Set-Cookie"]
    assert done.status_code == 303
    assert cookie.startswith(f"{COOKIE}=")
    assert {"HttpOnly", "Secure", "Path=/", "SameSite=strict"} <= {part.strip() for part in cookie.split(";")}
    page = client.get("/desk")
    assert client.get("/api/story").json() == {"story": None}
    asked = {"name": "eva", "conference_id": "1234567", "talks": False}
    assert client.post("/api/callers", json=asked).status_code == 403
    assert client.post("/api/callers", json=asked, headers={TOKEN: token_of(page)}).status_code == 201
    assert any('"what": "adds a caller", "by": "amos", "guest": "eva"' in entry for entry in one.journal)
    one.clock.now += IDLE_S + 1
    assert client.get("/api/story").status_code == 401
    client.post("/login", data={"user": "amos", "password": PASSWORD})
    page = client.get("/desk")
    assert client.post("/logout", headers={TOKEN: token_of(page)}).headers["Location"] == "/login"
    client.cookies.set(COOKIE, cookie.partition("=")[2].partition(";")[0])
    assert client.get("/api/story").status_code == 401


@pytest.mark.parametrize(("to", "where"), [
    ("/show/3811463", "/show/3811463"), ("/phone?count=3&language=de", "/phone?count=3&language=de"), ("", "/"),
    ("//evil.example", "/"), ("/\\evil.example", "/"), ("\\\\evil.example", "/"), ("/\t/evil.example", "/"),
    ("https://evil.example/", "/"), ("evil.example", "/"), ("/desk\r\nSet-Cookie: a=b", "/"), ("/desk\n", "/"),
    ("javascript:alert(1)", "/"), ("/login?to=/desk", "/")])
def test_where_one_comes_to_who_has_logged_in_then_a_page_of_ours(to, where):
    assert back(to) == where


def test_a_program_that_has_a_password_then_no_cookie_needed(browsed, users):
    client = browsed(runs=False, users=users).client("https://127.0.0.1")
    right = basic("amos", PASSWORD)
    assert client.get("/api/story", headers=right).json() == {"story": None}
    assert client.post("/api/story", json={"name": "none"}, headers=right).status_code == 404
    for text in ("Basic !", "Basic YW1vcw==", "Bearer x"):
        assert client.get("/api/story", headers={"Authorization": text}).status_code == 401
    wrong = client.get("/api/story", headers=basic("amos", "x"))
    assert wrong.json() == {"detail": "the name or the password is wrong"}


def test_passwords_tried_in_a_row_then_slowed_for_that_user_and_address_and_told_for_how_long(browsed, users):
    one = browsed(runs=False, users=users)
    client = one.client("https://127.0.0.1")
    assert client.get("/api/story", headers=basic("amos", PASSWORD)).status_code == 200
    known = one.client("https://127.0.0.1").post("/login", data={"user": "amos", "password": PASSWORD})
    codes = [client.post("/login", data={"user": "amos", "password": f"{n}"}).status_code for n in range(7)]
    assert codes == [401] * 5 + [429] * 2
    cookie = known.headers["Set-Cookie"].partition("; ")[0]
    assert client.get("/api/story", headers={"Cookie": cookie}).status_code == 200
    for password in (PASSWORD, "no"):
        assert client.get("/api/story", headers=basic("amos", password)).status_code == 429
    late = client.post("/login", data={"user": "amos", "password": PASSWORD})
    assert (late.status_code, late.headers["Retry-After"]) == (429, "13")
    one.clock.now += 13
    assert client.post("/login", data={"user": "amos", "password": PASSWORD}).status_code == 303


def test_a_user_of_whom_strangers_guess_then_goes_on_from_where_he_is_and_nobody_guesses_on(users):
    logins = Logins(users, lambda: 1000.0)
    assert logins.proven("amos", PASSWORD, "192.0.2.1")
    assert not any(logins.proven("amos", f"{n}", "203.0.113.9") for n in range(5))
    assert logins.proven("amos", PASSWORD, "192.0.2.1")
    for source in ("203.0.113.9", "203.0.113.10"):
        with pytest.raises(TooOften):
            logins.proven("amos", PASSWORD, source)
    for n in range(5):
        with pytest.raises(TooOften):
            logins.proven("amos", f"{n}", "192.0.2.1")
    with pytest.raises(TooOften):
        logins.proven("amos", PASSWORD, "192.0.2.1")


def test_requests_without_end_then_slowed(browsed):
    one = browsed(runs=False, requests=(3, 1))
    client = one.client()
    assert [client.get("/healthz").status_code for _ in range(4)] == [200, 200, 200, 429]
    one.clock.now += 1
    assert [client.get("/healthz").status_code for _ in range(2)] == [200, 429]


def test_every_answer_then_the_headers_that_keep_a_page_to_itself(browsed):
    client = browsed(runs=False).client()
    for path in ("/", "/login", "/api/story", "/nowhere", "/static/site.css", "/openapi.json"):
        headers = client.get(path).headers
        assert "unsafe" not in headers["Content-Security-Policy"], path
        assert headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self';"), path
        assert headers["X-Content-Type-Options"] == "nosniff", path


def test_what_is_not_there_then_a_page_for_a_browser_and_a_sentence_for_a_program(browsed):
    client = browsed(runs=False).client()
    browser = {"Accept": "text/html,*/*;q=0.8", "Accept-Language": "de"}
    for path, said in (("/nix", "führt hier nirgendwohin"), ("/room/nonsense", "aus sieben Ziffern"),
                       ("/show/12345678", "aus sieben Ziffern")):
        page = client.get(path, headers=browser)
        assert (page.status_code, page.headers["Content-Language"]) == (404, "de-DE"), path
        assert said in page.text
        assert '<a href="/">Zum Warteraum</a>' in page.text
    assert client.get("/nix").json() == {"detail": "there is nothing at /nix"}
    assert client.get("/room/nonsense").json() == {"detail": "a room has a conference ID of seven digits"}
    for path in ("/api/events", "/api/state"):
        wrong = client.get(path, params={"room": "abc"})
        assert (wrong.status_code, wrong.json()) == (422, {"detail": "room 'abc' has to be seven digits"})
    assert client.put("/api/story").json()["detail"] == "Method Not Allowed"


def test_a_body_that_is_too_long_then_refused_and_what_was_wrong_told_without_it(browsed):
    client = browsed(runs=False).client()
    assert client.post("/api/callers", content=b"x" * 70_000).status_code == 413
    wrong = client.post("/api/callers", json={"name": "eva", "conference_id": "90371", "pin": "9x"})
    assert wrong.status_code == 422
    assert wrong.json() == {"detail": "conference_id of 5 digits has to be seven digits"}
    broken = client.post("/api/callers", content=b'{"pin": "90371"', headers={"Content-Type": "application/json"})
    assert (broken.status_code, broken.json()) == (422, {"detail": "the body is no JSON"})
    assert client.post("/api/rooms/12/lock").json() == {"detail": "conference_id '12' has to be seven digits"}
    told = client.get("/openapi.json").json()["paths"]
    assert {json.dumps(one["responses"]["422"]["content"]) for path in told.values() for one in path.values()
            if "422" in one["responses"]} == {
                '{"application/json": {"schema": {"$ref": "#/components/schemas/Refused"}}}'}


@pytest.mark.parametrize("text", ["", "amos:plain", "amos:scrypt:3:8:1:c2FsdHNhbHQ=:" + "A" * 24,
                                  "amos:scrypt:33554432:8:1:c2FsdHNhbHQ=:" + "A" * 24])
def test_users_when_the_file_will_not_do_then_a_sentence_without_what_is_in_it(text):
    with pytest.raises(BadWebUsers, match="users") as told:
        users_of(text, "users")
    assert "c2Fs" not in str(told.value)


def test_a_hash_then_of_its_password_alone(users):
    assert isinstance(users["amos"], Hash)
    assert users["amos"].fits(PASSWORD)
    assert not users["amos"].fits(PASSWORD + " ")
    with pytest.raises(BadWebUsers, match="too short"):
        user_line("amos", "short")
