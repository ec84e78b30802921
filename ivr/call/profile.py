"""Products differ by profile, and a profile is data (BEHAVIOUR.md, "Product eras").

A value marked [U] there is undocumented: it is our choice, not the product's.
"""

import difflib
from dataclasses import dataclass

from ivr.clock import samples


class UnknownProfile(LookupError):
    """No profile has this name."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What one product does in a call. Times in samples.

    Attributes
    ----------
    conference_id_digits : int
        Length of every conference ID (A1.10).
    conference_id_tries : int
        Entries of a conference ID, silence included, before the goodbye (A1.12, A1.13 [U]).
    pin_digits : range
        Lengths a PIN can have (B1.2); an entry of another length is wrong without being looked up.
    pin_tries : int
        Entries of a PIN before the lobby (A2.13 [U]).
    first_digit_timeout, inter_digit_timeout : int
        How long a question waits for its first key, and an entry for the next (A1.13 [U]).
    organizer_timeout : int
        How long silence takes to mean "no" to the organizer question (A2.8 [U]).
    """

    name: str
    conference_id_digits: int = 7
    conference_id_tries: int = 3
    pin_digits: range = range(4, 13)
    pin_tries: int = 3
    first_digit_timeout: int = samples(10)
    inter_digit_timeout: int = samples(5)
    organizer_timeout: int = samples(5)


PROFILES = {"teams2021": Profile(name="teams2021")}
"""Teams before June 2021: the lobby empties by itself when the meeting starts (A3.3)."""


def profile(name: str) -> Profile:
    """Return the profile of this name.

    Raises
    ------
    UnknownProfile
        If there is none; the message names the nearest.
    """
    if name in PROFILES:
        return PROFILES[name]
    near = difflib.get_close_matches(name, PROFILES, n=1, cutoff=0.0)
    raise UnknownProfile(f"there is no profile {name!r}; did you mean {near[0]!r}?")
