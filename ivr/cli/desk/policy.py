"""`ivr policy`: rules for the PINs, meetings and keys of all organizers, of a site's, or of some."""

import sys
from collections.abc import Iterable

from ivr.cli.desk.kit import Flag, Sure, Where, as_json, noun, opened, sure
from ivr.cli.desk.parameters import changes, told_parameters
from ivr.cli.options import PolicyKind
from ivr.directory.attendants import extensions
from ivr.directory.desk import Desk
from ivr.directory.office import SETTINGS
from ivr.directory.parameters import GROUPS
from ivr.directory.settings import Shown
from ivr.voicemail import Find

app = noun("policy")

_HERE, _ASK = Where(), Sure()


@app.command(name="list")
def list_(kind: PolicyKind = "", /, *, where: Where = _HERE) -> int:
    """List the policies of a kind, or, without one, the kinds that this bridge's administration has.

    Example: ivr policy list pin

    Parameters
    ----------
    kind
        Such as pin, meeting or um-mailbox.
    """
    with opened(where) as desk:
        if kind:
            names = desk.settings.policies(kind)
            as_json(names) if where.json else print("\n".join(names))
            return 0
        kinds = {name: GROUPS[name].about for name in desk.settings.kinds() if name != SETTINGS}
    if where.json:
        as_json(list(kinds))
        return 0
    for name, about in kinds.items():
        print(f"{name:<20}{about}")
    return 0


@app.command
def show(kind: PolicyKind, name: str = "global", /, *, organizer: str = "", where: Where = _HERE) -> int:
    """Show a policy, or what holds for one organizer.

    Example: ivr policy show pin --organizer amos.marble@contoso.com

    Parameters
    ----------
    kind
        Such as pin, meeting or um-mailbox.
    name
        global, site:NAME, or a policy's name.
    organizer
        Show what holds for this organizer, from all policies.
    """
    with opened(where) as desk:
        values = (desk.settings.for_organizer(kind, organizer) if organizer else
                  desk.settings.show(kind, identity=name))
        told_parameters(kind, values, where)
    return 0


@app.command(name="set")
def set_(kind: PolicyKind, name: str = "global", /, *, what_if: Flag = False, where: Where = _HERE,
         **values: str) -> int:
    """Change a policy, all that is named or nothing; each parameter is an option, as 'ivr policy show' names it.

    Example: ivr policy set pin --shortest 6

    Parameters
    ----------
    kind
        Such as pin, meeting or um-mailbox.
    name
        global, site:NAME, or a policy's name.
    what_if
        Tell what would be set, and change nothing.
    values
        A parameter: --shortest 6.
    """
    with opened(where, founds=True) as desk:
        wanted = changes(values, f"ivr policy set {_example(kind)} VALUE")
        now_set = desk.settings.set(kind, wanted, identity=name, what_if=what_if)
        told_parameters(kind, now_set, where, only=tuple(wanted), what_if=what_if)
        _told_of_nobody(desk, kind, name, now_set, wanted)
    return 0


def _told_of_nobody(desk: Desk, kind: str, name: str, shown: Shown, named: Iterable[str]) -> None:
    """Say which extensions that a policy of voice mail now leads to are nobody's yet."""
    if kind not in ("um-dial-plan", "um-auto-attendant"):
        return
    values = {parameter: value for parameter, value, _ in shown}
    plan = values.get("dial-plan", name)
    plan = "" if plan.casefold() in ("none", "global") or plan.startswith("site:") else plan
    where = f" of the dial plan {plan}" if plan else ""
    changed = {GROUPS[kind].parameter(one).name for one in named}
    for parameter, extension in dict.fromkeys(extensions(values)):
        if parameter in changed and desk.voicemail.answer(Find(extension, plan=plan)) is None:
            print(f"ivr: nobody{where} has the extension {extension} yet, to which {parameter} leads: "
                  f"'ivr organizer set WHO --extension {extension}' gives it to somebody.", file=sys.stderr)


def _example(kind: str) -> str:
    return f"{kind} --{GROUPS[kind].parameters[0].name}" if kind in GROUPS else "pin --shortest"


@app.command
def new(kind: PolicyKind, name: str, /, *, where: Where = _HERE, **values: str) -> int:
    """Make a policy for a site, or one that organizers can be granted.

    Example: ivr policy new pin site:Paris --shortest 8

    Parameters
    ----------
    kind
        Such as pin, meeting or um-mailbox.
    name
        site:NAME, or a new name.
    values
        A parameter: --shortest 8.
    """
    with opened(where, founds=True) as desk:
        now_set = desk.settings.set(kind, values, identity=name, new=True)
        told_parameters(kind, now_set, where)
        _told_of_nobody(desk, kind, name, now_set, values)
    return 0


@app.command
def reset(kind: PolicyKind, name: str = "global", /, *, given: Sure = _ASK, where: Where = _HERE) -> int:
    """Bring the global policy back to its defaults, or remove another one.

    Example: ivr policy reset pin --yes

    Parameters
    ----------
    kind
        Such as pin, meeting or um-mailbox.
    name
        global, site:NAME, or a policy's name.
    """
    with opened(where) as desk:
        desk.settings.show(kind, identity=name)
        sure("Bring the global policy back to its defaults?" if name.lower() == "global" else
             f"Remove the policy {name}?", given)
        desk.settings.reset(kind, identity=name)
    if where.json:
        as_json({"kind": kind, "name": name, "changed": True})
    else:
        print(f"{kind} {name}: back to the defaults." if name.lower() == "global" else f"{kind} {name}: removed.")
    return 0


@app.command
def grant(kind: PolicyKind, name: str, who: str, /, *, where: Where = _HERE) -> int:
    """Grant an organizer a policy; 'global' takes it away again.

    Example: ivr policy grant pin strict amos.marble@contoso.com

    Parameters
    ----------
    kind
        Such as pin, meeting or um-mailbox.
    name
        A policy's name, or global.
    who
        Address, display name, SIP URI, or the part before the @.
    """
    with opened(where) as desk:
        desk.settings.grant(kind, name, who)
        if not where.json:
            what = f"no {kind} policy but the global one" if name.casefold() == "global" else f"{kind} {name} now"
            print(f"{desk.organizers.show(who).address} has {what}; what holds:")
        told_parameters(kind, desk.settings.for_organizer(kind, who), where)
    return 0
