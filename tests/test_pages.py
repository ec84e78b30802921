"""Every fence of every page is run, compared with what is printed, or says why not; nothing else stands there."""

import re

import pytest
from pages import PAGES, ROOT, blocks, commands, renewed, same, script
from served import shell

from dtmf.cli.app import app as dtmf
from ivr.cli.app import app as ivr
from ivr.cli.kit import prompts

pytest.importorskip("fcntl", reason="pages are typed into bash, on a system that forks")

SPOKEN = (ROOT / "scenarios" / "s0-15-lobby.journal").read_text(encoding="utf-8").partition("\n")[0]
"""By whom: other voices take other times."""

TOLD = {"README.md": (r"\.wav: (in \w+);", ["in lobby", "in meeting", "in lobby", "in meeting"])}
"""What a page's commands tell altogether, where no block shows it: a PIN that was reset opens nothing."""


@pytest.fixture(scope="module")
def typed(served, tmp_path_factory):
    return shell(served, tmp_path_factory.mktemp("home"))


DEAR = {"scenarios", "testing"}
"""Pages of many stories."""


@pytest.mark.parametrize("path", [
    pytest.param(path, id=path.stem, marks=pytest.mark.slow if path.stem in DEAR else ())
    for path in PAGES if "\n```" in path.read_text(encoding="utf-8")])
def test_page_when_it_is_typed_from_top_to_bottom_then_all_works_and_prints_what_it_says(path, typed, tmp_path):
    page = path.read_text(encoding="utf-8")
    out, here = tmp_path / "out", tmp_path / "here"
    out.mkdir()
    here.mkdir()
    done = typed(script(page, out), here)
    code, said = done.returncode, done.stderr  # what was typed may hold PINs, and is not told
    known = blocks(page)
    last = max((int(one.stem) for one in out.glob("*.out")), default=0)
    error = out / f"{last}.err"
    assert code == 0, f"{path.name}:{known[last].line}: {error.read_text() if error.exists() else ''}{said}"
    for number, block in enumerate(known):
        if block.output or block.verb == "prints":
            printed = (out / f"{number if block.verb else number - 1}.out").read_text(encoding="utf-8")
            if not same(block, printed) and prompts().engine not in SPOKEN:
                pytest.skip(f"the page was {SPOKEN.strip('# ')}, and here speaks {prompts().engine}")
            assert same(block, printed), f"{path.name}:{block.line} ('make pictures' renews it): {printed}"
    pattern, found = TOLD.get(path.name, ("nothing is asked", []))
    told = "".join((out / f"{number}.out").read_text(encoding="utf-8") for number in range(last + 1))
    assert re.findall(pattern, told) == found


MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


@pytest.mark.parametrize("words", [pytest.param(words, id=f"{path.stem}:{block.line}: {' '.join(words[:3])}")
                                   for path in PAGES for block in blocks(path.read_text(encoding="utf-8"))
                                   if block.verb == "not run" for words in commands(block.text)])
def test_command_of_a_page_when_it_is_not_run_then_its_words_are_known(words):
    if words[0] == "make":
        assert re.search(rf"^{re.escape(words[1])}:", MAKEFILE, re.M)
    else:
        app = {"ivr": ivr, "dtmf": dtmf}[words[0]]()
        words = ["./-" if word == "-" else word for word in words[1:]]  # as dtmf's own main does
        command, bound, _ = app.parse_args(words, exit_on_error=False, print_error=False)
        assert callable(command)
        assert bound is not None


@pytest.mark.parametrize("page", ["```\nivr demo\nwhat it does\n```\n", "```yaml\nfrom: teams\n```\n",
                                  "```sh\nivr demo\n",
                                  "<!-- nott run: it is dear -->\n```sh\nivr demo\n```\n"],
                         ids=["plain", "no story", "open", "mistyped"])
def test_page_when_a_fence_does_not_say_what_it_is_then_refused(page, tmp_path):
    with pytest.raises(ValueError, match=r"line [12]|fence"):
        script(page, tmp_path)


def test_page_when_what_it_prints_is_old_then_renewed_but_for_how_long_it_took(tmp_path):
    (tmp_path / "0.out").write_text("FAIL  4.8 s in 0.51 s\n")
    fresh = "Words.\n\n<!-- prints: ivr run -->\n```text\nFAIL  4.8 s in 0.37 s\n```\n"
    assert renewed(fresh, tmp_path) == fresh
    assert renewed(fresh.replace("4.8", "4.7"), tmp_path) == fresh.replace("0.37", "0.51")
