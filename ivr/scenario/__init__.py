"""The language testers write, its player, and what a caller hears."""
