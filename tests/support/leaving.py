"""A process that leaves messages in a mailbox, and tells of each when it is there, until it is killed."""

import os
import random
import sys
from pathlib import Path

import numpy as np

from ivr.desk.recordings import FolderRecordings
from ivr.directory.desk import Desk
from ivr.directory.hashing import CHEAP
from ivr.directory.office import World
from ivr.voicemail import Find, Leave

folder = Path(sys.argv[1])
desk = Desk(f"sqlite:///{folder / 'directory.db'}", World(
    clock=lambda: 1_700_000_000, randbelow=random.SystemRandom().randrange, vault=None, cost=CHEAP,
    recordings=FolderRecordings(folder / "recordings", lambda: 0)))
box = desk.voicemail.answer(Find("36697")).key
said = np.arange(-8000, 8000, dtype=np.int16)
while True:
    desk.voicemail.answer(Leave((box,), said))
    os.write(1, b"left\n")
