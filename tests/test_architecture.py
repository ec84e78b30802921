"""Knowledge points one way: who imports whom, read from the sources."""

import ast
import re
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LEAVES = ("dtmf", "prompts", "lobby")
CORE = ("ivr.clock", "ivr.errors", "ivr.journal", "ivr.questions", "ivr.voicemail", "ivr.reading", "ivr.secrecy",
        "ivr.assembly", "ivr.conference", "ivr.mailbox", "ivr.custom", "ivr.engine", "ivr.directory", "ivr.mail",
        "ivr.scenario")
EDGE = ("ivr.lines", "ivr.live", "ivr.desk", "ivr.screen", "ivr.mail.delivery", "ivr.report", "ivr.cli", "ivr.web",
        "dtmf.archive", "dtmf.cli", "dtmf.stopping")
WORLD = {"asyncio", "datetime", "multiprocessing", "random", "secrets", "socket", "subprocess", "threading", "time"}


@cache
def files():
    """Return module -> its file."""
    return {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
            for package in (*LEAVES, "ivr") for path in sorted((ROOT / package).rglob("*.py"))}


@cache
def imports():
    """Return module -> the modules it imports, by their whole names: within functions, for types, and as text.

    A package that is only on the way to a module is left out, though Python runs its file before.
    """
    found = {}
    for name, path in files().items():
        wanted = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                wanted |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{path} imports relatively"
                whole = [f"{node.module}.{alias.name}" for alias in node.names]
                wanted |= {one if one in files() else node.module for one in whole}
            elif isinstance(node, ast.Constant) and re.fullmatch(r"[\w.]+:\w+", str(node.value)):
                wanted |= {str(node.value).partition(":")[0]} & files().keys()  # "module:name", loaded when typed
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
        # the engine of speech, a process a text; and what tries machine code before it is kept
        allowed = {"subprocess"} if module in ("prompts.voice", "dtmf.jit") else set()
        if within(module, [*LEAVES, *CORE]) and not within(module, EDGE):
            assert not {name.partition(".")[0] for name in wanted} & WORLD - allowed, module


def test_the_core_then_knows_nothing_of_the_edge():
    for module, wanted in imports().items():
        if within(module, CORE) and not within(module, EDGE):
            assert not [name for name in wanted if within(name, EDGE)], module


def test_the_decoder_then_knows_nothing_of_its_commands_and_archives():
    for module, wanted in imports().items():
        if not within(module, ("dtmf.cli", "ivr.cli")):
            known = ("dtmf.cli",) if within(module, ("dtmf.archive",)) else ("dtmf.cli", "dtmf.archive")
            assert not [name for name in wanted if within(name, known)], module


APPLICATIONS = ("ivr.conference", "ivr.mailbox", "ivr.custom")


def test_the_engine_then_knows_no_application_and_nothing_that_applications_ask():
    for module, wanted in imports().items():
        if within(module, ("ivr.engine",)):
            known = [name for name in wanted if within(name, ("ivr",)) and not within(name, ("ivr.engine",))]
            assert set(known) <= {"ivr.clock", "ivr.journal", "ivr.secrecy"}, module


@pytest.mark.parametrize("application", APPLICATIONS)
def test_an_application_then_knows_the_engine_and_no_other_application_nor_the_directory(application):
    others = [one for one in (*APPLICATIONS, "ivr.directory", "ivr.mail", "ivr.scenario") if one != application]
    for module, wanted in imports().items():
        if within(module, (application,)):
            assert not [name for name in wanted if within(name, others)], module


def test_the_bridge_and_a_call_then_know_no_database():
    for module, wanted in imports().items():
        if within(module, ("ivr.conference", "ivr.mailbox", "ivr.engine", "ivr.lines")):
            assert not [name for name in wanted if within(name, ("ivr.directory", "sqlalchemy"))], module


def test_letters_then_know_no_directory_and_their_delivery_no_database():
    for module, wanted in imports().items():
        if within(module, ("ivr.mail",)):
            ours = [name for name in wanted if within(name, (*LEAVES, "ivr"))]
            assert all(within(name, ("ivr.mail", "ivr.errors")) for name in ours), module
            assert not [name for name in wanted if within(name, ("sqlalchemy",))], module


def test_the_screen_then_knows_sessions_and_neither_bridge_nor_lines():
    for module, wanted in imports().items():
        if within(module, ("ivr.screen",)):
            others = [name for name in wanted if within(name, (*LEAVES, "ivr"))]
            known = ("ivr.screen", "ivr.live", "ivr.clock", "ivr.journal", "ivr.secrecy", "ivr.engine.events")
            assert all(within(name, known) for name in others), module


