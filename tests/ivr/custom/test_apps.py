"""Apps are asked over HTTP: those of this machine alone, with a limit to everything."""

import threading

import pytest
from ports import refusing

from ivr.custom.asking import Outgoing
from ivr.live.apps import AskingApps, WaitingForApps
from ivr.live.aside import AppTooSlow


def ask(apps, url, **facts):
    return apps.ask(Outgoing(1, "look-up", url, facts))


def test_app_when_it_is_asked_then_it_gets_the_facts_and_its_answer_comes_back(app):
    with app(lambda facts: {"exit": "known", "day": facts["number"]}) as one:
        reply = ask(WaitingForApps(), f"{one.url}/orders?line=1", number="123")
        assert (reply.facts, reply.failure) == ({"exit": "known", "day": "123"}, "")
        assert one.paths == ["/orders?line=1"]
        assert one.asked == [{"number": "123"}]


@pytest.mark.parametrize(("answer", "sentence"), [
    ("not JSON", "no JSON"), ("[1, 2]", "no JSON object"), ("[" * 50_000, "no JSON"), ("x" * 70_000, "longer than"),
    ((500, {}, "oh"), "status 500"), ((404, {}, ""), "status 404"), ("9" * 5000, "no JSON"),
    ((302, {"Location": "http://192.0.2.1/"}, ""), "not on this machine"),
    ((302, {"Location": "file:///etc/passwd"}, ""), "not on this machine"),
    ((302, {"Location": "http://localhost.example.org:1/"}, ""), "not on this machine"),
    ((307, {"Location": "http://127.0.0.1:99999/"}, ""), "no address"),
    ((302, {}, ""), "more than 5 times"),
])
def test_app_when_it_answers_nonsense_or_sends_elsewhere_then_said_so(app, answer, sentence):
    if answer == (302, {}, ""):
        answer = (308, {"Location": "/again"}, "")
    with app(answer) as one:
        reply = ask(WaitingForApps(), one.url)
        assert sentence in reply.failure
        assert dict(reply.facts) == {}
        assert len(one.paths) <= 6


def test_app_when_it_sends_on_to_its_own_machine_then_followed(app):
    with app({"exit": "known"}) as one, app((302, {"Location": f"{one.url}/there"}, "")) as two:
        assert ask(WaitingForApps(), two.url).facts == {"exit": "known"}
        assert one.paths == ["/there"]


def test_app_when_nobody_is_there_then_said_so_and_no_proxy_is_asked(app, monkeypatch):
    with app({"exit": "known"}) as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        with refusing() as nobody:
            gone = f"http://127.0.0.1:{nobody.getsockname()[1]}"
            assert "cannot be asked" in ask(WaitingForApps(), gone).failure
        assert "not on this machine" in ask(WaitingForApps(), "http://example.org/").failure
        assert proxy.paths == []


def test_app_when_it_takes_too_long_then_the_run_ends_but_a_live_call_goes_on(app):
    let_go = threading.Event()

    def slowly(_):
        let_go.wait()
        return {"exit": "known"}

    with app(slowly) as one:
        with pytest.raises(AppTooSlow, match=r"has not answered the node 'look-up' within 0\.1 s") as caught:
            ask(WaitingForApps(patience_s=0.1), f"{one.url}/?secret=40286173")
        assert caught.value.exit_code == 3
        assert "40286173" not in str(caught.value)
        apps = AskingApps(patience_s=0.1)
        assert ask(apps, one.url) is None
        replies = []
        while not replies:
            replies = list(apps.come())
        assert "within 0.1 s" in replies[0].failure
        let_go.set()


def test_app_when_it_is_asked_in_a_live_call_then_the_answer_comes_later(app):
    with app({"exit": "known"}) as one:
        apps = AskingApps()
        assert ask(apps, one.url) is None
        replies = []
        while not replies:
            replies = list(apps.come())
        assert (replies[0].call, replies[0].node, replies[0].facts) == (1, "look-up", {"exit": "known"})


def test_run_when_an_app_takes_too_long_then_it_ends_loudly(app, tell):
    let_go = threading.Event()
    with app(lambda _: let_go.wait() and {"exit": "known"}) as one:
        with pytest.raises(AppTooSlow):
            tell(f'start: a\na: {{ask: {one.url}, then: b}}\nb: {{say: "Well done.", then: hang up}}\n',
                 "  anna:\n    - dial\n    - hear: b\n", apps=WaitingForApps(patience_s=0.1))
        let_go.set()
