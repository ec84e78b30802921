"""What the commands for policies of voice mail say beside the values."""

import pytest

TONY = "tonysmith@contoso.com"


@pytest.fixture
def um(ivr, office_of):
    """Run commands on a desk of Outlook Voice Access, where Tony has an extension."""
    office = office_of("um")

    def run(*words):
        return ivr(*words, office.database)

    assert run("organizer", "set", TONY, "--extension", "36697")[0] == 0
    return run


def test_policy_when_nobody_has_an_extension_that_it_leads_to_then_set_and_said_so(um):
    code, out, err = um("policy", "set", "um-auto-attendant", "--OperatorExtension", "100", "--business-keys",
                        "1=extension:36697; 2=message:40022")
    assert (code, "* operator" in out) == (0, True)
    assert [line.rpartition(":")[0] for line in err.splitlines()] == [
        "ivr: nobody has the extension 40022 yet, to which business-keys leads",
        "ivr: nobody has the extension 100 yet, to which operator leads"]
    assert um("policy", "set", "um-auto-attendant", "--location", "Main Street 5")[2] == ""


def test_policy_when_it_is_granted_then_said_who_has_it_now_and_whose_extensions_count(um):
    err = um("policy", "new", "um-dial-plan", "north", "--operator", "36697")[2]
    assert err.startswith("ivr: nobody of the dial plan north has the extension 36697 yet")
    code, out, err = um("policy", "grant", "um-dial-plan", "north", "tonysmith")
    assert (code, err) == (0, "")
    assert out.startswith(f"{TONY} has um-dial-plan north now; what holds:\n")
    assert um("policy", "set", "um-dial-plan", "north", "--operator", "36697")[2] == ""
    assert um("policy", "grant", "um-dial-plan", "global", TONY)[1].startswith(
        f"{TONY} has no um-dial-plan policy but the global one; what holds:\n")
