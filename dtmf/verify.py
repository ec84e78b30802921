"""Is this a key? A second and stricter look at the samples of a press, for the few that got so far.

The stretch is cut into blocks of 5 ms and the key's two tones are fitted to each. A real key is a steady
pair: its frequencies are right (Q.24 table A-1: within 1.5 % always, beyond 3.5 % never), its phases run on
from block to block, and it is most of what there is. Speech that falls on two tones for a moment does none of
this for long.
"""

import math

from dtmf.compiled import compiled
from dtmf.fit import BLOCK, HISTORY, Track, count, power, quietest
from dtmf.goertzel import Array
from dtmf.keys import RATE
from dtmf.limits import TOLERANCE, Bounds
from dtmf.pair import Look, Pair, look_back, standing, total_of
from dtmf.vote import VOTE_SPAN, votes
from dtmf.white import LONG, is_white

_SHORT = 6
"""Blocks in the first look: 30 ms, which the shortest key that must be heard (40 ms, Q.24 table A-1) still has
where its edges are cut off."""

LONG_ENOUGH = 59 * RATE // 2000
"""Samples that a tone must have lasted before it is looked at, half a millisecond less than a short look, by which
its start may be misjudged; under 23 ms is no key (Q.24 table A-1)."""

_COUNTS = (20, 16, 12, 9, 8, 7)
_SPANS = (784, 624, 456, 328, 312, 272)
"""Blocks in a long look, and the samples that a tone must have lasted for it: what the blocks take up, less 1 to 4
ms by which its start may be misjudged. The longer a look, the more noise it bears."""

MOST_LOOKS = 16
"""Looks after which a press that did not convince is left alone: one a window, so 160 ms, all that `HISTORY`
holds."""

_EARLIER = (64, 136)
"""Samples before the press at which stretches of 10 ms begin that say what was there before: two, so that a click
in one of them is no sound before the key."""

# A clean key, parts of which may be spoilt.

_BAD = 0.15
"""Part of a block's energy beside the pair that makes it a bad one: more than a clean key's blocks have
(`Limits.pure` leaves .10), less than a burst or a break in a block brings."""

_STEADY = 0.058
"""Squared distance from the mean, in parts of the tone's power, that a good block may have: 2 dB, or 14 degrees. A
voice glides by more within 30 ms."""

_LEAST_SHORT, _LEAST = 5, 6
"""Good blocks that a short and a longer look need: 25 ms, as under 23 ms is no key (Q.24 table A-1), and 30 ms."""

_NARROW = 0.018
"""Part by which a tone may be off in a key that is otherwise as it should be: 1.5 % (Q.24 table A-1), and a fifth
more for what the measure of six blocks may err."""

_LATE = 456
"""Samples after which a key that is told by six blocks alone has to be a clean one: from here on (57 ms) looks at 7
to 12 blocks have been asked whether it is one in noise."""

_ODD = 0.95
"""Part that the pair must be of a key that is patchy, off its frequency or late: one thing may be wrong with a key,
not two, so half as much may lie beside it as beside others. Of long vowels a stretch of 30 ms is so pure now and
then, but not on its frequency."""

_QUIET, _QUIET_IN_NOISE = 0.16, 0.126
"""What may have sounded before a key, in parts of its power: -8 dB before a clean one, -9 dB where noise lies over
it. A key comes out of a pause, a vowel out of a vowel."""

_ALIKE = 2.5
"""What may have sounded before a key in any case: so many times what lies beside it, 4 dB. Noise was there before,
and 10 ms of it are by chance louder or softer than the mean."""

# A key in noise.

_NARROWER = 0.0165
"""Part by which a tone may be off where noise lies over it: 1.5 % (Q.24 table A-1), and less to spare than
elsewhere, for a long look errs less and noise passes for more."""

_LOUDER = 1.6
"""How many times louder than the rest what was before may be, where the two are off each other: noise is there
before as it is beside a key, a voice's last sound is another than this one."""

_TOGETHER, _CLOSER, _HALF = 0.015, 0.01, 0.7
"""Most by which they may be off each other then, and where the pair is less than the third part besides (3 dB over
the rest): a tape is off for both alike, and noise brings a tenth of it. Of voices two in three have more."""

_PART_OF_7, _PART_OF_8 = 0.84, 0.78
"""Part that the pair must be of looks at 35 and at 40 ms: in so little sound noise and a voice are hard to tell
apart, so little of either may be there."""

_PLAINLY = 0.95
"""Part of a long look that leaves nothing to ask: no voice is a steady pair and nothing else for 60 ms."""

_CODING = 10 ** -3.5
"""Part of the pair's power that may always lie beside it, -35 dB: a little more than G.711's coding adds."""

_SWAY_DB = 1.5
"""What a tone may rise or fall from the first half of a look to the second, in dB, with no noise to explain it: as
senders and lines do, and less than a vowel."""

_SWAY_IN_NOISE_DB = 4 * 1.34
"""What noise as strong as the tone may add in six blocks: four standard deviations. Calculated, one is 1.12 dB of
white noise; a fifth more is for noise that is not quite white."""

_NOTHING = 1e-6
"""A power in int16 steps that is none, so that there is a logarithm."""

