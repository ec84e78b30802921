"""The recipes of docs/testing.md: what they run is run by the page itself, and they keep what that leaves."""

import re
import shlex

import pytest
import yaml
from pages import ROOT, blocks, commands

PAGE = blocks((ROOT / "docs" / "testing.md").read_text(encoding="utf-8"))
RECIPES = {block.what: yaml.safe_load(block.text) for block in PAGE if block.what.startswith(".")}
TYPED = [words for block in PAGE if block.kind == "sh" and not block.verb for words in commands(block.text)]


def lines(recipe):
    """Return what a recipe types."""
    if "jobs" in recipe:
        return [step["run"] for job in recipe["jobs"].values() for step in job["steps"] if "run" in step]
    return [line for job in recipe.values() for line in job["script"]]


def kept(recipe):
    """Return the files and folders that a recipe keeps."""
    if "jobs" in recipe:
        return {path for job in recipe["jobs"].values() for step in job["steps"]
                for path in step.get("with", {}).get("path", "").split() if "upload" in step["uses"]}
    return {path for job in recipe.values() for path in (*job["artifacts"]["paths"],
                                                         job["artifacts"]["reports"]["junit"])}


@pytest.mark.parametrize("name", RECIPES)
def test_recipe_when_it_types_our_command_then_as_the_page_types_it_and_all_that_it_leaves_is_kept(name):
    typed = [shlex.split(line) for line in lines(RECIPES[name]) if line.startswith("ivr ")]
    assert typed
    for words in typed:
        assert [word for word in words if word not in ("--github", "-j", "0")] in TYPED
        left = {words[words.index(option) + 1] for option in ("--junit", "--html", "--report")}
        assert left == {path.rstrip("/") for path in kept(RECIPES[name])}


def test_recipes_when_they_are_counted_then_both_hosts():
    assert set(RECIPES) == {".github/workflows/calls.yml", ".gitlab-ci.yml"}


def test_image_when_it_is_made_then_of_files_that_are_there_all_that_is_installed_among_them():
    text = (ROOT / "deploy" / "Containerfile").read_text(encoding="utf-8")
    copied = {name for line in re.findall(r"^COPY (.*) \S+$", text, re.M) for name in line.split()}
    assert all((ROOT / name).exists() for name in copied)
    packages = re.search(r"^packages = \[(.*)\]", (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.M)[1]
    assert {name.strip(' "') for name in packages.split(",")} | {"scenarios"} <= copied
