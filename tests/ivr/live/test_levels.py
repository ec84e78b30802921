"""How loud each row is, over its last frames."""

import numpy as np
import pytest

from dtmf.keys import FULL_SCALE_DBM0
from ivr.clock import FRAME
from ivr.live.levels import FRAMES, Levels


@pytest.mark.parametrize(("before", "after"), [(8, 4), (4, 8), (4, 4)])
@pytest.mark.parametrize("since", range(FRAMES + 1))
def test_levels_when_rows_were_given_up_or_added_then_each_row_that_stays_has_its_own(before, after, since):
    levels, tone = Levels(), np.zeros((max(before, after), FRAME), np.int16)
    tone[:, ::2], tone[:, 1::2] = 1 << np.arange(len(tone))[:, None], -1 << np.arange(len(tone))[:, None]
    for _ in range(FRAMES):
        levels.took(tone[:before])
    for _ in range(since):
        levels.took(tone[:after])
    told = levels.dbm0({})
    rows = after if since else before
    assert len(told) == rows
    both = min(before, after)
    expected = FULL_SCALE_DBM0 + 20 * np.log10(np.sqrt(2) * 2.0 ** np.arange(both) / 32768)
    np.testing.assert_allclose(told[:both], expected, atol=0.01)
