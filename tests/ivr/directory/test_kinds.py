"""What the kinds of parameters take: texts, numbers of telephones, languages, anything at all."""


import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.directory.errors import BadValue
from ivr.directory.parameters import GROUPS, LANGUAGES, Parameter, language, languages, number
from ivr.directory.parameters.kinds import Choice, Flag, Integer, Key, LanguageId
from ivr.directory.parameters.texts import (
    EXTENSION,
    HOST,
    LINK,
    MAIL,
    PHONE,
    PhoneNumbers,
    TextParameter,
    line,
    lines,
)

# Kinds


@pytest.mark.parametrize(("kind", "good", "bad"), [
    pytest.param(MAIL, ["amos.marble@contoso.com", "u@hotmail.com", "o'neil+tag@mail.example.org", "me@localhost"],
                 ["amos", "amos@", "@contoso.com", "a b@c.de", "a@b@c.de", "a@-b.de", ".a@b.de", "a..b@c.de",
                  "a@b.de\nBcc: x@y.zz", f"{'a' * 65}@b.de", f"a@{'b.' * 130}de", "Amos <a@b.de>"], id="mail"),
    pytest.param(HOST, ["localhost", "mail.contoso.com", "192.0.2.7", "2001:db8::1", "::1"],
                 ["mail contoso", "http://x.de", "-x.de", "x..de", "x.de:25", "a/b", ":::"], id="host"),
    pytest.param(LINK, ["https://example.org/a?b=c#d", "http://[2001:db8::1]:8080/", "https://example.org"],
                 ["example.org", "ftp://x.de", "javascript:alert(1)", "https://", "https://x .de", "https://[x",
                  "https://x.de:99999", "https://x.de/\"onclick", "https://x.de/<b>", "https://x.de/" + "a" * 2000],
                 id="link"),
    pytest.param(EXTENSION, ["1", "36697", "0" * 20], ["12a", "1" * 21, "+1", "٣٤"], id="extension"),
    pytest.param(PHONE, ["+14255550123"], ["555", "+0142555501", "1" * 16, "sip:a@b.de"], id="phone"),
    pytest.param(line(5), ["héllo", "a b"], ["sixsix", "a\nb", "a\tb", "a\u2028b", "\udc80"], id="line"),
    pytest.param(lines(512), ["x" * 512, "a <b>b</b>\n\nc"], ["x" * 513, "a\x00", "a\x1b[0m"], id="lines-512"),
])
def test_text_when_of_its_form_then_taken_else_refused(kind: TextParameter, good: list[str], bad: list[str]
                                                       ) -> None:
    parameter = Parameter("thing", "", kind, "", "ours", "A thing.")
    assert [parameter.read(f" {text} ") for text in good] == good
    for text in bad:
        assert not kind.holds(text)
        with pytest.raises(BadValue, match="is no thing: it takes"):
            parameter.read(text)


@pytest.mark.parametrize("text", ["", "  ", "none", "NONE", "$null"])
def test_text_when_cleared_with_any_word_then_empty(text: str) -> None:
    for kind in (MAIL, HOST, LINK, EXTENSION, PHONE, line(9), lines(9)):
        assert kind.read(text) == ""
    assert PhoneNumbers().read(text) == ()


def test_text_when_typed_on_windows_then_its_lines_end_alike() -> None:
    assert lines(512).read("one\r\ntwo\r\n") == "one\ntwo"


def test_phones_when_one_stands_there_twice_then_refused() -> None:
    numbers = GROUPS["audio-conferencing"].parameter("MeetingInvitePhoneNumbers")
    assert numbers.read("+14255550123, tel:+33155550123") == ("+14255550123", "+33155550123")
    for text in ("+14255550123,14255550123", "+14255550123,", "+14255550123,none", "x"):
        with pytest.raises(BadValue, match="is no invite-numbers: it takes different phone numbers"):
            numbers.read(text)


@pytest.mark.parametrize("written", [
    "14255550123", "+14255550123", "tel:+14255550123", "TEL:14255550123", " +1 (425) 555-0123 ", "+1.425.555.0123"])
def test_d9_number_when_written_in_any_form_then_e164_with_its_plus(written: str) -> None:
    assert number(written) == "+14255550123"


