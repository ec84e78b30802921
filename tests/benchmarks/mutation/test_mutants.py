"""The changes that are made to ask whether the tests notice: all that should be, nothing that only describes."""

import ast
import shutil
import subprocess
from pathlib import Path

import pytest

from benchmarks.mutation.__main__ import drawn, tell
from benchmarks.mutation.areas import AREAS
from benchmarks.mutation.mutants import mutants_of
from benchmarks.mutation.trials import Broken, Came, Copy

ROOT = Path(__file__).parents[3]


def changes(source):
    return [f"{mutant.was} -> {mutant.now}" for mutant in mutants_of(source.encode(), "a.py")]


@pytest.mark.parametrize(("source", "made"), [
    ("x = a < b", ["a < b -> a <= b"]),
    ("x = a < b <= c", ["a < b <= c -> a <= b <= c", "a < b <= c -> a < b < c"]),
    ("x = a is not None", ["a is not None -> a is None"]),
    ("x = a and not b", ["a and (not b) -> a or not b", "not b -> b"]),
    ("x = a - b % c", ["a - b % c -> a + b % c", "b % c -> b // c"]),
    ("x = [0, True, 1.5]", ["0 -> 1", "True -> False", "1.5 -> 2.5"]),
    ("if a:\n    pass", ["a -> not a"]),
    ("while a == b:\n    break", ["a == b -> a != b", "break -> pass"]),
    ("x = [a for a in b if a]", ["a -> not a"]),
    ("match a:\n    case 1 if b:\n        pass", ["b -> not b"]),
    ("def f():\n    g(a)\n    return a", ["g(a) -> pass", "return a -> return None"]),
    ("def f(self):\n    self.a = b\n    b = c\n    d += e",
     ["self.a = b -> pass", "d += e -> pass"]),
    ("def f():\n    raise ValueError(1)", ["raise ValueError(1) -> pass"]),
])
def test_a_source_then_all_that_can_be_changed_is(source, made):
    assert changes(source) == made


@pytest.mark.parametrize("source", [
    '"""Two."""\nx: "int | None"\n', "@cache(1)\ndef f(a: 1, *, b: 2) -> 3:\n    \"\"\"Four.\"\"\"\n",
    "class A(B, size=1):\n    x: int = field(init=False)\n", "x = f'{1 + 2}'", "register(f)", "x = 'a text'",
    "if TYPE_CHECKING:\n    x = 1", "def f():\n    return None",
])
def test_what_only_describes_then_is_left_alone(source):
    assert changes(source) == []


def test_a_change_of_several_lines_beside_letters_of_two_bytes_then_is_made_where_it_stands():
    source = 'x = "ä" if (a and\n     b) else c(d <\n  1)  # ö\n'.encode()
    assert [mutant.made_in(source).decode().replace("\n", "") for mutant in mutants_of(source, "a.py")] == [
        'x = "ä" if ((not (a and b))) else c(d <  1)  # ö', 'x = "ä" if ((a or b)) else c(d <  1)  # ö',
        'x = "ä" if (a and     b) else c((d <= 1))  # ö', 'x = "ä" if (a and     b) else c(d <  (2))  # ö']


def test_a_change_that_can_be_made_twice_then_each_has_a_name_that_stays_when_lines_come_before():
    source = b"def f():\n    return [1, 1]\n"
    names = [mutant.name for mutant in mutants_of(source, "a.py")]
    assert names[1:] == ["a.py f: 1 -> 2", "a.py f: 1 -> 2 #2"]
    assert [mutant.name for mutant in mutants_of(b"import a\n\n" + source, "a.py")] == names


def test_mutants_drawn_with_a_seed_then_the_same_again_others_with_another_and_each_can_be_read():
    first = [str(mutant) for _, mutant in drawn(ROOT, 60, 1)]
    assert first == [str(mutant) for _, mutant in drawn(ROOT, 60, 1)]
    assert first != [str(mutant) for _, mutant in drawn(ROOT, 60, 2)]
    for area, mutant in drawn(ROOT, 60, 1):
        source = (ROOT / mutant.file).read_bytes()
        assert ast.dump(ast.parse(mutant.made_in(source))) != ast.dump(ast.parse(source)), mutant
        assert area.tests_of(ROOT, mutant.file)


