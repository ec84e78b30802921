"""The pages in Debian's Chromium: they show what goes on, to everybody, in five languages, and ask nobody else."""

import json
import re

import pytest
from browser import chromium, expect, needs_chromium, tab, untranslated
from callers import KeypadLine

from ivr.clock import samples
from ivr.desk.opening import open_desk
from ivr.directory.organizers import NewOrganizer
from ivr.lines.memory import MemoryTrunk
from ivr.web.serving import listening, served
from ivr.web.users import user_line, users_of
from ivr.web.wording import LANGUAGES, words
from tests.ivr.desk.conftest import chosen, environment

__all__ = ["chosen", "environment"]

pytestmark = [needs_chromium, pytest.mark.slow]

EVENTS = re.compile("/api/events")
LANGUAGE = "document.documentElement.lang"
PATHS = ("/", "/show", "/show/1234567", "/room/1234567", "/desk", "/phone", "/login")


@pytest.fixture(scope="module")
def browser():
    with chromium() as one:
        yield one


@pytest.fixture
def site(browsed, chosen):
    """The address of a bridge with two who meet, one who waits, and one on the way, and a directory."""
    desk = open_desk(chosen)
    desk.settings.set("settings", {"pin-length": "12"})  # which stands nowhere by chance
    desk.organizers.enable(NewOrganizer("amos.marble@contoso.com", name="Amos Marble"))
    desk.meetings.meet_now("amos.marble@contoso.com", subject="Budget")
    desk.close()
    lines = [KeypadLine("anna", [(0.3, "1234567#1")]), KeypadLine("amos", [(3, "1234567#*48215#")]),
             KeypadLine("carl", [(0.3, "7654321#1")]), KeypadLine("dora", [])]
    one = browsed(database=chosen, trunks=[MemoryTrunk(lines, stays=True)],
                  meetings=(("1234567", "48215"), ("7654321", "90371")),
                  product={"first_digit_timeout": samples(3600)})  # dora stays, however late she is looked at
    while one.session.view().at < samples(8):
        pass  # each view is of another tick
    one.session.pace.go(1)
    at = listening("127.0.0.1", 0)
    with served(one.app, at):
        yield f"http://127.0.0.1:{at.getsockname()[1]}"
    at.close()


def opened(tab, address):
    """Open a page, and wait until it shows how it stands: all its sections are drawn in one go."""
    page = tab.page
    page.goto(address)
    if not address.partition("?")[0].endswith(("/login", "/phone", "/saved")):
        page.wait_for_selector('#link[data-state="live"]')
        expect(page.locator("#sentence")).not_to_have_text(words(page.evaluate(LANGUAGE))["sentence.joining"])
    return page


def test_pages_when_light_or_dark_then_axe_finds_nothing_serious_the_console_is_empty_and_nobody_else_is_asked(
        browser, site):
    from axe_playwright_python.sync_playwright import Axe

    found = []
    for scheme in ("light", "dark"):
        with tab(browser, color_scheme=scheme) as one:
            for path in (*PATHS, "/saved"):
                page = opened(one, site + path)
                for fault in Axe().run(page).response["violations"]:
                    if fault["impact"] in ("serious", "critical"):
                        found.append((path, scheme, fault["id"], [node["html"] for node in fault["nodes"]][:3]))
                assert (one.complaints, one.hosts) == ([], {"127.0.0.1"}), path
    assert found == []


@pytest.mark.parametrize("tag", LANGUAGES)
def test_pages_when_a_telephone_is_as_wide_then_all_of_a_language_fits_and_is_words(browser, site, tag):
    with tab(browser, (390, 844), locale=tag) as one:
        for path in PATHS:
            page = opened(one, site + path)
            assert page.evaluate(LANGUAGE) == tag
            assert (one.sticks_out, untranslated(page.inner_text("body"))) == ([], []), path


def test_lobby_when_somebody_comes_and_waits_then_shown_with_keys_of_which_none_of_a_pin(browser, site):
    with tab(browser, (1600, 1000)) as one:
        page = opened(one, site)
        page.wait_for_selector('.room .meeting .people b:text-is("amos")')
        page.wait_for_selector('.room .lobby .people b:text-is("carl")')
        page.wait_for_selector('.lane[aria-label="carl"] .k-lobby')
        page.wait_for_selector('.lane[aria-label="amos"] .cap')
        expect(page.locator("#figure-calls")).to_have_text("4")
        caps = page.locator('.lane[aria-label="amos"] .cap').all_inner_texts()
        assert "".join(caps).startswith("1234567")
        assert set("".join(caps)[8:]) <= {"•", "*", "#"}
        assert "48215" not in page.content()
        assert one.complaints == []


