"""Conference IDs that change while calls are on their way, at another desk on one file (C-10, S1.13, A1.14)."""

from contextlib import closing
from itertools import combinations

import numpy as np
import pytest
from callers import KeypadLine

from ivr.clock import samples
from ivr.directory.asking import AtOnce
from ivr.directory.desk import Desk
from ivr.directory.hashing import CHEAP
from ivr.directory.office import World
from ivr.directory.organizers import NewOrganizer
from ivr.lines.memory import MemoryLine
from ivr.scenario.deskwork.world import Calendar, DeskChance, MemoryVault

AMOS, ADA = "amos.marble@contoso.com", "ada@contoso.com"


class TwoDesks:
    """A bridge that asks one desk, and an administrator at another; Amos is enabled and has a meeting."""

    def __init__(self, folder, make, *, static):
        self._calendar, self._lines = Calendar(), []
        self.bridges, self.other = self._desk(folder, "bridge"), self._desk(folder, "administrator")
        if static:
            self.other.settings.set("settings", {"profile": "sfb2017", "unique-conference-ids": "no"})
        self.pin = self.other.organizers.enable(NewOrganizer(AMOS)).pin.pin
        now = self._calendar.now()
        self.id = self.other.meetings.schedule(AMOS, starts_at=now, ends_at=now + 3600).conference_id
        self.played = make(directory=AtOnce(self.bridges.checks))

    def _desk(self, folder, seed):
        return Desk(f"sqlite:///{folder / 'directory.db'}", World(
            clock=self._calendar.now, randbelow=DeskChance(seed).below, vault=MemoryVault(), cost=CHEAP))

    def close(self):
        self.bridges.close()
        self.other.close()

    def reset(self):
        """Reset the ID at the other desk; return the new one."""
        (old, self.id), = self.other.conference_ids.reset(AMOS).conference_ids
        assert old != self.id
        return self.id

    def dials(self, caller, *presses, says=None):
        """Let somebody dial now: ``dials("anna", (0.1, "1234567#"))``; then eight seconds go by."""
        line = KeypadLine(caller, presses)
        if says is not None:
            line = MemoryLine(caller, np.append(line.says, says))
        self._lines.append(line)
        self.played.trunk.add(line)
        self.played.run(8)
        return line

    def everybody_hangs_up(self):
        for line in self._lines:
            line.hang_up()
        self.played.run(1)

    def where(self, caller):
        return self.played.states(caller)[-1]

    def joined(self):
        joined = self.played.bridge.journal.of("joined")
        return [(entry.caller, entry.facts["meeting"], entry.facts.get("started_as")) for entry in joined]


@pytest.fixture(params=[False, True], ids=["an ID a meeting", "an ID an organizer"])
def desks(request, tmp_path, world):
    with closing(TwoDesks(tmp_path, world, static=request.param)) as two:
        yield two


def test_an_id_reset_while_somebody_waits_then_who_starts_by_the_new_one_lets_him_in(desks):
    old = desks.id
    desks.dials("anna", (0.1, f"{old}#1"))
    new = desks.reset()
    desks.dials("bela", (0.1, f"{new}#1"))
    assert desks.where("anna") == desks.where("bela") == "lobby"
    desks.dials("amos", (0.1, f"{new}#*{desks.pin}#"))
    assert desks.joined() == [("amos", new, None), ("anna", old, new), ("bela", new, None)]
    assert [e.facts for e in desks.played.bridge.journal.of("started")] == [{"meeting": new, "by": "amos"}]


def test_an_id_reset_twice_while_its_meeting_runs_then_the_newest_leads_to_it_and_the_others_nowhere(desks):
    ids = [desks.id]
    desks.dials("amos", (0.1, f"{ids[0]}#*{desks.pin}#"))
    for caller in ("bela", "caro"):
        ids.append(desks.reset())
        desks.dials(caller, (0.1, f"{ids[-1]}#"))
        assert "organizer-question" not in desks.played.states(caller)
    assert desks.joined() == [("amos", ids[0], None), ("bela", ids[1], ids[0]), ("caro", ids[2], ids[0])]
    desks.dials("dora", (0.1, f"{ids[0]}#{ids[1]}#"))
    assert desks.played.refusals("dora") == ["unknown", "unknown"]
    desks.everybody_hangs_up()
    assert [e.facts["meeting"] for e in desks.played.bridge.journal.of("over")] == [ids[0]]


def test_an_id_reset_between_id_and_pin_then_the_pin_is_taken_and_starts_the_meeting(desks):
    old = desks.id
    desks.dials("amos", (0.1, f"{old}#"), (2.5, "*"), (9, f"{desks.pin}#"))
    assert desks.where("amos") == "pin"
    new = desks.reset()
    desks.played.run(4)
    desks.dials("bela", (0.1, f"{new}#"))
    assert desks.joined() == [("amos", old, None), ("bela", new, old)]


def test_an_organizer_disabled_between_id_and_pin_then_his_pin_opens_nothing_and_the_call_goes_on(desks):
    desks.dials("amos", (0.1, f"{desks.id}#"), (2.5, "*"), (9, f"{desks.pin}#"))
    desks.other.organizers.disable(AMOS)
    desks.played.run(4)
    assert desks.played.refusals("amos") == ["wrong"]
    assert desks.where("amos") == "pin"
    assert not desks.played.bridge.journal.of("started")


def test_an_id_reset_and_given_to_somebody_else_then_the_two_meetings_are_two(tmp_path, world):
    """The old ID leads to Ada's room while Amos and whoever came by it are in his: nobody hears the others."""
    two = TwoDesks(tmp_path, world, static=True)
    old = two.id
    noise = {name: np.random.default_rng(n).integers(-3000, 3000, samples(60)).astype(np.int16)
             for n, name in enumerate(("amos", "anna", "ada", "dora"))}
    lines = [two.dials("amos", (0.1, f"{old}#*{two.pin}#"), says=noise["amos"]),
             two.dials("anna", (0.1, f"{old}#"), says=noise["anna"])]
    two.reset()
    hers = two.other.organizers.enable(NewOrganizer(ADA, conference_id=old)).pin.pin
    lines += [two.dials("dora", (0.1, f"{old}#1"), says=noise["dora"])]
    assert two.where("dora") == "lobby"
    lines += [two.dials("ada", (0.1, f"{old}#*{hers}#"), says=noise["ada"])]
    assert [e.facts["by"] for e in two.played.bridge.journal.of("started")] == ["amos", "ada"]
    said = [line.says[line.trunk.carried(line) * 160 - samples(3):][:samples(2)].astype(float) for line in lines]
    heard = [line.heard()[-samples(3):][:samples(3)].astype(float) for line in lines]
    for one, other in combinations(range(4), 2):
        together = {one, other} in ({0, 1}, {2, 3})
        assert hears(heard[one], said[other]) == hears(heard[other], said[one]) == together
    two.close()


def hears(heard, said):
    """Tell whether the one is in the other, some milliseconds late."""
    alike = np.correlate(heard, said, "valid")
    return bool(np.abs(alike).max() > 0.5 * np.square(said).sum())
