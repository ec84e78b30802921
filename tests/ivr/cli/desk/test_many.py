"""Enabling everybody in a CSV file: all that is wrong is told at once, and a file can be given again."""

import csv
import json
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

AMOS = "amos.marble@contoso.com"
ROOT = Path(__file__).parents[4]


@pytest.fixture
def enable(ivr, office, tmp_path):
    """Enable those in a file of this content; return code, output and complaint."""
    def enable(content, *more, office=office):
        path = tmp_path / "people.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return ivr("organizer", "enable", "--csv", path, *more, office.database)
    return enable


@pytest.fixture
def wrong(enable, office, tmp_path):
    """Enable those in a file that must be refused; return what is said of each line, without the file's name."""
    def wrong(content):
        before = office.dump()
        code, out, err = enable(content)
        assert (code, out) == (2, "")
        assert office.dump() == before
        assert err.startswith("ivr: ")
        return err.removeprefix("ivr: ").replace(f"{tmp_path / 'people.csv'}", "FILE").replace("\n     ", "\n")
    return wrong


def _addresses(office):
    return [address for address, in office.ask("SELECT address FROM organizers WHERE enabled ORDER BY address")]


def test_file_when_it_is_good_then_all_in_it_are_enabled_and_each_gets_a_letter(enable, ivr, office):
    before = len(office.letters())
    code, out, err = enable("address,name,country,language,pstn_only\n"
                            "ada@contoso.com,Ada,FR,fr-FR,yes\n"
                            "eve@contoso.com,Eve,,,no\n"
                            "joe@contoso.com,Joe,us,zh-CN,\n")
    assert (code, err) == (0, "")
    assert "3 organizers enabled; 0 enabled before." in out
    assert len(office.letters()) == before + 3
    ada = json.loads(ivr("organizer", "show", "ada@contoso.com", "--json", office.database)[1])
    assert (ada["name"], ada["language"], ada["pstn_only"], ada["pin"], ada["service_number"]) == (
        "Ada", "fr-FR", True, "*****", "+33199000100")
    joe = json.loads(ivr("organizer", "show", "Joe", "--json", office.database)[1])
    assert (joe["country"], joe["language"], joe["pstn_only"]) == ("US", "zh-CN", False)


@pytest.mark.parametrize("content", [
    b"\xef\xbb\xbfaddress,name\nada@contoso.com,Ada\n", b"address,name\r\nada@contoso.com,Ada\r\n",
    b"address,name\n\n\nada@contoso.com,Ada\n , \n\n", b"name,address\nAda,ada@contoso.com",
    b" Address , NAME \n ada@contoso.com , Ada \n", b'"address","name"\n"ada@contoso.com","Ada"\n',
    "address,name\nada@contoso.com,Ad\u00e9\u4e2d\n".encode(), b"address\nADA@Contoso.com\n",
    b"address,Service Number,toll-free-number\nada@contoso.com,+33199000100,\n",
], ids=["mark of UTF-8", "CRLF", "blank lines", "no last line end", "blanks", "quoted", "UTF-8", "one column",
        "names of columns"])
def test_file_when_a_spreadsheet_wrote_it_in_its_way_then_it_is_read(enable, office, content):
    code, out, err = enable(content)
    assert (code, err) == (0, "")
    assert "1 organizer enabled" in out
    assert "ada@contoso.com" in _addresses(office)


def test_file_when_it_is_given_twice_then_nothing_is_changed(enable, office):
    content = f"address,name\nada@contoso.com,Ada\n{AMOS},Somebody else\n"
    assert "1 organizer enabled; 1 enabled before." in enable(content)[1]
    before, letters = office.dump(), office.letters()
    code, out, err = enable(content)
    assert (code, out, err) == (0, "0 organizers enabled; 2 enabled before.\n", "")
    assert (office.dump(), office.letters()) == (before, letters)


