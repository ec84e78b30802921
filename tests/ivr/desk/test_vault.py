"""The key file: made once, for its owner's eyes alone, and PINs that nobody reads without it (S0.10, rule 6)."""

import multiprocessing
import os
import stat
import tempfile
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from itertools import product
from pathlib import Path
from threading import Barrier

import pytest

from ivr.desk.vault import KeyFile
from ivr.directory.errors import Unusable

PINS = ["0042", "94075", "940758312607", "9" * 24]


def sealed_by_another_process(path):
    return KeyFile(path).seal("94075")


@pytest.mark.parametrize("pin", PINS)
def test_a_pin_sealed_then_opened_by_whoever_has_the_file(tmp_path, pin):
    sealed = KeyFile(tmp_path / "key").seal(pin)
    assert KeyFile(tmp_path / "key").open(sealed) == pin


def test_a_pin_sealed_then_neither_the_pin_nor_its_length_is_to_be_seen(tmp_path):
    vault = KeyFile(tmp_path / "key")
    sealed = [vault.seal(pin) for pin in (*PINS, PINS[0])]
    assert len({len(text) for text in sealed}) == 1
    assert len(set(sealed)) == len(sealed)
    assert not [pin for pin, text in product(PINS[1:], sealed) if pin in text]


def test_a_pin_sealed_with_another_key_then_a_look_up_error_without_it(tmp_path):
    sealed = KeyFile(tmp_path / "one").seal("94075")
    with pytest.raises(LookupError, match="sealed with another key") as refused:
        KeyFile(tmp_path / "two").open(sealed)
    assert refused.value.__cause__ is None


@pytest.mark.parametrize("sealed", ["", "94075", "gAAAAA==", "not base 64!", "\u2028"])
def test_something_that_was_never_sealed_then_a_look_up_error(tmp_path, sealed):
    with pytest.raises(LookupError):
        KeyFile(tmp_path / "key").open(sealed)


def test_the_file_then_made_when_first_needed_for_its_owner_alone(tmp_path):
    path = tmp_path / "deep" / "folder" / "key"
    vault = KeyFile(path)
    assert not path.exists()
    vault.seal("94075")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [entry.name for entry in path.parent.iterdir()] == ["key"]


def test_several_programs_that_need_the_file_at_once_then_one_key_for_all(tmp_path):
    path = tmp_path / "key"
    with ProcessPoolExecutor(4, multiprocessing.get_context("spawn")) as programs:
        sealed = list(programs.map(sealed_by_another_process, [path] * 8))
    assert {KeyFile(path).open(text) for text in sealed} == {"94075"}
    assert [entry.name for entry in tmp_path.iterdir()] == ["key"]


def test_several_threads_that_need_the_file_at_once_then_one_key_for_all(tmp_path):
    vault = KeyFile(tmp_path / "key")
    ready = Barrier(8)

    def seal(_):
        ready.wait()
        return vault.seal("94075")

    with ThreadPoolExecutor(8) as threads:
        sealed = list(threads.map(seal, range(8)))
    assert {KeyFile(tmp_path / "key").open(text) for text in sealed} == {"94075"}


def test_a_file_that_is_there_then_used_and_not_written(tmp_path):
    path = tmp_path / "key"
    KeyFile(path).seal("94075")
    path.chmod(0o400)
    before = path.read_bytes()
    KeyFile(path).seal("94075")
    assert path.read_bytes() == before


def a_folder(path):
    path.mkdir()


def in_no_folder(path):
    path.parent.rmdir()
    path.parent.write_text("a file")


def nothing_in_it(path):
    path.write_bytes(b"")


def no_key_in_it(path):
    path.write_bytes(b"this is no key\n")


def half_a_key_in_it(path):
    path.write_bytes(b"A" * 20)


@pytest.mark.parametrize("spoil", [a_folder, in_no_folder, nothing_in_it, no_key_in_it, half_a_key_in_it])
def test_a_file_that_cannot_be_used_then_one_sentence_that_names_it(tmp_path, spoil):
    path = tmp_path / "folder" / "key"
    path.parent.mkdir()
    spoil(path)
    for use in (lambda: KeyFile(path).seal("94075"), lambda: KeyFile(path).open("gAAAA")):
        with pytest.raises(Unusable, match=f"the key file {path} cannot be used: ") as refused:
            use()
        said = str(refused.value)
        assert "\n" not in said
        assert "94075" not in said


@pytest.fixture
def as_nobody():
    """Lets root, who may read everything, be nobody for a test."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    yield
    if root:
        os.seteuid(0)


@pytest.fixture
def unreadable():
    """The path of a key that others may see and only root could read."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "key"
        KeyFile(path).seal("94075")
        path.chmod(0)
        path.parent.chmod(0o755)
        yield path


def test_a_file_that_may_not_be_read_then_one_sentence(unreadable, as_nobody):  # noqa: ARG001
    with pytest.raises(Unusable, match="Permission denied"):
        KeyFile(unreadable).seal("94075")


def test_a_vault_looked_at_then_no_key_in_it(tmp_path):
    vault = KeyFile(tmp_path / "key")
    vault.seal("94075")
    assert (tmp_path / "key").read_text().strip() not in repr(vault)
