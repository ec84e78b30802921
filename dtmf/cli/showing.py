"""What was heard, for people or as an object."""

from dtmf.archive.work import failure
from dtmf.choosing import differing
from dtmf.cli.saying import DIFFER, OK, USAGE, complain, line_of, remark, say
from dtmf.transcript import Facts


def show(facts: Facts, *, as_object: bool, alone: bool, each: bool = False) -> int:
    """Print what was heard in a file or one channel of it, and what is to be known of it beside that.

    Parameters
    ----------
    facts : dict
    as_object : bool
        As one line of JSON.
    alone : bool
        Whether nothing else is decoded; else a line says what it is of.
    each : bool
        Whether each channel is an object, so that a line says which it is of.

    Returns
    -------
    int
        What the command ends with.
    """
    note(facts, each=each)
    if as_object:
        say(line_of(facts))
    else:
        for one in facts.get("channels", [facts]):
            _show(one, facts["file"], alone=alone, number=each or "channels" in facts)
    if "channels" not in facts:
        return OK
    return differ(facts["file"], [one["channel"] for one in facts["channels"]])


def refuse(file: str, sentence: str, *, as_object: bool) -> int:
    """Complain that a file could not be heard, and print so as an object where objects are printed.

    Returns
    -------
    int
        What the command ends with.
    """
    code = complain(sentence, USAGE)
    if as_object:
        say(line_of(failure(file, sentence)[0]))
    return code


def differ(name: str, channels: list[int]) -> int:
    """Complain that the channels of a file hold different keys."""
    return complain(f"{name}: {differing(channels)}", DIFFER)


def _show(facts: Facts, file: str, *, alone: bool, number: bool) -> None:
    channel = [f"channel {facts['channel']}"] if number else []
    which = channel if alone else [file, *channel]
    say(f"{' '.join(which)}: {facts['digits']}" if which else facts["digits"])
    if "second_look" in facts:
        remark(f"{' '.join([file, *channel])}: {_found_again(facts['second_look'])}")
    if "hint" in facts:
        remark(f"{' '.join([file, *channel])}: {facts['hint']}.")
    if "near_misses" in facts:
        lines = [(tone["start"], f"heard {tone['digit']}: {_like(tone)}") for tone in facts["tones"]]
        lines += [(miss["start"], f"almost {miss['digit']}: {'; '.join(miss['why'])}")
                  for miss in facts["near_misses"]]  # fmt: skip
        for start, line in sorted(lines):
            say(f"  {start:9.3f} s  {line}")


_WHY = {"quiet": "too quiet", "twist": "too twisted", "pause": "too close to the one before"}


def _found_again(found: dict[str, int]) -> str:
    """Return what a second look has found, as a sentence."""
    said = [f"{count} {_WHY[why]}" for why, count in found.items()]
    keys = "a key" if sum(found.values()) == 1 else "keys"
    return f"a second look has found {keys} that the first had not: {', '.join(said)}."


def note(facts: Facts, *, each: bool) -> None:
    """Say on the error channel how a file had to be taken, once for all its channels if `each` is an object."""
    if not (each and facts["channel"]):
        for sentence in facts.get("notes", ()):
            remark(sentence)


def _like(tone: Facts) -> str:
    """Return what a key was like, for a tester to read."""
    return (f"{(tone['end'] - tone['start']) * 1000:.0f} ms, {tone['level_dbm0']:.1f} dBm0, "
            f"twist {tone['twist_db']:+.1f} dB, tones {tone['low_off_percent']:+.1f} and "
            f"{tone['high_off_percent']:+.1f} % off, {tone['snr_db']:.0f} dB over the noise")
