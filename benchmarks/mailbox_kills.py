"""Fifty kills of a process that leaves messages: none is lost, doubled or half there."""

import subprocess
import sys
import tempfile
from pathlib import Path
from random import Random, SystemRandom

import soundfile

from ivr.desk.recordings import FolderRecordings
from ivr.desk.vault import KeyFile
from ivr.directory.desk import Desk
from ivr.directory.hashing import CHEAP
from ivr.directory.letters import Mailing
from ivr.directory.office import World
from ivr.directory.organizers import NewOrganizer
from ivr.voicemail import Find, Today

KILLS = 50
WORKER = Path(__file__).parents[1] / "tests" / "support" / "leaving.py"


def main() -> None:
    """Kill, count and print."""
    chance = Random(50)  # noqa: S311
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        desk = Desk(f"sqlite:///{folder / 'directory.db'}", World(
            clock=lambda: 1_700_000_000, randbelow=SystemRandom().randrange, vault=KeyFile(folder / "key"),
            cost=CHEAP,
            recordings=FolderRecordings(folder / "recordings", lambda: 2_000_000_000)))
        desk.settings.set("settings", {"administration": "um"})
        desk.organizers.enable(NewOrganizer("tony.smith@contoso.com", extension="36697"),
                               mailing=Mailing(send=False))
        box = desk.voicemail.answer(Find("36697")).key  # type: ignore[union-attr]
        there = lost = extra = 0
        for _ in range(KILLS):
            with subprocess.Popen([sys.executable, WORKER, folder], stdout=subprocess.PIPE, text=True) as worker:
                assert worker.stdout
                told = sum(bool(worker.stdout.readline()) for _ in range(chance.randrange(1, 12)))
                worker.kill()
                told += worker.stdout.read().count("left\n")
            now = len(desk.voicemail.answer(Today(box)).messages)  # type: ignore[union-attr]
            lost += max(0, there + told - now)
            extra += max(0, now - there - told)
            there = now
        swept = desk.voicemail.messages.sweep()
        lengths = {len(soundfile.read(file)[0]) for file in (folder / "recordings").iterdir()}
        letters = sum(one.kind == "voice-message" for one in desk.outbox.list(limit=10 * there))
        desk.close()
    print(f"{KILLS} kills: {there} messages, {lost} lost, {extra} whole though not told of, {swept} recordings "
          f"without a row swept, {letters} letters, lengths {sorted(lengths)}")
    if lost or letters != there or lengths != {16000}:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
