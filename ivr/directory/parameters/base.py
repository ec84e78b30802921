"""A parameter of the administrator, and a group of them, as the cmdlets have them (section E)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ivr.directory.errors import BadValue, nearest
from ivr.directory.parameters.kinds import NoneOfThese, ParameterKind, Value

Rule = Callable[[Mapping[str, Value]], str]
"""Looks at every value of a group and returns what is wrong with them together, or nothing."""

_QUOTED = 60


@dataclass(frozen=True, slots=True)
class Parameter:
    """One value an administrator can set.

    Attributes
    ----------
    name : str
        In our words: "pin-length".
    cmdlet_name : str
        The cmdlet's own parameter: "PinLength"; empty where only we have it.
    source : str
        Rows of BEHAVIOUR.md that give it, its range and its default; "ours" where the choice is ours.
    about : str
        One line for help and documentation.
    in_effect : str
        What it changes now, such as "PINs"; empty where it is kept and shown, and no call obeys it yet.
    older_names : tuple of str
        Names the cmdlet had for it before.
    """

    name: str
    cmdlet_name: str
    kind: ParameterKind
    default: Value
    source: str
    about: str
    in_effect: str = ""
    older_names: tuple[str, ...] = ()

    def read(self, text: str) -> Value:
        """Return the value that was typed.

        Raises
        ------
        BadValue
            If it is none; the message holds the text and says what is taken.
        """
        try:
            return self.kind.read(text)
        except NoneOfThese as hint:
            raise self._refused(text, str(hint)) from None

    def show(self, value: Value) -> str:
        """Return the value as a person reads it; `read` takes it back."""
        return self.kind.show(value)

    def kept(self, stored: object) -> Value:
        """Return a value that was kept as JSON, where a list stands for a tuple.

        Raises
        ------
        BadValue
            If it is no value of this parameter.
        """
        value = tuple(stored) if isinstance(stored, list) else stored
        if isinstance(value, bool | int | str | tuple | None) and self.kind.holds(value):
            return value
        raise self._refused(str(stored), "")

    def names(self) -> tuple[str, ...]:
        """Return every name it answers to, ours first."""
        return (self.name, *filter(None, (self.cmdlet_name, *self.older_names)))

    def _refused(self, text: str, hint: str) -> BadValue:
        shown = text if len(text) <= _QUOTED else f"{text[:_QUOTED]}..."
        return BadValue(f"{shown!r} is no {self.name}: it takes {self.kind.wanted}{hint}")


@dataclass(frozen=True, slots=True)
class Group:
    """Parameters that are kept together.

    Attributes
    ----------
    cmdlet_noun : str
        What stands after Get- and Set-, such as "CsOnlineDialInConferencingTenantSettings".
    scoped : bool
        Whether there can be several of it: one for all, others for a site or for users; the narrowest wins (B2).
    rules : tuple of callable
        What must hold between the values.
    """

    name: str
    about: str
    cmdlet_noun: str
    parameters: tuple[Parameter, ...]
    scoped: bool = False
    rules: tuple[Rule, ...] = ()
    _by_name: dict[str, Parameter] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        for parameter in self.parameters:
            self._by_name.update({_plain(name): parameter for name in parameter.names()})

    def parameter(self, name: str) -> Parameter:
        """Return the parameter of this name, ours or the cmdlet's, in any case, with or without hyphens.

        Raises
        ------
        BadValue
            If there is none; the message names the nearest, or them all.
        """
        found = self._by_name.get(_plain(name))
        if found:
            return found
        near = nearest(name.casefold(), [one.name for one in self.parameters]) or nearest(
            name, [one.cmdlet_name for one in self.parameters])
        known = near or f"; it has {', '.join(one.name for one in self.parameters)}"
        raise BadValue(f"{self.name!r} has no parameter {name[:_QUOTED]!r}{known}", value=name[:_QUOTED])

    def checked(self, values: Mapping[str, Value]) -> None:
        """Check values, by our names, for what each can be and for what must hold between them.

        Parameters
        ----------
        values : mapping
            Whatever differs from the defaults.

        Raises
        ------
        BadValue
            If a name or a value is none, or the values do not go together.
        """
        for name, value in values.items():
            self.parameter(name).kept(value)
        together = self.defaults() | {self.parameter(name).name: value for name, value in values.items()}
        for rule in self.rules:
            wrong = rule(together)
            if wrong:
                raise BadValue(wrong)

    def defaults(self) -> dict[str, Value]:
        """Return every parameter's default, by our names."""
        return {one.name: one.default for one in self.parameters}


def _plain(name: str) -> str:
    return name.strip().translate(_HYPHENS).casefold()


_HYPHENS = {ord(sign): None for sign in "-_ "}
