"""Words that a person may type for a value, in any case."""

YES = frozenset({"yes", "y", "true", "$true", "on", "1"})
NO = frozenset({"no", "n", "false", "$false", "off", "0"})
NOTHING = frozenset({"", "none", "null", "$null"})
