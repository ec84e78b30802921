"""What was heard, for people or as an object."""

from dtmf.cli.saying import line_of, remark, say
from dtmf.transcript import Facts


def show(facts: Facts, *, as_object: bool, alone: bool) -> None:
    """Print what was heard in a file or one channel of it, and what is to be known of it beside that."""
    note(facts)
    if as_object:
        say(line_of(facts))
        return
    which = [] if alone else [facts["file"]]
    which += [f"channel {facts['channel']}"] if "channel" in facts else []
    say(f"{' '.join(which)}: {facts['digits']}" if which else facts["digits"])
    if "near_misses" in facts:
        lines = [(tone["start"], f"heard {tone['digit']}: {_like(tone)}") for tone in facts["tones"]]
        lines += [(miss["start"], f"almost {miss['digit']}: {'; '.join(miss['why'])}")
                  for miss in facts["near_misses"]]  # fmt: skip
        for start, line in sorted(lines):
            say(f"  {start:9.3f} s  {line}")


def note(facts: Facts) -> None:
    """Say on the error channel how a file had to be taken, once for all its channels."""
    for sentence in () if facts.get("channel") else facts.get("notes", ()):
        remark(sentence)


def _like(tone: Facts) -> str:
    """Return what a key was like, for a tester to read."""
    return (f"{(tone['end'] - tone['start']) * 1000:.0f} ms, {tone['level_dbm0']:.1f} dBm0, "
            f"twist {tone['twist_db']:+.1f} dB, tones {tone['low_off_percent']:+.1f} and "
            f"{tone['high_off_percent']:+.1f} % off, {tone['snr_db']:.0f} dB over the noise")
