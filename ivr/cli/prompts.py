"""`ivr prompts`: what the bridge says, and recordings to say it instead."""

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from cyclopts import App

from ivr.cli.faults import UsageError
from ivr.cli.options import Flag, Json, Spoken
from ivr.cli.saying import FAILED, OK
from ivr.clock import RATE
from prompts import Pack, Prompts, languages, load
from prompts.pieces import every, pieces, spoken_as
from prompts.slots import nearest

app = App(name="prompts", help_format="plaintext", version_flags=[])

_ALL = "all"
_HEAD = "# What to record: a file's name without ending, a tab, its words. Slots are said by other recordings.\n"


@app.command(name="list")
def list_(*, language: Spoken = None, files: Flag = False, json_: Json = False) -> int:
    """List what the bridge says, by name.

    Example: ivr prompts list --language fr-FR

    Parameters
    ----------
    language
        One of the bridge's languages, or 'all'; may be given several times. English if left out.
    files
        List the recordings that a voice pack may have, with their words, instead of the prompts.
    json_
        Print one JSON object a line.
    """
    for which in _wanted(language):
        if not json_:
            print(f"{which}  {load(which).name}")
        for row in _pieces(which) if files else _prompts(which):
            if json_:
                print(json.dumps(row, ensure_ascii=False))
            elif files:
                print(f"  {row['file']:<28}  {row['words']}")
            else:
                form = "" if row["form"] == "other" else f" ({row['form']})"
                print(f"  {row['name'] + form:<28}  {row['text']}")
    return OK


@app.command
def export(target: Path, /, *, language: Spoken = None, words_only: Flag = False) -> int:
    """Write the texts and the spoken recordings of a language, as the beginning of a voice pack.

    Files that are there already are kept.

    Example: ivr prompts export my-voice --language en-US

    Parameters
    ----------
    target
        The voice pack's folder; each language gets a folder in it.
    language
        One of the bridge's languages, or 'all'; may be given several times. English if left out.
    words_only
        Write the texts only, in texts.tsv, without recordings.
    """
    from dtmf.audiofile import write
    from ivr.cli.folders import folder
    from ivr.cli.kit import write_text

    for which in _wanted(language):
        place = folder(target / which)
        listed = pieces(which)
        rows = (f"{name}\t{spoken_as(words)}\n" for name, words in listed.items())
        write_text(place / "texts.tsv", _HEAD + "".join(rows))
        spoken, written = Prompts(which), 0
        for name, words in {} if words_only else listed.items():
            path = place / f"{name}.wav"
            folder(path.parent)
            if not path.exists():
                write(path, spoken.piece(words), RATE)
                written += 1
        kept = 0 if words_only else len(listed) - written
        print(f"{place}: {len(listed)} texts in texts.tsv, {written} recordings written"
              + (f", {kept} kept that were there" if kept else ""))
    return OK


@app.command
def check(pack: Path, /, *, language: Spoken = None, json_: Json = False) -> int:
    """Look a voice pack over: what is missing and spoken instead, what is brought right, what is wrong.

    Exit code 1 if something in it has to be named otherwise or recorded again.

    Example: ivr prompts check my-voice

    Parameters
    ----------
    pack
        A folder with a folder a language, such as en-US, or with the recordings of one language.
    language
        Only this language; may be given several times. For recordings that lie in the folder itself: which
        language they are.
    json_
        Print one JSON object a language.
    """
    from prompts.checking import check as look

    asked = _wanted(language) if language else ()
    them = Pack(pack, asked[0] if asked else "en-US")
    code = OK
    for which in asked or them.languages():
        if which not in them.languages():
            raise UsageError(f"the voice pack {pack} has no recording of {which}")
        found = look(them, which, Prompts(which).piece)
        wrong = sum(finding.wrong for finding in found.findings)
        code = FAILED if wrong else code
        if json_:
            print(json.dumps({
                "language": which, "used": list(found.used), "missing": list(found.missing),
                "findings": [{"file": str(f.path), "what": f.what, "wrong": f.wrong} for f in found.findings],
            }, ensure_ascii=False))
            continue
        print(f"{which}: {len(found.used)} recordings are used, {len(found.missing)} are missing and spoken "
              "instead")
        for finding in found.findings:
            print(f"  {'WRONG' if finding.wrong else 'right'}  {finding.path}: {finding.what}")
        if found.missing:
            print(f"  missing: {', '.join(found.missing)}")
    return code


def _wanted(asked: Sequence[str] | None) -> tuple[str, ...]:
    if asked and _ALL in asked:
        return languages()
    return tuple(dict.fromkeys(_language(text) for text in asked or ["en-US"]))


def _language(text: str) -> str:
    """Return the language that a user means: its ID, the beginning of it, or its own name."""
    for which in languages():
        if text.lower() in (which.lower(), which.partition("-")[0], load(which).name.lower()):
            return which
    raise UsageError(f"there is no language {text!r}{nearest(text, languages())}: there are "
                     f"{', '.join(languages())}")


def _pieces(language: str) -> Iterator[dict[str, Any]]:
    for name, words in pieces(language).items():
        yield {"language": language, "file": name, "words": spoken_as(words)}


def _prompts(language: str) -> Iterator[dict[str, Any]]:
    them = load(language)
    names = every(language)
    for name, forms in them.texts.items():
        for form, text in forms.items():
            base = f"{name}.{form}" if len(forms) > 1 else name
            files = [file for file in names if re.fullmatch(rf"{re.escape(base)}(-[0-9]+)?", file)]
            yield {"language": language, "name": name, "form": form, "text": text,
                   "slots": list(them.slots(name)), "files": files}
