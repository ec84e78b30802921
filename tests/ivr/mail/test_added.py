"""The text that an administrator adds to letters (F2): what survives of it."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.mail.errors import BadFact
from ivr.mail.letters import Facts, LetterKind, write

FULL = Facts(name="Amos Marble", account="amos.marble@contoso.com", number="+1 425 555 0123", pin="904817265")
WITH_PIN = (LetterKind.ENABLED, LetterKind.PIN_RESET)

ADDED = [
    ("<b>bold</b> <i>i</i> <u>u</u>", "<b>bold</b> <i>i</i> <u>u</u>", "bold i u"),
    ("one<br>two<BR/>three", "one<br>two<br>three", "one\ntwo\nthree"),
    ("<p>one<p>two", "<p>one</p><p>two</p>", "one\ntwo"),
    ("<ul><li>one<li>two</ul>end", "<ul><li>one</li><li>two</li></ul>end", "- one\n- two\nend"),
    ('<a href="https://x.org/?a=1&amp;b=2">page</a>', '<a href="https://x.org/?a=1&amp;b=2">page</a>',
     "page (https://x.org/?a=1&b=2)"),
    ('<a href="mailto:help@x.org" onclick="x()">us</a>', '<a href="mailto:help@x.org">us</a>', "us (help@x.org)"),
    ('<a href="javascript:alert(1)">page</a>', "page", "page"),
    ('<a href=" JAVASCRIPT:alert(1)">page</a>', "page", "page"),
    ('<a href="java\nscript:alert(1)">page</a>', "page", "page"),
    ('<a href="data:text/html,x">page</a><a>no</a>', "pageno", "pageno"),
    ("<b onmouseover='x()' style='y'>b</b>", "<b>b</b>", "b"),
    ("<script>alert(1)</script>after<style>p {}</style>", "after", "after"),
    ("<img src=x onerror=y>pic<iframe src=z></iframe>", "pic", "pic"),
    ("<b>never closed <i>nor this", "<b>never closed <i>nor this</i></b>", "never closed nor this"),
    ("</div></td></table>out", "out", "out"),
    ("5 < 6 & 7 > 2 &amp; &lt;b&gt;", "5 &lt; 6 &amp; 7 &gt; 2 &amp; &lt;b&gt;", "5 < 6 & 7 > 2 & <b>"),
    ("line\n  <b>next</b>", "line\n  <b>next</b>", "line next"),
    ("<!-- secret -->seen<?php x ?>", "seen", "seen"),
]


@pytest.mark.parametrize(("added", "in_html", "in_text"), ADDED, ids=[added for added, _, _ in ADDED])
@pytest.mark.parametrize("kind", WITH_PIN, ids=lambda kind: kind.value)
def test_f2_a_text_of_the_administrator_then_only_simple_tags_survive(kind, added, in_html, in_text):
    letter = write(kind, dataclasses.replace(FULL, added_text=added), "fr-FR")
    assert f">{in_html}</div>" in letter.html
    assert f"\n\n{in_text}\n\n-- \n" in letter.text


@pytest.mark.parametrize(("characters", "accepted"), [(0, True), (512, True), (513, False)])
def test_f2_a_text_longer_than_512_characters_then_refused(characters, accepted):
    facts = dataclasses.replace(FULL, added_text="x" * characters)
    if accepted:
        assert write(LetterKind.PIN_RESET, facts, "en-US").text.count("x" * 100) == characters // 100
    else:
        with pytest.raises(BadFact, match="513"):
            write(LetterKind.PIN_RESET, facts, "en-US")


TAGS = ["<b>", "</b>", "<p>", "</p>", "<ul>", "</ul>", "<li>", "</li>", "<br>", "<a href='https://x.org'>", "</a>",
        "<script>", "</script>", "<!--", "-->", "<", "&", "&lt", "]]>", "x", " ", "<title>", "</td>", "<b"]


@given(st.lists(st.sampled_from(TAGS), max_size=20).map("".join))
def test_any_added_text_then_the_html_stays_balanced_and_without_script(unbalanced, added):
    page = write(LetterKind.PIN_RESET, dataclasses.replace(FULL, added_text=added), "en-US").html
    assert unbalanced(page) == []
    assert "<script" not in page
    assert page.rstrip().endswith("</html>")
