"""What the administrator's steps do at the desk."""

from collections.abc import Callable, Mapping
from typing import Any

from ivr.directory.desk import Desk
from ivr.directory.letters import Mailing, NewPin
from ivr.directory.organizers import NewOrganizer
from ivr.scenario.desk.grammar import field_of
from ivr.scenario.desk.orders import PERSON
from ivr.scenario.desk.people import filled
from ivr.scenario.desk.words import Order
from ivr.scenario.deskwork.founding import HOUR, set_policy
from ivr.scenario.deskwork.memory import Memory
from ivr.scenario.deskwork.world import Calendar

Facts = dict[str, Any]


class Doer:
    """Turns an order into what the desk is asked.

    Parameters
    ----------
    desk : Desk
    calendar : Calendar
    memory : Memory
        Learns the names of meetings that are scheduled.
    """

    def __init__(self, desk: Desk, calendar: Calendar, memory: Memory) -> None:
        self._desk, self._calendar, self._memory = desk, calendar, memory

    def do(self, order: Order, given: dict[str, str]) -> Facts:
        """Do it.

        Parameters
        ----------
        given : dict of address to PIN
            Takes the PINs that the administrator sees by it.

        Returns
        -------
        dict
            Facts for the journal, without any PIN.

        Raises
        ------
        DirectoryError
            If the desk refuses it.
        NothingThere
            If it names a placeholder for which there is nothing.
        """
        return self._doers[order.word](self, order, given)

    def _let_pass(self, order: Order, _given: dict[str, str]) -> Facts:
        self._calendar.passed += order.options["time"]
        return {"time": order.said.partition(": ")[2]}

    def _enable(self, order: Order, given: dict[str, str]) -> Facts:
        facts = {field_of(name): value for name, value in order.options.items()
                 if name in PERSON or name in ("pin", "conference id")}
        done = self._desk.organizers.enable(NewOrganizer(order.subject, **facts), mailing=_mailing(order))
        _remember(done.pin, given)
        return {} if done.changed else {"changed": False}

    def _disable(self, order: Order, _given: dict[str, str]) -> Facts:
        done = self._desk.organizers.disable(order.subject, mailing=_mailing(order))
        return {} if done else {"changed": False}

    def _set(self, order: Order, _given: dict[str, str]) -> Facts:
        changes = {name: value for name, value in order.options.items() if name not in _OF_MAIL}
        self._desk.organizers.set(order.subject, {field_of(name): value for name, value in changes.items()},
                                  mailing=_mailing(order))
        return {"set": _listed(changes)}

    def _reset_pin(self, order: Order, given: dict[str, str]) -> Facts:
        options = order.options
        _remember(self._desk.pins.reset(
            order.subject, pin=options.get("pin", ""), by_owner=options.get("by owner", False),
            first_use=options.get("first use"), lock=options.get("lock", False), mailing=_mailing(order)), given)
        return {}

    def _lock_pin(self, order: Order, _given: dict[str, str]) -> Facts:
        self._desk.pins.lock(order.subject)
        return {}

    def _unlock_pin(self, order: Order, _given: dict[str, str]) -> Facts:
        self._desk.pins.unlock(order.subject)
        return {}

    def _reset_id(self, order: Order, _given: dict[str, str]) -> Facts:
        new = self._desk.conference_ids.reset(
            order.subject, meeting=self._meeting(order.options.get("meeting", "")),
            wanted=order.options.get("conference id", ""), mailing=_mailing(order))
        return {"old": ", ".join(old for old, _ in new.conference_ids),
                "new": ", ".join(own for _, own in new.conference_ids)}

    def _send_info(self, order: Order, _given: dict[str, str]) -> Facts:
        self._desk.organizers.send_info(order.subject, mailing=_mailing(order))
        return {}

    def _schedule(self, order: Order, _given: dict[str, str]) -> Facts:
        starts = self._calendar.now() + order.options.get("in", 0)
        name = order.options.get("name", "")
        shown = self._desk.meetings.schedule(
            order.subject, subject=name, starts_at=starts, ends_at=starts + order.options.get("for", HOUR),
            conference_id=order.options.get("conference id", ""))
        if name:
            self._memory.meetings[name] = (shown.organizer, shown.number)
        return {"meeting": shown.conference_id}

    def _add_number(self, order: Order, _given: dict[str, str]) -> Facts:
        first, *others = order.options.get("languages", ("",))
        added = self._desk.numbers.add(order.subject, toll_free=order.options.get("toll-free", False),
                                       shared=order.options.get("shared", False), primary_language=first,
                                       secondary_languages=tuple(others))
        spoken = {"languages": ", ".join(added.languages)} if added.languages else {}
        return {"number": added.number, **spoken}

    def _cancel(self, order: Order, _given: dict[str, str]) -> Facts:
        own = self._desk.meetings.show(self._meeting(order.subject)).conference_id
        self._desk.meetings.cancel(self._meeting(order.subject))
        return {"meeting": own}

    def _settings(self, order: Order, _given: dict[str, str]) -> Facts:
        with self._desk.store.together():
            for setting in order.settings:
                set_policy(setting, self._desk)
        return {"set": ", ".join(str(setting) for setting in order.settings)}

    def _grant(self, order: Order, _given: dict[str, str]) -> Facts:
        kind, identity = order.options["policy"]
        self._desk.settings.grant(kind, identity or "global", order.subject)
        return {"set": f"{kind} {identity}".strip()}

    def _meeting(self, which: str) -> str:
        named = self._memory.meetings.get(which)
        return str(named[1]) if named else filled(which, self._memory.value)

    _doers: Mapping[str, Callable[["Doer", Order, dict[str, str]], Facts]] = {
        "let pass": _let_pass, "enable": _enable, "disable": _disable, "set": _set, "reset pin": _reset_pin,
        "lock pin": _lock_pin, "unlock pin": _unlock_pin, "reset conference id": _reset_id,
        "send info": _send_info, "schedule": _schedule, "cancel": _cancel, "add number": _add_number,
        "settings": _settings, "policies": _settings, "grant": _grant,
    }


_OF_MAIL = ("send mail", "send to", "from address", "from name")


def _mailing(order: Order) -> Mailing:
    options = order.options
    told = any(name in options for name in ("send to", "from address"))
    return Mailing(options.get("send mail", True if told else None), options.get("send to", ""),
                   options.get("from address", ""), options.get("from name", ""))


def _remember(new: NewPin | None, given: dict[str, str]) -> None:
    if new is not None:
        given[new.address] = new.pin


def _listed(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {('yes' if value else 'no') if isinstance(value, bool) else value}"
                     for name, value in values.items())