WRONG_LINES = [
    ("address\nada\n", 2, "'ada' is not a mail address"),
    ("address\nada@contoso.com\n\n\neve@\n", 5, "'eve@' is not a mail address"),
    ("address,name\n,Ada\n", 2, "'' is not a mail address"),
    ("address\nada@contoso.com\nADA@contoso.com\n", 3,
     "ada@contoso.com stands in the file twice: leave out one of the lines"),
    ("address,sip_uri\nada@contoso.com,sip:x@contoso.com\neve@contoso.com,sip:x@contoso.com\n", 3,
     "belongs to ada@contoso.com"),
    (f"address,sip_uri\nada@contoso.com,sip:{AMOS}\n", 2, f"belongs to the organizer {AMOS}"),
    ("address,name\nada@contoso.com\n", 2, "it has 1 values for 2 columns"),
    ("address,name\nada@contoso.com,Ada,Lovelace\n", 2, "it has 3 values for 2 columns"),
    ("address,country\nada@contoso.com,Narnia\n", 2, "'Narnia'"),
    ("address,language\nada@contoso.com,Klingon\n", 2, "'Klingon'"),
    ("address,pstn_only\nada@contoso.com,perhaps\n", 2, "'perhaps' is no pstn_only: it takes yes or no"),
    ("address,service_number\nada@contoso.com,+4930123456\n", 2, "+4930123456"),
    ("address,service_number\nada@contoso.com,+18005550100\n", 2, "+18005550100"),
    ("address,toll_free_number\nada@contoso.com,+14255550100\n", 2, "+14255550100"),
    ("address,extension\nada@contoso.com,12x\n", 2, "'12x' is not an extension"),
    ("address,conference_id\nada@contoso.com,7654321\n", 2, "drawn by chance"),
    ("address,pin\nada@contoso.com,48215\n", 2, "PINs are always generated"),
    ('address,name\nada@contoso.com,"A\nda"\n', 2, "cannot be a name"),
    ('address,name\nada@contoso.com,"Ada\neve@contoso.com,Eve\n', 3, "it is not CSV"),
    ("address,nmae\nada@contoso.com,Ada\n", 1, "there is no column 'nmae'; did you mean 'name'?"),
    ("address;name\nada@contoso.com;Ada\n", 1, "the columns are separated by semicolons: save it with commas"),
    ("address\tname\nada@contoso.com\tAda\n", 1, "the columns are separated by tabs: save it with commas"),
    ("address,name,name\nada@contoso.com,Ada,Ada\n", 1, "the column 'name' stands there twice"),
    ("name,country\nAda,FR\n", 1, "the column 'address' is missing"),
    ("ada@contoso.com\neve@contoso.com\n", 1, "there is no column 'ada@contoso.com'"),
    ("", 1, "the column 'address' is missing"),
]


@pytest.mark.parametrize(("content", "line", "part"), WRONG_LINES, ids=[part for _, _, part in WRONG_LINES])
def test_line_when_it_is_wrong_then_file_and_number_are_told_and_nothing_is_applied(wrong, content, line, part):
    said = wrong(content)
    assert said.startswith(f"FILE, line {line}: ")
    assert part in said
    assert said.count("FILE") == 1
    assert "48215" not in said


def test_lines_when_several_are_wrong_then_all_are_told_at_once(wrong):
    said = wrong('address,name,country\nada@contoso.com,Ada,FR\nbob,Bob,FR\ncid@contoso.com,"C\nid",FR\n'
                 "dan@contoso.com,Dan,Mars\neve@contoso.com,Eve,FR\nada@contoso.com,Again,FR\n")
    assert re.findall(r"FILE, line (\d+)", said) == ["3", "4", "6", "8"]
    assert said.endswith("; nothing of the file was applied.\n")


def test_lines_when_very_many_are_wrong_then_some_are_told_and_the_rest_counted(wrong):
    said = wrong("address\n" + "nobody\n" * 50)
    assert said.count("is not a mail address") == 20
    assert "FILE has 30 more wrong lines; nothing of the file was applied." in said


@pytest.mark.parametrize(("content", "part"), [
    ("address,name\nada@contoso.com,Adé\n".encode("latin-1"), "is no text in UTF-8: save it as such"),
    (b"\xff\xfea\0d\0d\0r\0", "is no text in UTF-8"), (b"address\n", "names nobody"),
    (b"address\n\n\n", "names nobody"), (b"address\nada@contoso.com\0\n", "FILE"),
], ids=["latin-1", "UTF-16", "only a head", "blank", "NUL"])
def test_file_when_it_is_none_then_it_is_refused_in_one_sentence(wrong, content, part):
    said = wrong(content)
    assert part in said
    assert said.count("\n") == 1


def test_file_when_it_cannot_be_read_then_it_is_refused(unchanged, office, tmp_path):
    assert "No such file" in unchanged(office, "organizer", "enable", "--csv", tmp_path / "none.csv")
    assert "Is a directory" in unchanged(office, "organizer", "enable", "--csv", tmp_path)


def test_s3_12_file_when_letters_are_off_then_each_pin_is_shown_once_to_be_handed_over(enable, ivr, office):
    assert ivr("settings", "set", "--send-mails", "no", "--pin-length", "12", office.database)[0] == 0
    code, out, err = enable("address\nada@contoso.com\neve@contoso.com\n")
    assert (code, err) == (0, "")
    assert re.fullmatch(r"ada@contoso\.com: the PIN is \d{12}; no letter goes out, so hand it over yourself\.\n"
                        r"eve@contoso\.com: the PIN is \d{12}; no letter goes out, so hand it over yourself\.\n"
                        r"2 organizers enabled; 0 enabled before\.\n", out)
    assert not re.search(r"\d{12}", enable("address\nada@contoso.com\n")[1])


