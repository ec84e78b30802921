"""The manual of profiles has every field, with the value of each profile and its source."""

from pathlib import Path

from ivr.conference.fields import described
from ivr.conference.profile import PROFILES, Profile

MANUAL = (Path(__file__).parents[3] / "docs" / "profiles.md").read_text(encoding="utf-8")


def test_every_field_then_in_the_manual_as_it_is():
    for name, (inside, about) in described(Profile).items():
        values = " | ".join(about.kind.show(getattr(one, inside.name)) for one in PROFILES.values())
        row = f"| `{name}` | {about.text} | {values} | {'yes' if about.of_meeting else ''} | {about.source} |"
        assert row in MANUAL, row


def test_every_profile_then_in_the_manual():
    for name in PROFILES:
        assert f"| `{name}` |" in MANUAL
