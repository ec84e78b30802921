"""All callers on one clock: the tick, the rooms, what is played, and the protocols to the world around."""
