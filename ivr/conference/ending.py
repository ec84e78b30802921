"""When meetings end by themselves (A6.1 to A6.6)."""

from collections.abc import Iterator

from ivr.conference.place import Place

ENDS = "ends"
"""Kind of the timer of a place that is due when its end, or the warning of it, comes."""


def _limits(place: Place) -> Iterator[tuple[int, str]]:
    """Give the moments at which the rules would end a meeting as it is now, each with its reason."""
    profile = place.profile
    if profile.meeting_limit:
        yield place.started_at + profile.meeting_limit, "longest meeting"                # A6.6
    if place.app:
        yield place.changed_at + profile.unchanged_limit, "nobody came or went"          # A6.1
        return
    if not place.known and not place.anyone_may_start:
        yield place.alone_since + profile.alone_limit, "nobody who is known is left"      # A6.4, A6.5
    if place.pin_used:
        yield place.started_at + profile.pin_limit, "longest meeting by phone"           # A6.2
    elif place.anyone_may_start:
        yield place.started_at + profile.no_pin_limit, "longest meeting without a PIN"   # A6.3


def end_of(place: Place) -> tuple[int, str]:
    """Return when a meeting that runs ends if nothing changes, and why: one of the rules always holds."""
    return min(_limits(place))


def next_look(place: Place, now: int) -> int:
    """Return what comes next if nothing changes: the warning of its end or, once that moment is past, the end."""
    end, _ = end_of(place)
    warning = end - place.profile.end_warning
    return warning if warning > now else max(end, now)
