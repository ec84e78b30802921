"""One caller: the flow as a table, profiles, digits being entered."""