DRAWN = r"""(lane) => [...lane.querySelectorAll(".band, .prompt, .cap")].map((one) => {
  const style = getComputedStyle(one);
  const label = one.querySelector(".full") ?? one.querySelector("span") ?? one;
  const kind = one.className.replace(/ (tight|first|last)\b/g, "");
  return [kind, label.textContent, style.backgroundColor, style.color, style.fontFamily, style.height];
})"""


def test_saved_when_opened_then_its_lanes_are_the_live_ones(browser, site):
    with tab(browser, (1600, 1000)) as one:
        page = opened(one, site)
        page.wait_for_selector('.lane[aria-label="carl"] .music', state="attached")
        page.wait_for_selector('.lane[aria-label="amos"] .cap', state="attached")
        live = {name: page.locator(f'.lane[aria-label="{name}"]').evaluate(DRAWN) for name in ("anna", "carl")}
        page.click("#saved")
        page.wait_for_selector("h1:text-is('What was live'), .timeline")
        for name, lane in live.items():
            kept = page.locator(f'.lane[data-caller="{name}"]').evaluate(DRAWN)
            for kind in ("band", "prompt", "cap"):
                of_kind = [part for part in lane if part[0].split()[0] == kind]
                assert of_kind, (name, kind)
                assert [part for part in kept if part[0].split()[0] == kind][:len(of_kind)] == of_kind, name
        assert one.complaints == []


def test_lobby_when_only_a_room_is_wanted_then_no_other_is_there(browser, site):
    with tab(browser) as one:
        page = opened(one, f"{site}/room/7654321")
        page.wait_for_selector('.lane[aria-label="carl"]')
        for one_only in (".lane", ".room"):
            expect(page.locator(one_only)).to_have_count(1)
        page.wait_for_selector("#rows tr")
        assert {"anna", "amos", "dora", "1234567"} & {*page.inner_text("body").split()} == set()
        page = opened(one, f"{site}/show")
        page.wait_for_selector('#on-the-way b:text-is("dora")')
        expect(page.locator("#waiting b")).to_have_text(["carl"])
        page = opened(one, f"{site}/show/1234567")
        page.wait_for_selector('#meeting b:text-is("amos")')
        expect(page.locator("#waiting b, #on-the-way b")).to_have_count(0)


def test_desk_when_a_pin_is_reset_then_shown_once_and_a_letter_is_there_as_sent(browser, site):
    with tab(browser, (1600, 1000)) as one:
        page = opened(one, f"{site}/desk")
        page.click('#organizers button:has-text("Reset PIN")')
        page.click('#organizers button:has-text("Really?")')
        pin = page.inner_text(".pin-shown")
        assert re.fullmatch("[0-9]{12}", pin)
        page.click("#shown button")
        page.locator("#shown-what > *").first.wait_for(state="detached")
        assert pin not in page.content()
        page.click("#letters button >> nth=0")
        expect(page.frame_locator(".letter").locator("body")).to_contain_text("Amos")
        page.wait_for_selector("#flow .node.here")
        assert one.complaints == []


def test_desk_when_a_caller_is_added_and_a_meeting_locked_then_it_is_so(browser, site):
    with tab(browser, (1600, 1000)) as one:
        page = opened(one, f"{site}/desk")
        page.wait_for_selector("#rooms .call-row")
        page.fill("#add [name=caller]", "eva")
        page.fill("#add [name=conference]", "1234567")
        page.uncheck("#add [name=talks]")
        page.click("#add button")
        row = page.locator("#calls .call-row", has_text="eva")
        row.locator(".k-meeting").wait_for()
        page.get_by_role("button", name="Lock: 1234567", exact=True).click()
        page.wait_for_selector('#rooms .call-row:has-text("1234567") .lock')
        waits = page.locator("#calls .call-row", has_text="carl")  # for a meeting that has not started
        admit = waits.get_by_role("button", name="Admit: carl")
        expect(admit).to_have_attribute("aria-disabled", "true")
        expect(waits).to_contain_text("not before the start")
        admit.press("Enter")
        page.wait_for_selector("#notice:has-text('the meeting 7654321 has not started')")
        page.fill("#add [name=caller]", "李雷")
        page.fill("#add [name=conference]", "7654321")
        page.click("#add button")
        page.locator("#calls .call-row", has_text="李雷").wait_for()
        row.get_by_role("button", name="Hang up: eva").click()
        row.wait_for(state="detached")
        page.select_option("#their-stories", "s0-15-lobby")
        page.fill("#from-story [name=caller]", "bela")
        page.click("#from-story button")
        page.locator("#calls .call-row", has_text="bela").wait_for()
        expect(page.locator("#notice")).to_be_hidden()
        assert [told for told in one.complaints if "409" not in told] == []  # which Chromium tells of by itself


