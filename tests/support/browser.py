"""Debian's Chromium, led by playwright: one for all the tests of a file."""

import contextlib
import re
import shutil
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect, sync_playwright

__all__ = ["CHROMIUM", "Tab", "chromium", "expect", "needs_chromium", "tab", "untranslated"]

LIMIT_MS = 60_000
"""How long is waited for what a page is to show: a limit, which costs nothing where things are quick."""

expect.set_options(timeout=LIMIT_MS)

CHROMIUM = shutil.which("chromium")
needs_chromium = pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed: apt-get install chromium")


class Tab:
    """A page that is open, with what went wrong in it, and where it has asked.

    Attributes
    ----------
    page : playwright Page
    complaints : list of str
        What stands in its console, and what broke off.
    hosts : set of str
        Whom it has asked for anything.
    weight : int
        Bytes of all that came, as they are on the disk.
    """

    def __init__(self, page):
        self.page, self.complaints, self.hosts, self.weight = page, [], set(), 0
        page.set_default_timeout(LIMIT_MS)
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self.hosts.add(urlsplit(request.url).hostname))
        page.on("websocket", lambda socket: self.hosts.add(urlsplit(socket.url).hostname))

    @property
    def sticks_out(self):
        """How many pixels of it are beyond its right edge, and what sticks out."""
        return self.page.evaluate("""() => {
            const wide = document.documentElement.clientWidth, out = [];
            if (document.documentElement.scrollWidth > wide)
              for (const one of document.body.querySelectorAll("*"))
                if (one.getBoundingClientRect().right > wide + 1) out.push(one.outerHTML.slice(0, 90));
            return out.slice(0, 3);
        }""")


class Browser:
    """One that is there whenever a window is opened: where it has crashed, another one."""

    def __init__(self, launch):
        self._launch, self._one = launch, launch()

    def new_context(self, **options):
        """Open a window."""
        if not self._one.is_connected():
            self._one = self._launch()
        return self._one.new_context(**options)

    def close(self):
        """End it."""
        self._one.close()


@contextlib.contextmanager
def chromium(*arguments):
    """Start one; no other loop of asyncio runs in this thread meanwhile."""
    with sync_playwright() as playwright:
        browser = Browser(lambda: playwright.chromium.launch(executable_path=CHROMIUM,
                                                             args=["--no-sandbox", *arguments]))
        try:
            yield browser
        finally:
            browser.close()


@contextlib.contextmanager
def tab(browser, size=(1000, 900), **more):
    """Open an empty page in a window of its own."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce", **more)
    try:
        yield Tab(context.new_page())
    finally:
        context.close()


def untranslated(text):
    """Return what looks like the name of a text and not like one."""
    return re.findall(r"(?:^|\s)[a-z]+\.[a-z-]+(?:\.[a-z-]+)*(?=\s|$)", text)
