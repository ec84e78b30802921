"""What was compiled once is loaded by later processes without Numba, if nobody else can have written it."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import dtmf
from dtmf import compiled, objectcode
from dtmf.kinds import flat, kind_of, letters
from dtmf.limits import limits

pytestmark = pytest.mark.skipif(not objectcode.supported(), reason="machine code is kept on Linux only")

WITHOUT = """
import sys
import numpy as np
import dtmf
sound = dtmf.encode("159D", rate=16000)
print(dtmf.decode(sound, 16000))
ear = dtmf.Detector(2, 8000)
print(ear.feed(np.stack([dtmf.encode("7"), dtmf.encode("*")])))
print("numba" in sys.modules)
"""


def test_another_process_then_it_hears_the_same_without_numba_and_ends_well():
    dtmf.prepare()
    ran = subprocess.run([sys.executable, "-c", WITHOUT], capture_output=True, text=True, check=True)
    tones, events, numba = ran.stdout.splitlines()
    assert tones == repr(dtmf.decode(dtmf.encode("159D", rate=16000), 16000))
    assert events == repr(dtmf.Detector(2, 8000).feed(np.stack([dtmf.encode("7"), dtmf.encode("*")])))
    assert (numba, ran.stderr) == ("False", "")


def test_several_threads_at_once_then_each_hears_its_own():
    dtmf.prepare()
    numbers = [f"{number:05}#" for number in range(0, 99999, 4217)]
    with ThreadPoolExecutor(4) as pool:
        heard = list(pool.map(lambda number: dtmf.digits(dtmf.decode(dtmf.encode(number), 8000)), numbers))
    assert heard == numbers


@pytest.fixture
def kept(tmp_path):
    path = tmp_path / "code" / "f.code"
    path.parent.mkdir(mode=0o700)
    objectcode.write(path, objectcode.Code("f", True, b"code\n\0", b"beside"))
    return path


def test_kept_code_then_it_is_read_again_and_nothing_lies_beside_it(kept):
    assert objectcode.read(kept) == ("f", True, b"code\n\0", b"beside")
    assert list(kept.parent.iterdir()) == [kept]


@pytest.mark.parametrize("place", ["file", "folder"])
@pytest.mark.parametrize("mode", [0o720, 0o702, 0o777])
def test_code_that_others_can_write_then_it_is_not_loaded(kept, place, mode):
    (kept if place == "file" else kept.parent).chmod(mode)
    assert objectcode.read(kept) is None


def test_code_that_is_cut_off_then_it_is_not_loaded(kept):
    whole = kept.read_bytes()
    kept.write_bytes(whole[:-1])
    assert objectcode.read(kept) is None


def test_a_folder_that_others_can_write_then_nothing_is_kept_there(tmp_path):
    open_to_all = tmp_path / "open"
    open_to_all.mkdir()
    open_to_all.chmod(0o777)
    assert not objectcode.trusted(open_to_all)
    assert objectcode.trusted(compiled.folder())


def test_numbers_of_either_library_then_they_are_of_one_kind():
    bounds = limits("default").bounds()
    same = bounds._replace(pause=np.float64(bounds.pause))
    assert kind_of((1, 2.0, True, bounds)) == kind_of((np.int64(1), np.float64(2), np.bool_(True), same))


def test_arrays_of_another_type_or_shape_then_they_are_of_another_kind():
    some = np.zeros((2, 6), np.int16)
    kinds = [kind_of((each,)) for each in (some, some.astype(np.int32), some[0], some[:, ::2])]
    assert len(set(kinds)) == 4


def test_every_argument_then_there_is_a_letter_for_each_of_its_values():
    args = (np.zeros((2, 3), np.int16), 5, limits("default").bounds(), True)
    assert len(letters(kind_of(args))) == len(flat(args)) == 9 + 1 + len(limits("default").bounds()) + 1