def test_login_when_name_and_password_are_right_then_in_and_what_is_done_is_done_by_him(browser, browsed):
    one = browsed(users=users_of(user_line("amos", "a good password"), "users"))
    at = listening("127.0.0.1", 0)
    with served(one.app, at), tab(browser) as seen:
        page, address = seen.page, f"http://127.0.0.1:{at.getsockname()[1]}"
        page.goto(f"{address}/desk")
        for password, wanted in (("a wrong password", "/login"), ("a good password", "/desk")):
            page.fill('[name="user"]', "amos")
            page.fill('[name="password"]', password)
            page.click('form[action="/login"] button, form:has([name="password"]) button')
            page.wait_for_url(f"{address}{wanted}")
        page.wait_for_selector('#link[data-state="live"]')
        page.click("#log-out")
        page.wait_for_url(f"{address}/login")
    at.close()


def crowd(count):
    """Messages of so many callers who wait in a hundred rooms."""
    alike = {"state": "lobby", "where": "lobby", "role": "", "saying": "", "text": "", "music": True, "keys": [],
             "level_dbm0": None}
    calls = {str(n): alike | {"caller": f"caller{n}", "since": 1 + n / 100, "meeting": f"{1000000 + n % 100}"}
             for n in range(1, count + 1)}
    rooms = {f"{1000000 + n}": {"lobby": [*range(n or 100, count + 1, 100)], "meeting": []} for n in range(100)}
    state = {"type": "state", "at": 60.0, "late": 0, "calls": calls, "rooms": rooms, "entries": []}
    return [json.dumps({"type": "hello", "protocol": 1, "title": "", "languages": []}), json.dumps(state)]


def test_lobby_when_a_thousand_call_then_only_those_in_sight_are_drawn(browser, site):
    with tab(browser, (1600, 1000)) as one:
        one.page.route_web_socket(EVENTS, lambda socket: [socket.send(message) for message in crowd(1000)])
        page = opened(one, site)
        page.wait_for_selector(".lane")
        expect(page.locator("#figure-waiting")).to_have_text("1000")
        assert 5 < page.locator(".lane").count() < 30
        assert page.locator("body *").count() < 1500
        page.evaluate("document.getElementById('lanes').scrollTop = 1e6")
        page.wait_for_selector('.lane[aria-label="caller1000"]')
        page.fill("#find", "caller77")
        page.wait_for_selector('.lane[aria-label="caller770"]')
        expect(page.locator(".lane")).to_have_count(11)


def test_lobby_when_it_is_loaded_then_all_of_it_weighs_less_than_300_kb(browser, site):
    weights = []
    with tab(browser) as one:
        one.page.on("response", lambda answer: weights.append(answer))
        opened(one, site)
        assert sum(len(answer.body()) for answer in weights) < 300_000


def test_lobby_when_the_bridge_is_gone_and_comes_again_then_the_page_says_so_and_goes_on(browser, site):
    with tab(browser) as one:
        sockets, lost = [], []

        def begins():
            for message in crowd(len(sockets)):
                sockets[-1].send(message)

        def answers(socket):
            sockets.append(socket)
            if len(sockets) != 2 or lost:
                begins()

        one.page.route_web_socket(EVENTS, answers)
        page = opened(one, site)
        page.wait_for_selector('#figure-calls:text-is("1")')
        sockets[0].close()
        page.wait_for_selector('#link[data-state="lost"]')
        lost.append(True)  # until this was seen nobody answers
        if len(sockets) == 2:
            begins()
        page.wait_for_selector('#figure-calls:text-is("2")')
        expect(page.locator("#link")).to_have_text(words("en-US")["link.live"])
        sockets[1].send(json.dumps({"type": "over"}))
        page.wait_for_selector('#link[data-state="over"]')
        expect(page.locator("#gone")).to_have_text(words("en-US")["link.over.more"])
        sockets[1].close()  # the bridge says that it is well, so another one is there
        page.wait_for_selector('#figure-calls:text-is("3")')
        expect(page.locator("#link")).to_have_text(words("en-US")["link.live"])
        expect(page.locator("#gone")).to_be_hidden()
