"""The policy for the PINs that organizers of a server have (B2)."""

from collections.abc import Mapping

from ivr.directory.parameters.base import Group, Parameter
from ivr.directory.parameters.kinds import Flag, Integer, Value


def _history(values: Mapping[str, Value]) -> str:
    if values["lifetime-days"] == 0 or values["history"] != 0:
        return ""
    return (f"lifetime-days cannot be {values['lifetime-days']} while history is 0, for the old PIN could be "
            "set again: set history to 1 or more with it")


PIN = Group(
    "pin", "What a PIN must be, how long it lasts and how often it may be wrong.", "CsPinPolicy",
    (
        Parameter(
            "shortest", "MinPasswordLength", Integer(4, 24), 5, "B2",
            "How many digits a PIN has at the least.", "PINs"),
        Parameter(
            "lifetime-days", "PINLifetime", Integer(0, 999, words=(("never", 0), ("unlimited", 0))), 0, "B2",
            "After how many days a PIN must be changed.", "PINs"),
        Parameter(
            "history", "PINHistoryCount", Integer(0, 20), 0, "B2",
            "How many of his last PINs an organizer cannot choose again.", "PINs"),
        Parameter(
            "common-patterns", "AllowCommonPatterns", Flag(), False, "B2",
            "Whether a PIN may repeat digits, count up or down, or be its owner's number.", "PINs"),
        Parameter(
            "tries", "MaximumLogonAttempts", Integer(1, 999, words=(("automatic", None), ("null", None),
                                                                  ("$null", None), ("none", None))), None, "B2, B3",
            "How many wrong PINs lock it for an hour; automatic goes by its length.", "PINs"),
    ),
    scoped=True, rules=(_history,))