def test_mutants_drawn_after_an_edit_then_those_of_other_files_as_before(tmp_path):
    (tmp_path / "lobby").mkdir()
    for name in ("one", "other"):
        (tmp_path / "lobby" / f"{name}.py").write_text("\n".join(f"x{n} = {n}" for n in range(20)))
    before = {mutant.name for _, mutant in drawn(tmp_path, 20, 1)}
    with (tmp_path / "lobby" / "one.py").open("a") as file:
        file.write("\ny = 99")
    assert len(before & {mutant.name for _, mutant in drawn(tmp_path, 20, 1)}) >= 19


@pytest.mark.parametrize("area", AREAS, ids=lambda area: area.name)
def test_an_area_then_its_sources_and_tests_are_there(area):
    assert area.files(ROOT)
    assert all((ROOT / test).is_file() for test in area.tests_of(ROOT, ""))


TREE = {
    "halves.py": "def half(n):\n    return n // 2 + 0\n",
    "test_halves.py": "from halves import half\n\ndef test_it():\n    assert half(4) == 2\n",
    "test_for_ever.py": "def test_it():\n    while True:\n        pass\n",
    "conftest.py": "from hypothesis import settings\nsettings.register_profile('suite')\n",
    "pytest.ini": "[pytest]\nmarkers = slow\n",
}


@pytest.fixture
def tree(tmp_path):
    """A little project, and a copy of it."""
    if not shutil.which("git"):
        pytest.skip("git is not installed: apt-get install git")
    root = tmp_path / "tree"
    root.mkdir()
    for name, text in TREE.items():
        (root / name).write_text(text)
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    return root, Copy(root, tmp_path / "copy")


@pytest.mark.slow
def test_a_trial_then_what_the_tests_notice_is_told_and_the_tree_stays_as_it_is(tree):
    root, copy = tree
    found = mutants_of(TREE["halves.py"].encode(), "halves.py")
    mutants = {f"{mutant.was} -> {mutant.now}": mutant for mutant in found}
    came = {name: copy.trial(mutants[name], ["test_halves.py"], 1000)
            for name in ("n // 2 -> n * 2", "n // 2 + 0 -> n // 2 - 0")}
    assert {name: one.by for name, one in came.items() if one.noticed} == {
        "n // 2 -> n * 2": "FAILED test_halves.py::test_it"}
    for folder in (root, copy.folder):
        assert {name: (folder / name).read_text() for name in TREE} == TREE


def test_tests_that_never_end_then_they_have_noticed(tree):
    came = tree[1].run(["test_for_ever.py"], longest_s=1)
    assert (came.noticed, came.by) == (True, "ended by SIGXCPU")


def test_tests_that_cannot_be_run_then_said_so(tree):
    with pytest.raises(Broken, match="no_such_test"):
        tree[1].run(["no_such_test.py"])


@pytest.mark.parametrize(("survive", "reasoned", "code"), [(0, 0, 0), (4, 0, 0), (5, 0, 1), (5, 1, 0), (50, 46, 0)])
def test_survivors_then_one_in_twenty_without_a_reason_is_too_many(capsys, survive, reasoned, code):
    mutants = mutants_of(b"x = [" + b"1, " * 100 + b"]", "a.py")
    results = [(mutant, Came(nth >= survive, "", 0.0)) for nth, mutant in enumerate(mutants)]
    assert tell(results, {mutant.name: "equal" for mutant in mutants[:reasoned]}) == code
    out = capsys.readouterr().out
    assert out.count("NO REASON") == survive - reasoned
    assert f"100 mutants, {survive} survive, {survive - reasoned} of them without a reason" in out