def test_s0_12_file_when_letters_go_out_then_no_pin_is_shown(enable, ivr, office):
    assert ivr("settings", "set", "--pin-length", "12", office.database)[0] == 0
    for content, more in (("address\nada@contoso.com\n", ()), ("address\neve@contoso.com\n", ("--json",))):
        code, out, err = enable(content, *more)
        assert (code, err) == (0, "")
        assert not re.search(r"\d{12}", out)


def test_file_when_json_is_asked_for_then_it_is_one_object_a_line(enable, ivr, office):
    ivr("settings", "set", "--send-mails", "no", office.database)
    code, out, err = enable(f"address\nada@contoso.com\n{AMOS}\n", "--json")
    assert (code, err) == (0, "")
    ada, amos = map(json.loads, out.splitlines())
    assert (ada["address"], ada["changed"], ada["mailed_to"]) == ("ada@contoso.com", True, "")
    assert re.fullmatch(r"\d{5}", ada["pin"])
    assert (amos["address"], amos["changed"], "pin" in amos) == (AMOS, False, False)


def test_b1_5_file_when_the_profile_lets_pins_be_typed_then_they_are_taken_and_checked(enable, office_of):
    office = office_of("um")
    code, out, err = enable("address,pin,extension\nada@contoso.com,58139206,36697\n", "--no-send-email",
                            office=office)
    assert (code, err) == (0, "")
    assert "ada@contoso.com: the PIN is 58139206;" in out
    code, out, err = enable("address,pin,extension\neve@contoso.com,123456,36697\n", office=office)
    assert code == 2
    assert "line 2: the PIN is easily guessed" in err
    assert "123456" not in err


def test_bar_when_the_output_is_a_pipe_then_there_is_none_and_on_a_terminal_there_is_one(
        office, shell, terminal, served, tmp_path):
    path = tmp_path / "people.csv"
    path.write_text("address\nada@contoso.com\n")
    words = ("organizer", "enable", "--csv", path)
    done = shell(office, *words)
    assert (done.returncode, done.stderr) == (0, "")
    assert "enabling" not in done.stdout
    path.write_text("address\nada@contoso.com\neve@contoso.com\n")
    code, screen = terminal(office, [served / "ivr", *words])
    assert code == 0
    assert "enabling" in screen
    assert "2/2" in screen
    assert "1 organizer enabled; 1 enabled before." in screen




@pytest.mark.parametrize("how", [pytest.param(signal.SIGINT, marks=pytest.mark.slow), signal.SIGKILL],
                         ids=["Ctrl-C", "kill -9"])
def test_file_when_it_was_interrupted_and_is_given_again_then_all_are_enabled_once_with_one_letter_each(
        enable, office_of, tmp_path, how):
    office = office_of(people=False)
    people = [f"p{n:03}@contoso.com" for n in range(80)]
    path = tmp_path / "people.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([["address"], *([one] for one in people)])
    words = [sys.executable, "-m", "ivr.cli", "organizer", "enable", "--csv", path, "--json"]
    # it tells of forty at once, more than a small pipe takes: there it is when the signal comes
    with subprocess.Popen(words, cwd=ROOT, text=True, env=office.environment(), stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, pipesize=4096) as process:
        assert json.loads(process.stdout.readline())["address"] == people[0]
        process.send_signal(how)
        _, err = process.communicate()
    enabled = _addresses(office)
    assert 0 < len(enabled) < len(people)
    if how is signal.SIGINT:
        assert process.returncode == 3
        assert err == "ivr: stopped at your wish.\n"
    _, out, _ = enable(path.read_bytes(), office=office)
    assert f"{len(people) - len(enabled)} organizers enabled; {len(enabled)} enabled before." in out
    assert _addresses(office) == people
    # a letter that a killed process had taken for delivery is taken again only later
    sent = office.ask("SELECT recipient FROM outbox ORDER BY recipient")
    assert [address for address, in sent] == people
    found = sorted(re.search("Delivered-To: (.+)", text)[1] for text in office.letters())
    assert len(found) == len(set(found))
    waiting = office.ask("SELECT count(*) FROM outbox WHERE delivered_at IS NULL")[0][0]
    assert len(found) + waiting >= len(people)


def test_file_given_again_while_letters_of_it_have_not_come_then_it_says_how_many_and_when(enable, ivr, office):
    mail = office.folder / "mail"
    shutil.rmtree(mail)
    mail.write_text("a file where the folder for letters should be")
    assert enable("address\nada@contoso.com\nbea@contoso.com\n", office=office)[0] == 1
    mail.unlink()
    code, out, err = enable("address\nbea@contoso.com\n", office=office)
    assert (code, out) == (1, "0 organizers enabled; 1 enabled before.\n")
    assert re.fullmatch(r"ivr: 1 letter to somebody in this file waits; it is tried at .+\n", err)
    assert ivr("mail", "retry", office.database)[0] == 0
    assert enable("address\nbea@contoso.com\n", office=office)[::2] == (0, "")
