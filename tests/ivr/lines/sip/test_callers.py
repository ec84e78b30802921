"""By what a caller counts: by the host that signals, or by himself where a proxy is trusted to speak for him."""

import pytest
from wire import OFFER, Caller, message

from ivr.lines.sip.callers import BadNetwork, trusted
from ivr.lines.sip.flooding import FloodGate
from ivr.lines.sip.telling import Invited

PROXY = trusted(["192.0.2.9"])
ASSERTED = 'P-Asserted-Identity: "Bea" <sip:+14255550177@carrier.example>, <tel:+14255550177>\r\n'
BEHIND = "Via: SIP/2.0/UDP phone.invalid:5070;branch=z9hG4bKy;received=198.51.100.4\r\n"


def shown(extra, trusts=PROXY):
    caller = Caller(trusts=trusts)
    caller.say(message("INVITE", body=OFFER, extra=extra))
    [event] = [event for event in caller.end.events() if isinstance(event, Invited)]
    return event.caller, event.phone, event.source, event.host


@pytest.mark.parametrize(("extra", "expected"), [
    ("", ("Ann", "+14255550100", "", "192.0.2.9")),
    (ASSERTED, ("Bea", "+14255550177", "", "192.0.2.9")),
    (ASSERTED + BEHIND, ("Bea", "+14255550177", "", "198.51.100.4")),
    (BEHIND, ("Ann", "+14255550100", "198.51.100.4", "198.51.100.4")),
    ("P-Asserted-Identity: <sip:bea@carrier.example>\r\n", ("bea", "", "bea@carrier.example", "192.0.2.9")),
    ("P-Asserted-Identity: tel:+14255550177\r\n", ("+14255550177", "+14255550177", "", "192.0.2.9")),
    ("P-Asserted-Identity: rubbish\r\n", ("anonymous", "", "@", "192.0.2.9"))])
def test_a_caller_of_a_proxy_that_is_trusted_then_counts_by_himself(extra, expected):
    assert shown(extra) == expected


@pytest.mark.parametrize("extra", [ASSERTED, BEHIND, ASSERTED + BEHIND, ""])
def test_a_caller_who_is_not_then_what_he_says_is_shown_and_his_host_counts(extra):
    assert shown(extra, trusted([])) == ("Ann", "+14255550100", "192.0.2.9", "192.0.2.9")


@pytest.mark.parametrize(("trusts", "codes"), [(PROXY, [100, 100, 100, 503]), (trusted([]), [100, 100, 503, 503])])
def test_calls_that_are_too_many_then_each_caller_of_a_proxy_has_a_share_of_his_own(trusts, codes):
    caller = Caller(gate=FloodGate(calls=2), trusts=trusts)
    phones = ["+1425555010", "+1425555010", "+1425555020", "+1425555010"]
    assert [caller.code(message("INVITE", body=OFFER, branch=f"z9hG4bK{n}", call_id=f"c{n}",
                                extra=f"P-Asserted-Identity: <sip:{phone}@x>\r\n"))
            for n, phone in enumerate(phones)] == codes


def test_networks_when_they_are_none_then_told_by_name():
    assert trusted(["10.0.0.0/8", "2001:db8::/32"])("2001:db8::7")
    with pytest.raises(BadNetwork, match=r"--trust 10\.0\.0 names no addresses"):
        trusted(["10.0.0"])
