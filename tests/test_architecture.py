"""Knowledge points one way: who imports whom, read from the sources."""

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LEAVES = ("dtmf", "prompts", "lobby")
CORE = ("ivr.clock", "ivr.journal", "ivr.call", "ivr.bridge", "ivr.directory", "ivr.mail", "ivr.scenario")
EDGE = ("ivr.lines", "ivr.live", "ivr.screen", "ivr.mail.delivery", "ivr.report", "ivr.cli", "ivr.web",
        "dtmf.archive", "dtmf.cli")
WORLD = {"asyncio", "datetime", "multiprocessing", "random", "secrets", "socket", "subprocess", "threading", "time"}


@cache
def imports():
    """Return module -> the modules it imports, within functions too."""
    found = {}
    for path in sorted(p for package in (*LEAVES, "ivr") for p in (ROOT / package).rglob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        wanted = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                wanted |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{path} imports relatively"
                wanted.add(node.module)
        found[name] = wanted
    return found


def within(name, parts):
    return any(name == part or name.startswith(part + ".") for part in parts)


@pytest.mark.parametrize("leaf", LEAVES)
def test_a_leaf_then_imports_nobody_of_ours(leaf):
    ours = [other for other in (*LEAVES, "ivr") if other != leaf]
    for module, wanted in imports().items():
        if within(module, [leaf]):
            assert not [name for name in wanted if within(name, ours)], module


def test_leaves_and_core_then_no_clock_socket_thread_or_chance():
    for module, wanted in imports().items():
        allowed = {"subprocess"} if module == "prompts.voice" else set()  # the engine, a process a text
        if within(module, [*LEAVES, *CORE]) and not within(module, EDGE):
            assert not {name.partition(".")[0] for name in wanted} & WORLD - allowed, module


def test_the_core_then_knows_nothing_of_the_edge():
    for module, wanted in imports().items():
        if within(module, CORE) and not within(module, EDGE):
            assert not [name for name in wanted if within(name, EDGE)], module


def test_the_decoder_then_knows_nothing_of_its_commands_and_archives():
    for module, wanted in imports().items():
        if not within(module, ("dtmf.cli",)):
            known = ("dtmf.cli",) if within(module, ("dtmf.archive",)) else ("dtmf.cli", "dtmf.archive")
            assert not [name for name in wanted if within(name, known)], module


def test_the_bridge_and_a_call_then_know_no_database():
    for module, wanted in imports().items():
        if within(module, ("ivr.call", "ivr.bridge", "ivr.lines")):
            assert not [name for name in wanted if within(name, ("ivr.directory", "sqlalchemy"))], module


def test_letters_then_know_no_directory_and_their_delivery_no_database():
    for module, wanted in imports().items():
        if within(module, ("ivr.mail",)):
            ours = [name for name in wanted if within(name, (*LEAVES, "ivr"))]
            assert all(within(name, ("ivr.mail",)) for name in ours), module
            assert not [name for name in wanted if within(name, ("sqlalchemy",))], module


def test_the_screen_then_knows_sessions_and_neither_bridge_nor_lines():
    for module, wanted in imports().items():
        if within(module, ("ivr.screen",)):
            others = [name for name in wanted if within(name, (*LEAVES, "ivr"))]
            known = ("ivr.screen", "ivr.live", "ivr.clock", "ivr.journal")
            assert all(within(name, known) for name in others), module


def test_the_clock_on_the_wall_then_paces_in_one_file():
    paced = {module for module, wanted in imports().items() if within(module, ("ivr.live",)) and "time" in wanted}
    assert paced <= {"ivr.live.pace", "ivr.live.opening", "ivr.live.posting", "ivr.live.asking"}


def test_the_commands_then_known_by_nobody():
    for module, wanted in imports().items():
        if not within(module, ("ivr.cli",)):
            assert not [name for name in wanted if within(name, ("ivr.cli",))], module


def test_folders_then_no_circle_between_them():
    edges = {}
    for module, wanted in imports().items():
        folder = ".".join(module.split(".")[:2]) if module.startswith("ivr.") else module.partition(".")[0]
        for name in wanted:
            if within(name, (*LEAVES, "ivr")):
                other = ".".join(name.split(".")[:2]) if name.startswith("ivr.") else name.partition(".")[0]
                if other != folder:
                    edges.setdefault(folder, set()).add(other)
    done = set()
    while ready := {folder for folder in set(edges) - done if edges[folder] - done <= set()
                    } | {other for others in edges.values() for other in others if other not in edges} - done:
        done |= ready
    assert set(edges) <= done, f"a circle among {sorted(set(edges) - done)}"
