"""Calls in real time over loopback: `ivr serve` on a core of its own, `ivr load` on the others."""