_ALIKE_LONG, _MOSTLY = 5.0, 0.75
"""The same as `_ALIKE`, 7 dB, of a long look of which the pair is more than this part: a rest so small is known
less well, and such a key is sure enough otherwise."""

_NOISY, _FROM_NOTHING = 0.85, 0.4
"""Where the pair is less than this part, at least so much of the rest (-4 dB) was there before it."""

_LASTING = 0.5
"""Part of the rest that must have been there before the key, if a hum in it is to pass for a dial tone (-3 dB)."""


@compiled
def convinces(past: Array, key: int, span: int, bounds: Bounds) -> bool:
    """Tell whether the samples up to now hold a key.

    Parameters
    ----------
    past : float64 array of whole numbers [shape=(HISTORY + after,)]
        Samples up to now; the last `after` came after the end of the tone, as far as it is known.
    key : int
        Which key, 4 * row + column.
    span : int
        How many samples the tone has lasted.
    bounds : Bounds
    """
    if span >= LONG_ENOUGH:
        look = look_back(past, key, _SHORT)
        # At its very end it is not looked at: the next time it is known for how long it was on.
        if look.blocks and look.there[-1] and _patchy(past, key, span, look, bounds):
            return True
        for blocks, least in zip(_COUNTS, _SPANS):  # noqa: B905 - not known to the compiler
            if span >= least:
                look = look_back(past, key, blocks)
                if look.blocks and _noisy(past, key, span, look, bounds):
                    return True
                if look.blocks and _patchy(past, key, span, look, bounds):
                    return True
                break
    return bounds.votes and span + len(past) - HISTORY >= VOTE_SPAN and votes(past, key, span, bounds)


@compiled
def _mean(track: Track) -> complex:
    total = 0j
    for z in track:
        total += z
    # numpy divides a complex number by multiplying, the compiler does not
    return complex(total.real / len(track), total.imag / len(track))


@compiled
def _twisted(pair: Pair, bounds: Bounds) -> bool:
    low, high = pair.powers[0], pair.powers[1]
    return bool(low <= high / bounds.high_over_low or low >= high * bounds.low_over_high)


@compiled
def _patchy(past: Array, key: int, span: int, look: Look, bounds: Bounds) -> bool:
    """Judge a clean key, of which some blocks may be spoilt: these are left out."""
    blocks, energies = look.blocks, look.energies
    good = look.there.copy()
    for i in range(blocks):
        good[i] &= energies[i] - look.explained[i] < _BAD * energies[i]
    kept = count(good)
    if kept < (_LEAST_SHORT if blocks == _SHORT else _LEAST) or (kept == blocks and blocks > _SHORT):
        return False
    pair = standing(key, look, good)
    if pair.worst > (_NARROW if span > _LATE else TOLERANCE) or _twisted(pair, bounds):
        return False
    for i in range(2):
        for j in range(blocks):
            if good[j] and power(pair.still[i, j] - pair.means[i]) > _STEADY * pair.powers[i]:
                return False
    strength = BLOCK / 2 * (pair.powers[0] + pair.powers[1])
    purity = strength * kept / total_of(energies, good if blocks > _SHORT else look.there)
    odd = blocks > _SHORT or pair.worst > _NARROW or span > _LATE
    if purity < (max(bounds.pure, _ODD) if odd else bounds.pure):
        return False
    earlier = quietest(past, span, key, look.offsets, _EARLIER) / strength
    return bool(earlier <= max(_QUIET, _ALIKE * (1 - purity)))


@compiled
def _noisy(past: Array, key: int, span: int, look: Look, bounds: Bounds) -> bool:
    """Judge a key under steady noise."""
    blocks, kept = look.blocks, count(look.there)
    pair = standing(key, look, look.there)
    if kept < _LEAST or pair.worst > _NARROWER or _twisted(pair, bounds):
        return False
    powers = pair.powers
    strength = BLOCK / 2 * (powers[0] + powers[1])
    purity = strength * kept / total_of(look.energies, look.there)
    if purity < max(bounds.part, _PART_OF_7 if blocks == 7 else _PART_OF_8 if blocks == 8 else 0.0):
        return False
    if blocks >= LONG and purity > _PLAINLY:
        return True
    rest = max(0.0, 1 - purity) / purity + _CODING
    for i in range(2):
        early, late = power(_mean(pair.still[i, : blocks // 2])), power(_mean(pair.still[i, blocks // 2 :]))
        noise = rest * (powers[0] + powers[1]) / powers[i]
        sway = _SWAY_DB + _SWAY_IN_NOISE_DB * math.sqrt(noise / blocks * _SHORT)
        if abs(10 * math.log10((early + _NOTHING) / (late + _NOTHING))) > sway:
            return False
    earlier = quietest(past, span, key, look.offsets, _EARLIER) / strength
    if earlier > max(_QUIET_IN_NOISE, rest * (_ALIKE_LONG if purity > _MOSTLY and blocks >= LONG else _ALIKE)):
        return False
    if pair.apart > (_CLOSER if purity < _HALF else _TOGETHER) and earlier > _LOUDER * rest:
        return False
    # Noise lies under the whole call, so also before the key; the rest of a spoken sound begins with it.
    if purity < _NOISY and earlier < _FROM_NOTHING * rest:
        return False
    return is_white(past, pair.means, pair.omegas, powers, purity, blocks, earlier > _LASTING * (1 - purity))
