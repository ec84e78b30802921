"""Who is meant: by mail address, SIP URI, display name, logon name or the part before the @ (E, C16, S4.18)."""

import pytest

from ivr.directory.errors import NotFound
from ivr.directory.organizers import NewOrganizer

AMOS, ADA, ALSO_ADA, ZOE = "amos.marble@contoso.com", "ada@contoso.com", "ada@fabrikam.com", "zoe@fabrikam.com"
PEOPLE = (NewOrganizer(AMOS, name="Amos Marble", sip_uri="sip:amos@sip.contoso.com"),
          NewOrganizer(ZOE, name="Zoé Straße"),
          NewOrganizer(ADA, name="Ada Lovelace"), NewOrganizer(ALSO_ADA, name="ada lovelace"),
          *(NewOrganizer(f"b{n}@contoso.com", name="Bela") for n in range(7)))


@pytest.fixture
def crowd(still):
    """A desk with all these people, for tests that change nothing."""
    return still("online", *PEOPLE)


@pytest.mark.parametrize(("who", "address"), [
    pytest.param("amos.marble@contoso.com", AMOS, id="S4.19: the mail address"),
    pytest.param("Amos.Marble@CONTOSO.com", AMOS, id="the mail address in other letters"),
    pytest.param("  amos.marble@contoso.com ", AMOS, id="the mail address with spaces around it"),
    pytest.param("amos.marble", AMOS, id="S4.18: the part before the @"),
    pytest.param("AMOS.marble", AMOS, id="S4.18: the part before the @ in other letters"),
    pytest.param("Amos Marble", AMOS, id="E: the display name"),
    pytest.param("amos MARBLE", AMOS, id="E: the display name in other letters"),
    pytest.param("Zoé Straße", ZOE, id="E: the display name with signs of its own"),
    pytest.param("ZOÉ STRASSE", ZOE, id="E: the display name, folded as its language folds it"),
    pytest.param("sip:amos@sip.contoso.com", AMOS, id="E: the SIP URI"),
    pytest.param("SIP:Amos@SIP.contoso.com", AMOS, id="E: the SIP URI in other letters"),
    pytest.param("amos@sip.contoso.com", AMOS, id="E: the SIP URI without its sip:"),
    pytest.param("contoso\\amos.marble", AMOS, id="E: domain and logon"),
    pytest.param("CONTOSO.com\\Amos.Marble", AMOS, id="E: the whole domain and logon"),
    pytest.param("contoso\\ada", ADA, id="E: domain and logon, where the logon alone is two people's"),
    pytest.param("fabrikam\\ada", ALSO_ADA, id="E: the other domain's"),
])
def test_somebody_named_in_any_way_then_found(crowd, who, address):
    assert crowd.organizers.show(who).address == address


@pytest.mark.parametrize("who", ["Ada Lovelace", "ada LOVELACE", "ada"])
def test_a_name_of_two_organizers_then_refused_with_both_addresses(crowd, who):
    with pytest.raises(NotFound, match="use the mail address") as refused:
        crowd.pins.reset(who)
    assert ADA in str(refused.value)
    assert ALSO_ADA in str(refused.value)
    assert len(crowd.outbox.list()) == len(PEOPLE)


def test_a_name_of_very_many_then_the_first_few_addresses_and_others(crowd):
    with pytest.raises(NotFound, match="and others: use the mail address") as refused:
        crowd.organizers.show("Bela")
    assert str(refused.value).count("@contoso.com") == 5


@pytest.mark.parametrize(("who", "nearest"), [
    ("amos.marbel@contoso.com", AMOS), ("Amos.Marbel@contoso.com", AMOS), ("zoe@fabricam.com", ZOE),
])
def test_an_unknown_organizer_then_the_nearest_is_offered(crowd, who, nearest):
    with pytest.raises(NotFound, match=f"there is no organizer '{who}'; did you mean '{nearest}'"):
        crowd.organizers.show(who)


@pytest.mark.parametrize("who", [
    "", " ", "%", "_mos.marble", "amos.marble@", "@contoso.com", "sip:", "\\", "x" * 5000, "\u0661", "contoso\\",
    "osoc\\ada", "con\\ada", "'; DROP TABLE organizers; --", "\udcff", "a\0", "\udcff@contoso.com",
], ids=lambda who: ascii(who[:12]))
def test_a_name_like_nobodys_then_plainly_not_found(crowd, who):
    with pytest.raises(NotFound, match="there is no organizer"):
        crowd.organizers.show(who)


def test_anybody_where_nobody_was_enabled_yet_then_how_to_begin(desk):
    with pytest.raises(NotFound, match=r"none has been enabled yet \('ivr organizer enable'\)"):
        desk.organizers.show("nobody")


def test_an_address_that_is_another_ones_sip_uri_then_the_mail_address_comes_first(desk, enable):
    enable(desk, sip_uri="sip:amos@sip.contoso.com")
    enable(desk, "amos@sip.contoso.com", name="Another Amos")
    assert desk.organizers.show("amos@sip.contoso.com").name == "Another Amos"
    assert desk.organizers.show("sip:amos@sip.contoso.com").address == AMOS


def test_somebody_whose_address_has_changed_then_found_by_the_new_one_alone(desk, enable):
    enable(desk)
    desk.organizers.set(AMOS, {"address": "A.Marble@fabrikam.com"})
    assert desk.organizers.show("a.marble").address == "a.marble@fabrikam.com"
    with pytest.raises(NotFound):
        desk.organizers.show("amos.marble")


def test_c16_whatever_is_asked_for_then_its_organizer_named_in_any_way(desk_of, enable):
    desk = desk_of("sfbserver")
    enable(desk, "b@contoso.com", name="Bela Barto")
    for ask in (desk.pins.welcome, desk.pins.reset, desk.pins.info, desk.pins.lock, desk.pins.unlock,
                desk.organizers.send_info, desk.organizers.show, desk.organizers.disable):
        assert ask("Bela Barto")
