"""Many files at once: on the processors of one machine, or of many.

This package starts processes and talks to other machines; nothing else of `dtmf` imports it.
"""