@pytest.mark.parametrize("written", [
    "", "+", "tel:", "555-01", "0425555012", "+44 (0)20 7946 0000", "1" * 16, "++14255550123", "1425555012x",
    "sip:amos@contoso.com", "tel:+14255550123;ext=9", "+1425555012\N{FULLWIDTH DIGIT FOUR}"])
def test_d9_number_when_none_then_refused_with_an_example(written: str) -> None:
    with pytest.raises(BadValue, match=r"write it with its country's code, such as \+14255550123"):
        number(written)


# Languages


def test_a1_8_languages_when_counted_then_44_with_finnish_and_slovenian_put_right() -> None:
    assert len(LANGUAGES) == len(set(LANGUAGES.values())) == 44
    assert [LANGUAGES[id_] for id_ in ("fi-FI", "sl-SI", "sk-SK")] == ["Finnish", "Slovenian", "Slovak"]
    assert "fi-FL" not in LANGUAGES


@pytest.mark.parametrize("id_", LANGUAGES)
def test_language_when_written_as_id_or_name_in_any_case_then_its_id(id_: str) -> None:
    for written in (id_, id_.upper(), id_.replace("-", "_"), LANGUAGES[id_], LANGUAGES[id_].lower()):
        assert language(written) == id_


@pytest.mark.parametrize(("written", "near"), [("fi-FL", "fi-FI"), ("fr-FT", "fr-FR"), ("EN-UZ", "en-US"),
                                               ("finish", "Finnish")])
def test_language_when_unknown_then_the_nearest_is_named(written: str, near: str) -> None:
    with pytest.raises(BadValue, match=f"did you mean '{near}'"):
        language(written)
    with pytest.raises(BadValue, match=f"is no language: it takes .*did you mean '{near}'"):
        GROUPS["settings"].parameter("language").read(written)


def test_c8_secondary_languages_when_four_then_kept_in_their_order() -> None:
    assert languages("fr-FR, de-DE;es-MX ja-jp") == ("fr-FR", "de-DE", "es-MX", "ja-JP")
    assert languages("none") == languages("") == ()


def test_c8_secondary_languages_when_five_or_one_twice_then_refused() -> None:
    with pytest.raises(BadValue, match="are 5 languages: name at most 4"):
        languages("fr-FR de-DE es-MX ja-JP en-GB")
    with pytest.raises(BadValue, match="'fr-FR' stands there twice"):
        languages("fr-FR fr-fr")


# Whatever is typed or kept


KINDS = [Flag(), Integer(4, 12), Integer(1, 999, words=(("automatic", None), ("none", None))),
         Integer(0, 9, words=(("never", 0),)), Choice((("names", "UseNames"), ("tones", "ToneOnly"))), LanguageId(),
         Key(), MAIL, HOST, LINK, EXTENSION, PHONE, PhoneNumbers(), line(40), lines(40)]

TYPED = st.one_of(
    st.text(max_size=60), st.integers().map(str), st.emails(), st.from_regex(r"\A(tel:)?\+?[0-9]{6,16}\Z"),
    st.sampled_from(["yes", "none", "never", "automatic", "UseNames", "en-us", "https://a.bc/d", "1425555012,"]))


@given(text=TYPED)
def test_kinds_when_anything_is_typed_then_it_is_refused_or_shown_and_read_again_alike(text: str) -> None:
    for kind in KINDS:
        parameter = Parameter("thing", "", kind, None, "ours", "A thing.")
        try:
            value = parameter.read(text)
        except BadValue as error:
            assert "\n" not in str(error)
        else:
            assert kind.holds(value)
            assert parameter.read(parameter.show(value)) == value


@given(value=st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=9), st.emails(),
                       st.lists(st.text(max_size=9), max_size=3)))
def test_kinds_when_anything_was_kept_then_it_is_refused_or_shown_and_read_again_alike(value: object) -> None:
    for kind in KINDS:
        parameter = Parameter("thing", "", kind, None, "ours", "A thing.")
        try:
            kept = parameter.kept(value)
        except BadValue:
            continue
        again = parameter.read(parameter.show(kept))
        assert (again, type(again)) == (kept, type(kept))
