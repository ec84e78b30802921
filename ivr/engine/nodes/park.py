"""Where the application has the call."""

from dataclasses import dataclass

from ivr.engine.call import Call
from ivr.engine.flow import Node
from ivr.engine.keys import Typed, meaning
from ivr.engine.requests import (
    Cut,
    Do,
    Listen,
    Music,
    Request,
)


@dataclass(frozen=True, kw_only=True)
class Park(Node):
    """Let the application have the call; its keys are read here.

    Attributes
    ----------
    prompts : tuple of str
        What is said when a call comes.
    does : tuple of str
        What the application is to do then.
    music : bool
        Whether hold music plays.
    commands : bool
        Whether keys are commands: the application says which (`Call.keys`). A command begins with its first key,
        which begins anew whenever it is pressed; it is over when no longer one begins so, else when the next
        key does not come in time. Which keys they were is never told, only which command: they may be a PIN
        that comes too late (A5).
    """

    prompts: tuple[str, ...] = ()
    does: tuple[str, ...] = ()
    music: bool = False
    commands: bool = False

    def own_prompts(self) -> tuple[str, ...]:
        return self.prompts

    def begin(self, call: Call) -> list[Request]:
        call.typed = None
        does: list[Request] = [Do(command) for command in self.does]
        return [*([Music()] if self.music else []), *does]

    def key(self, call: Call, key: str, at: int) -> list[Request]:  # noqa: ARG002
        keys = call.keys()
        if not self.commands or (call.typed is None and key != keys.first):
            ignored: list[Request] = [Cut(), self.noted(key, ignored=True)]
            return [*ignored, Listen(None)] if self.commands else ignored
        if key == keys.first:
            call.typed = ""
            return [Cut(), self.noted(key), Listen(keys.wait)]
        call.typed = (call.typed or "") + key
        meant = meaning(call.typed, keys.commands, over=False) if key.isdigit() else Typed.NOTHING
        noted: list[Request] = [Cut(), self.noted(key)]
        return [*noted, Listen(keys.wait)] if meant is Typed.MORE else [*noted, *self._means(call, meant)]

    def quiet(self, call: Call) -> list[Request]:
        typed = call.typed
        return self._means(call, meaning(typed, call.keys().commands, over=True) if typed else Typed.NOTHING)

    @staticmethod
    def _means(call: Call, meant: str | Typed) -> list[Request]:
        call.typed = None
        return [Listen(None), Do(meant if isinstance(meant, str) else "")]
