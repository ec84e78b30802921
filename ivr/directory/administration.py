"""The desk's side of a product: what an administrator may do, as data (BEHAVIOUR.md, sections B to F).

The call's own profile stands in `ivr.conference.profile`. A value marked [U] is undocumented: it is our choice, not
the product's.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from ivr.conference.profile import UnknownProfile
from ivr.directory.errors import nearest

Pattern = Literal["repeating", "consecutive", "own-number", "sequential", "repeated", "extension"]
"""A kind of PIN that is easily guessed; `ivr.directory.pins` says what each one is."""

Parameter = tuple[str, str]
"""Group and name of a parameter that an administrator can set."""


@dataclass(frozen=True, slots=True)
class Limit:
    """How many wrong PINs a PIN of at least so many digits bears (B3)."""

    digits: int
    local: int
    overall: int


@dataclass(frozen=True, slots=True)
class Lockout:
    """What wrong PINs lead to; zero or empty means "off".

    Attributes
    ----------
    window : int
        Seconds, from the first wrong PIN, in which the local count must reach its limit (B3).
    lock : int
        Seconds for which reaching the local limit locks (B3).
    limits : tuple of Limit
        Local and overall limits by length of PIN, shortest first (B3).
    tries : int
        A local limit that an administrator sets in place of the table's, 1 to 999 (B2, MaximumLogonAttempts).
    reset_after : int
        Wrong PINs after which the system makes a new PIN and mails it (F2, C11).
    lock_after : int
        Overall limit for PINs of any length, in place of the table's; locks until an administrator unlocks (F2).
    forgiven : bool
        Whether a right PIN takes the overall count back to 0: yes where wrong PINs count in sequence (F2), no where
        only an unlock does (B3).
    """

    window: int = 0
    lock: int = 0
    limits: tuple[Limit, ...] = ()
    tries: int = 0
    reset_after: int = 0
    lock_after: int = 0
    forgiven: bool = False

    @property
    def counts(self) -> bool:
        """Whether wrong PINs lead to anything."""
        return bool(self.limits or self.tries or self.reset_after or self.lock_after)


@dataclass(frozen=True, slots=True)
class PinRules:
    """A product's rules for PINs, or one organizer's once the parameters are laid over them.

    Attributes
    ----------
    shortest, longest : int
        Digits of a PIN that somebody types (B1.2, B2, F2).
    length : int
        Digits of a generated PIN; `shortest` where that is more (B1.2, F3).
    at_enabling : bool
        Whether enabling an organizer makes his PIN (B1.6), or he comes for it later (B4).
    typed : bool
        Whether an administrator may type the PIN (S2.14, B4), or it is always generated (B1.5).
    self_service : bool
        Whether its owner may reset it on the web (S0.4, S2.7) or must ask an administrator (S4.4; C4).
    self_typed : bool
        Whether he chooses the new one there himself, or gets one (S2.15, B1.10).
    by_phone : bool
        Whether he can choose a new one during a call (F1.10, F1.11); without it an expired PIN starts nothing [U].
    lifetime_days : int
        Days until a PIN expires; 0 is never (B2, F2).
    history : int
        How many of the latest PINs, the present one among them, cannot be chosen again (B2, F2).
    history_binds_administrator : bool
        Whether that holds for an administrator too (F3), or for the owner only (B2).
    common_patterns : bool
        Whether the `patterns` are allowed (B2, F2).
    patterns : frozenset of Pattern
        What is refused while common patterns are not allowed.
    patterns_always : frozenset of Pattern
        What is refused even then (F2: the extension).
    change_at_first_use : bool
        Whether a PIN that was reset must be changed at its first use, unless the command says otherwise (S2.16).
    length_binds_existing : bool
        Whether raising `shortest` makes owners of shorter PINs choose anew (C15, F2) or binds new PINs (S0.21).
    unlock_before_set : bool
        Whether a locked PIN must be unlocked before a new one is set (B4), or setting it unlocks (F3).
    """

    shortest: int = 4
    longest: int = 12
    length: int = 5
    at_enabling: bool = True
    typed: bool = False
    self_service: bool = True
    self_typed: bool = False
    by_phone: bool = False
    lifetime_days: int = 0
    history: int = 0
    history_binds_administrator: bool = False
    common_patterns: bool = True
    patterns: frozenset[Pattern] = frozenset()
    patterns_always: frozenset[Pattern] = frozenset()
    change_at_first_use: bool = False
    length_binds_existing: bool = False
    unlock_before_set: bool = False
    lockout: Lockout = Lockout()


@dataclass(frozen=True, slots=True)
class Administration:
    """What the desk of one product is like.

    Attributes
    ----------
    about : str
        One line for whoever chooses between products.
    conference_ids : {"dynamic", "static"}
        One ID a meeting or one an organizer, until somebody sets otherwise (C-2, S1.3).
    static_allowed : bool
        Whether "static" can be set at all (C-3, S1.4).
    id_typed : bool
        Whether an administrator may choose the ID (C-3) or it is always random (C-6).
    pin_from : mapping
        Field of `PinRules` (a dot leads into its lockout) to the parameter whose set value replaces it.
    groups : frozenset of str
        Groups of parameters that the product has.
    letter_texts_from : str
        Group whose "enabled-text" and "reset-pin-text" are added to letters (F2); empty where there is none.
    mail_update_tool_at_end : bool
        Whether the letter "turned off" also tells how to take the numbers out of invitations (section D, M4).
    mailbox : bool
        Whether the PIN is that of a voice mailbox, and letters are about one (F2).
    """

    name: str
    about: str
    pin: PinRules
    conference_ids: Literal["dynamic", "static"] = "dynamic"
    static_allowed: bool = False
    id_typed: bool = False
    pin_from: Mapping[str, Parameter] = field(default_factory=dict)
    groups: frozenset[str] = frozenset({"settings"})
    letter_texts_from: str = ""
    mail_update_tool_at_end: bool = False
    mailbox: bool = False


_ONLINE_GROUPS = frozenset({"settings", "meeting", "audio-conferencing"})
_ONLINE_PIN_FROM = {"length": ("settings", "pin-length")}

_SERVER_PIN = PinRules(
    shortest=5, longest=24, length=5,
    at_enabling=False, typed=True, self_service=True, self_typed=True,
    common_patterns=False, patterns=frozenset({"repeating", "consecutive", "own-number"}),
    unlock_before_set=True,
    lockout=Lockout(window=1800, lock=3600,
                    # Six digits stand in no row of the product's table; B3 gives them the last one.
                    limits=(Limit(4, 10, 100), Limit(5, 25, 1000), Limit(6, 25, 5000))))

_UM_PIN = PinRules(
    shortest=6, longest=24, length=6,
    typed=True, self_service=True, self_typed=False, by_phone=True,
    lifetime_days=60, history=5, history_binds_administrator=True,
    common_patterns=False, patterns=frozenset({"sequential", "repeated"}), patterns_always=frozenset({"extension"}),
    change_at_first_use=True, length_binds_existing=True,
    lockout=Lockout(reset_after=5, lock_after=15, forgiven=True))

ADMINISTRATIONS: Mapping[str, Administration] = {desk.name: desk for desk in (
    Administration(
        name="online", about="Teams: PINs are generated, and their owners may reset them",
        pin=PinRules(), pin_from=_ONLINE_PIN_FROM, groups=_ONLINE_GROUPS),
    Administration(
        name="sfb2017", about="Skype for Business Online, 2017: an administrator resets every PIN",
        pin=PinRules(self_service=False), static_allowed=True, id_typed=True,
        pin_from=_ONLINE_PIN_FROM, groups=_ONLINE_GROUPS, mail_update_tool_at_end=True),
    Administration(
        name="sfbserver", about="Skype for Business Server: a policy for PINs, which lock after wrong tries",
        pin=_SERVER_PIN, groups=frozenset({"settings", "pin", "keys", "joining", "meetings"}),
        pin_from={"shortest": ("pin", "shortest"),
                  "lifetime_days": ("pin", "lifetime-days"),
                  "history": ("pin", "history"),
                  "common_patterns": ("pin", "common-patterns"),
                  "lockout.tries": ("pin", "tries")}),
    Administration(
        name="um", about="Outlook Voice Access: PINs expire, and wrong tries reset them, then lock the mailbox",
        pin=_UM_PIN, letter_texts_from="um-mailbox",
        groups=frozenset({"settings", "um-mailbox", "um-dial-plan", "um-auto-attendant"}),
        mailbox=True,
        pin_from={"shortest": ("um-mailbox", "shortest-pin"),
                  "lifetime_days": ("um-mailbox", "pin-lifetime-days"),
                  "history": ("um-mailbox", "pin-history"),
                  "common_patterns": ("um-mailbox", "common-patterns"),
                  "lockout.reset_after": ("um-mailbox", "failures-before-reset"),
                  "lockout.lock_after": ("um-mailbox", "failures-before-lock")}),
)}


def administration(name: str) -> Administration:
    """Return the desk of this name.

    Raises
    ------
    UnknownProfile
        If there is none; the message names the nearest, or them all.
    """
    if name in ADMINISTRATIONS:
        return ADMINISTRATIONS[name]
    near = nearest(name, ADMINISTRATIONS) or f"; there are {', '.join(ADMINISTRATIONS)}"
    raise UnknownProfile(f"there is no administration {name!r}{near}", value=name)


def rules_with(base: Administration, values: Mapping[Parameter, object]) -> PinRules:
    """Return the product's rules for PINs with the parameters that are set laid over them.

    A parameter that is not among the values leaves the product's own value; None ("unlimited", "automatic") is 0,
    the word for "off" here (C11).
    """
    of_pin: dict[str, Any] = {}
    of_lockout: dict[str, Any] = {}
    for rule, parameter in base.pin_from.items():
        if parameter in values:
            value = values[parameter]
            before, _, after = rule.rpartition(".")
            (of_lockout if before else of_pin)[after] = 0 if value is None else value
    return replace(base.pin, **of_pin, lockout=replace(base.pin.lockout, **of_lockout))
