"""What is remembered of a channel from window to window."""

import numpy as np

MOST = 48
"""Windows of a dip, or of a rise, that are remembered; a dip that lasts so long is a new level."""

LANE = np.dtype(
    [
        ("on", np.bool_),  # whether a key may be down; all but the last lines are about it
        ("key", np.int64),
        ("at", np.int64),  # the last window that was looked at
        ("climb", np.float64, (MOST + 8,)),  # amplitudes of the windows in which the tone came up,
        ("climbed", np.int64),  # so many,
        ("first", np.int64),  # and the window of the first of them
        ("plateau", np.float64),
        ("level", np.int64),  # the last window that was not in a dip
        ("last", np.float64),  # and the amplitude in it
        ("dip", np.float64, (MOST,)),
        ("dipped", np.int64),
        ("begun", np.float64),  # where the tone came on, once that is settled
        ("settled", np.bool_),
        ("reported", np.bool_),
        ("looks", np.int64),
        ("missing", np.int64),  # windows just before the next one that did not come
        ("humming", np.bool_),  # whether there is a dial tone under it
        ("ended", np.bool_),
        ("measured", np.bool_),
        ("level_dbm0", np.float64),
        ("twist_db", np.float64),
        ("low_hz", np.float64),
        ("high_hz", np.float64),
        ("snr_db", np.float64),
        ("known", np.int64),  # the key heard last, counted from 1,
        ("known_plateau", np.float64),  # its loudest amplitude,
        ("known_begun", np.float64),  # when it began,
        ("known_over", np.float64),  # and when it was over, its echo included
        ("earlier", np.int64),  # the key heard before it, counted from 1,
        ("earlier_plateau", np.float64),  # its loudest amplitude,
        ("earlier_begun", np.float64),  # and when it began
        ("eldest", np.int64),  # the same of the key before that
        ("eldest_plateau", np.float64),
        ("eldest_begun", np.float64),
        ("back", np.float64),  # how late the line gives keys back, if it does
        ("gates", np.int64),  # which of the last windows passed the gate: bits, the last window's the lowest
        ("gated", np.int64),  # the last window in which there was something like a key, counted from 1,
        ("like", np.int64),  # and like which
        ("pair", np.int64),  # the pair that runs on from window to window (`dtmf.run`), counted from 1,
        ("pair_first", np.int64),  # the first and the last window that hold it,
        ("pair_last", np.int64),
        ("pair_turns", np.int64),  # how often it turned as it should from one to the next,
        ("pair_low", np.complex128),  # its tones in the last one,
        ("pair_high", np.complex128),
        ("turned_low", np.complex128),  # and the sums of what they turned too far
        ("turned_high", np.complex128),
        ("over", np.int64),  # a run that is over and waits to be judged, counted from 1,
        ("over_first", np.int64),  # and its first and last window
        ("over_last", np.int64),
        ("lost", np.int64, (2, 2)),  # windows with samples that did not come: two ranges, first and last
    ],
    align=True,
)
"""A channel; all zeros is one on which nothing has been heard. Moments are samples at 8 kHz, and windows are
numbered by the block that ends them: window k is the samples from 80 * (k - 1) to 80 * (k + 1)."""
