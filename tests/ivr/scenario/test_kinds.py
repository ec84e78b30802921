"""Files of another kind than is meant: a sentence says which command takes them."""

import pytest

from ivr.cli.campaign.plan import load
from ivr.reading import BadFile
from tests.ivr.scenario.reading import story

CAMPAIGN = "story: gets-in.yaml\nvary:\n  tone: [20 ms, 40 ms]\n"
OWN = "start: hello\nhello: {say: Hello., then: end}\n"


@pytest.mark.parametrize(("text", "told"), [
    (CAMPAIGN, "this is a campaign, and no story: 'ivr campaign FILE' plays it"),
    (OWN, "this is an IVR of one's own, and no story: a story calls it, as in 'ivr: FILE', and 'ivr lint FILE' "
          "looks at it")])
def test_story_when_it_is_another_kind_of_file_then_told_what_takes_that(text, told):
    with pytest.raises(BadFile) as caught:
        story(text)
    assert str(caught.value) == f"story.yaml:1: {told}"


def test_campaign_when_it_is_a_story_then_told_what_plays_that(tmp_path):
    path = tmp_path / "story.yaml"
    path.write_text("callers:\n  anna: [dial]\n", encoding="utf-8")
    with pytest.raises(BadFile, match="this is a story, and no campaign: 'ivr run FILE' plays it"):
        load(path)
