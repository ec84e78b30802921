"""`ivr serve`: what it refuses, and a call that a whole process takes, tells of and ends."""

import re
import signal
import subprocess

import pytest
from softphone import Softphone

from ivr.cli import main
from ivr.cli.meetings import directory_of
from ivr.directory.errors import NotFound
from ivr.lines.sip import telling
from ivr.lines.sip.reading import Peer


@pytest.mark.parametrize(("words", "said"), [
    (["--sip", "0.0.0.0:5060"], "--sip 0.0.0.0:5060 can be called by others than this machine, and nobody is asked "
                                "who he is: add --users FILE, or --open if anybody may."),
    (["--sip", "example.com:5060"], "--sip example.com:5060 is no address: take an IP address and a port"),
    (["--sip", "::1"], "--sip ::1 is no address"),
    (["--sip", "127.0.0.1:99999"], "--sip 127.0.0.1:99999 has no port: take 1 to 65535, or 0 for any."),
    (["--rtp-ports", "9-3"], "--rtp-ports 9-3 are no ports: take two between 1024 and 65535"),
    (["--seconds", "0"], "--seconds 0 is no length of time"),
    (["--seconds", "nan"], "--seconds nan is no length of time: take more than 0, up to 31622400"),
    (["--meeting", "48215:1234567"], "the first part has 5 characters"),
    (["--profile", "teams2020"], "teams2020"),
    (["--sip-tls", "127.0.0.1:0"], "--sip-tls 127.0.0.1:0 needs --sip-cert FILE and --sip-key FILE"),
    (["--sip-cert", "x.pem"], "--sip-cert and --sip-key are for --sip-tls HOST:PORT"),
    (["--sip-tls", "0.0.0.0", "--sip-cert", "x", "--sip-key", "x"],  # noqa: S104
     "--sip-tls 0.0.0.0 can be called by others"),
    (["--register", "pbx"], "--register: 'pbx' is nobody to call"),
    (["--register", "sip:127.0.0.1"], "--register sip:127.0.0.1 names nobody: write sip:USER@HOST"),
    (["--auth", "anna"], "--auth and --password-file are for --register"),
    (["--trust", "10.0.0"], "--trust 10.0.0 names no addresses"),
    (["--transfer-to", "sip:127.0.0.1"], "--transfer-to sip:127.0.0.1 names nobody"),
    (["--web", "0.0.0.0:8080"], "can be reached by others than this machine: add --web-users FILE"),
    (["--web", "127.0.0.1:0", "--web-stories", "none"], "--web-stories none has no stories"),
    (["--web", "nowhere"], "--web nowhere is no address"),
    (["--web", "127.0.0.1:0", "--web-tls", "a.pem", "b.pem"], "--web-tls a.pem b.pem cannot be read: No such file"),
    (["--web", "127.0.0.1:0", "--web-tls", "a.pem"], "takes a certificate and its key (PEM), or self-signed"),
    (["--web-tls", "self-signed"], "--web-users, --web-tls and --web-stories are for --web HOST:PORT"),
    (["--web", "127.0.0.1:8765", "--streams", "127.0.0.1"],
     "--web and --streams both listen at port 8765: give each a port of its own"),
    (["--sip", "127.0.0.1:9092", "--audiosocket", "0.0.0.0", "--open"],  # noqa: S104
     "--sip and --audiosocket both listen at port 9092: give each a port of its own"),
    (["--early-media"], "--early-media is heard while it rings: say how long with --rings SECONDS"),
    (["--rings", "-1"], "--rings -1 is no length of time"),
    (["--setting", "loud"], "loud")])
def test_words_when_they_cannot_be_meant_then_one_sentence_and_2(words, said, capsys):
    assert main(["serve", *words]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert len(told.splitlines()) == 1
    assert "48215:" not in told


@pytest.mark.parametrize(("text", "mode", "said"), [
    ("amos:ivr:0123456789abcdef0123456789abcdef\n", 0o644, "can be read by others"),
    ("amos:ivr:secret\n", 0o600, "line 1: a user is NAME:REALM:HA1"), ("", 0o600, "has no users"),
    ("a:x:0123456789abcdef0123456789abcdef\nb:y:0123456789abcdef0123456789abcdef\n", 0o600,
     "has more than one realm: x, y"), (None, 0, "cannot be read: No such file or directory")])
def test_users_when_their_file_will_not_do_then_one_sentence_without_them(tmp_path, text, mode, said, capsys):
    path = tmp_path / "users"
    if text is not None:
        path.write_text(text)
        path.chmod(mode)
    assert main(["serve", "--sip", "0.0.0.0:0", "--users", str(path)]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert "secret" not in told
    assert "0123456789abcdef" not in told


def test_an_address_that_is_taken_then_3(capsys):
    phone = Softphone()
    assert main(["serve", "--sip", f"127.0.0.1:{phone.network.here.port}"]) == 3
    phone.close()
    assert "cannot be listened at: Address already in use" in capsys.readouterr().err


def test_no_directory_yet_then_the_users_own_is_founded_and_an_organizer_enabled_meanwhile_is_in_it(
        monkeypatch, tmp_path, capsys):
    monkeypatch.delenv("IVR_DATABASE")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    with directory_of([], "", patient=True, founds=True):
        assert "type 'ivr organizer enable ADDRESS' and 'ivr meeting schedule ADDRESS'" in capsys.readouterr().err
        assert main(["organizer", "enable", "amos@contoso.com"]) == 0
    capsys.readouterr()
    with directory_of([], "", patient=True, founds=True):
        assert "ivr organizer enable" not in capsys.readouterr().err
    monkeypatch.setenv("IVR_DATABASE", str(tmp_path / "nowhere.db"))
    with pytest.raises(NotFound, match="there is no directory at"), directory_of([], "", patient=True, founds=True):
        pass


def test_a_telephone_that_calls_a_process_then_answered_told_of_and_let_go_at_its_end(served, tmp_path):
    words = [served / "ivr", "serve", "--sip", "127.0.0.1:0", "--plain", "--meeting",
             "1234567:48215:Amos", "--journal", str(tmp_path / "journal.txt")]
    phone, now = Softphone(), 0
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          stdin=subprocess.DEVNULL) as process:
        port = int(re.search(r":(\d+)$", process.stdout.readline())[1])
        phone.dial(Peer("127.0.0.1", port))
        while not phone.of(telling.Agreed):
            phone.network.wait(10)
            phone.step(now := now + 160)
        process.send_signal(signal.SIGTERM)
        while not phone.of(telling.Ended):
            phone.network.wait(10)
            phone.step(now := now + 160)
        out, err = process.communicate()
    phone.close()
    assert (process.returncode, err) == (0, "")
    assert "ivr      dials in" in out
    assert out.splitlines()[-1].endswith("late ticks")
    journal = (tmp_path / "journal.txt").read_text(encoding="utf-8")
    assert "line-lost" in journal
    assert "48215" not in journal + out
