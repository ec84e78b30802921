"""Mail addresses in any script: what is one, how it is kept, how it travels (D2, D4, RFC 6531, RFC 5890)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.mail.addresses import address, on_the_wire
from ivr.mail.errors import BadHeader

COMBINED = "jo\u0308rg@contoso.com"
"""An o and its two dots, as some keyboards type them."""


@pytest.mark.parametrize(("typed", "kept", "wire"), [
    ("Amos.Marble@Contoso.com", "amos.marble@contoso.com", "Amos.Marble@contoso.com"),
    ("o'neil+x@sub.x-y.org", "o'neil+x@sub.x-y.org", "o'neil+x@sub.x-y.org"),
    ("jens@MÜNCHEN.de", "jens@münchen.de", "jens@xn--mnchen-3ya.de"),
    ("jens@xn--mnchen-3ya.de", "jens@münchen.de", "jens@xn--mnchen-3ya.de"),
    ("王小明@例子。中国", "王小明@例子.中国", "王小明@xn--fsqu00a.xn--fiqs8s"),
    (COMBINED, "jörg@contoso.com", "jörg@contoso.com"),
    ("amos@xn--strae-oqa.de", "amos@xn--strae-oqa.de", "amos@xn--strae-oqa.de"),
    ("a@b", "a@b", "a@b"),
])
def test_an_address_then_kept_in_its_own_script_and_sent_with_its_domain_in_ascii(typed, kept, wire):
    assert (address(typed), on_the_wire(typed)) == (kept, wire)
    assert address(kept) == address(wire) == kept


@pytest.mark.parametrize("text", [
    "", "amos", "@contoso.com", "amos@", "a@b@c", "a b@c.org", "a@b .org", "a@b.org\r\nBcc: x@y.org",
    "Amos <a@b.org>",
    ".a@b.org", "a.@b.org", "a..b@c.org", "a@.b.org", "a@b.", "a@b..org", "a@-b.org", "a@b-.org", "a@b_c.org",
    "a@mün_chen.de", "a@[127.0.0.1]", '"a b"@c.org', "a;b@c.org", "a@b.org\ud800", "a\ud800@b.org", "a@\ud800.org",
    "a\u202e@b.org", "a\x00@b.org", "a\xa0b@c.org", f"{'ü' * 33}@b.org", f"a@{'b' * 64}.org",
    f"a@{'.'.join(['b' * 60] * 5)}", "a@www.münchen。"])
def test_what_is_no_address_then_refused_in_one_sentence(text):
    for read in (address, on_the_wire):
        with pytest.raises(BadHeader, match="is not a mail address") as refused:
            read(text)
        assert str(refused.value).isprintable()


@pytest.mark.parametrize("domain", ["straße.de", "βόλος.gr", "na\u200cme.com"])
def test_a_domain_that_the_two_standards_read_differently_then_asked_for_in_ascii(domain):
    with pytest.raises(BadHeader, match=r"may be two different ones .* write it in ASCII, as xn--"):
        address(f"amos@{domain}")


@given(st.text(max_size=20), st.text(max_size=20))
def test_any_text_then_refused_or_kept_so_that_it_stays_the_same_address(alias, domain):
    try:
        kept = address(f"{alias}@{domain}")
    except BadHeader:
        return
    assert address(kept) == kept
    assert on_the_wire(kept).rpartition("@")[2].isascii()
    assert kept.isprintable()
