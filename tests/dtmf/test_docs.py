"""The manual of the decoder names what there is."""

from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs" / "dtmf.md"


def test_the_endings_and_encodings_of_the_manual_then_those_that_are_read():
    from dtmf.pcm import ENCODINGS, ENDINGS

    text = DOCS.read_text(encoding="utf-8")
    assert [name for name in ENCODINGS if f"`{name}`" not in text] == []
    assert [name for name in ENDINGS if not name.startswith(".sln") and f"`{name}`" not in text] == []
