"""The administrator's parameters: each cmdlet's, as a table with our words, ranges, defaults and sources."""

from collections.abc import Mapping
from types import MappingProxyType

from ivr.directory.parameters.base import Group, Parameter
from ivr.directory.parameters.keys import KEYS
from ivr.directory.parameters.kinds import ParameterKind, Value
from ivr.directory.parameters.languages import LANGUAGES, language, languages
from ivr.directory.parameters.numbers import number
from ivr.directory.parameters.online import AUDIO_CONFERENCING, MEETING
from ivr.directory.parameters.pin import PIN
from ivr.directory.parameters.server import JOINING, MEETINGS
from ivr.directory.parameters.settings import SETTINGS
from ivr.directory.parameters.um import UM_AUTO_ATTENDANT, UM_DIAL_PLAN, UM_MAILBOX

__all__ = ["GROUPS", "LANGUAGES", "Group", "Parameter", "ParameterKind", "Value", "language", "languages", "number"]

GROUPS: Mapping[str, Group] = MappingProxyType({group.name: group for group in (
    SETTINGS, PIN, MEETING, AUDIO_CONFERENCING, KEYS, JOINING, MEETINGS, UM_MAILBOX, UM_DIAL_PLAN,
    UM_AUTO_ATTENDANT)})
"""Every group by its name."""