def test_the_web_then_known_by_the_commands_alone_and_its_packages_by_nobody_else():
    packages = ("fastapi", "starlette", "uvicorn")
    for module, wanted in imports().items():
        if not within(module, ("ivr.web",)):
            assert not [name for name in wanted if within(name, packages)], module
            assert within(module, ("ivr.cli",)) or not [name for name in wanted if within(name, ("ivr.web",))]


def test_the_clock_on_the_wall_then_paces_in_one_file():
    paced = {module for module, wanted in imports().items()
             if within(module, ("ivr.live", "ivr.desk")) and "time" in wanted}
    assert paced <= {"ivr.live.pace", "ivr.desk.opening", "ivr.desk.posting", "ivr.live.asking"}


def test_the_commands_then_known_by_nobody():
    for module, wanted in imports().items():
        if not within(module, ("ivr.cli",)):
            assert not [name for name in wanted if within(name, ("ivr.cli",))], module


def test_a_bridge_then_put_together_in_one_place():
    made = {module for module, path in files().items() for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("ConferenceBridge", "Exchange")}
    assert made == {"ivr.assembly"}


def place_changes(tree):
    """Give the lines that change what a `place` keeps, but for its room: assigned to it, or to a part of it."""
    for node in ast.walk(tree):
        targets = (node.targets if isinstance(node, ast.Assign | ast.Delete) else
                   [node.target] if isinstance(node, ast.AugAssign | ast.AnnAssign) else
                   [node.func.value] if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
                   and node.func.attr in dir(dict) + dir(set) + dir(list) else [])
        for target in targets:
            kept = target.value if isinstance(target, ast.Subscript) else target
            if isinstance(kept, ast.Attribute) and getattr(kept.value, "id", "") == "place" and not (
                    isinstance(node, ast.Call) and node.func.attr in ("get", "items", "keys", "values", "copy")):
                yield node.lineno


@pytest.mark.parametrize(("line", "found"), [
    ("place.opened = True", True), ("place.app[who] = name", True), ("del place.app[who]", True),
    ("place.leaders.add(who)", True), ("place.count += 1", True), ("place.app.get(who)", False),
    ("place.room.open(who)", False), ("place.begin(at)", False)])
def test_a_line_then_told_whether_it_changes_a_place(line, found):
    assert bool(list(place_changes(ast.parse(line)))) is found


def test_what_is_kept_of_a_meeting_then_changed_in_one_file():
    changed = {module: lines for module, path in files().items()
               if (lines := list(place_changes(ast.parse(path.read_text("utf-8")))))}
    assert changed == {}


def circle(graph):
    """Return the names of a circle in name -> others; none if there is none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return error.args[1]
    return []


def test_files_then_no_circle_of_imports():
    assert circle({module: wanted - {module} for module, wanted in imports().items()}) == []


FOLDERS = ["", *sorted(module for module, path in files().items() if path.name == "__init__.py")]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder or "all")
def test_what_is_in_a_folder_then_files_and_folders_in_it_form_no_circle(folder):
    def place(module):
        """Return the part of the folder that a module is in; the file of the folder itself is one."""
        rest = module.removeprefix(folder).removeprefix(".")
        return rest.partition(".")[0] or "__init__" if not folder or within(module, [folder]) else None

    graph = {}
    for module, wanted in imports().items():
        if here := place(module):
            graph.setdefault(here, set()).update({place(one) for one in wanted & files().keys()} - {here, None})
    assert circle(graph) == []


def test_classes_then_no_two_of_one_name():
    """One word for one thing: CONTRIBUTING.md has the words."""
    named = {}
    for module, path in files().items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                named.setdefault(node.name, []).append(module)
    assert {name: places for name, places in named.items() if len(places) > 1} == {}


AT_ONCE = re.compile(r"\.(?:wait_for_timeout|is_(?:visible|hidden|enabled|disabled|checked))\(|\.count\(\) ==")
"""What of Playwright's asks a page how it is just now, or waits a fixed time; `expect` waits until it is so."""


def test_tests_of_pages_then_wait_for_what_is_to_be_there():
    here = Path(__file__)
    asked = {path.name: found for path in here.parent.rglob("*.py")
             if path != here and (found := AT_ONCE.findall(path.read_text(encoding="utf-8")))}
    assert asked == {}
