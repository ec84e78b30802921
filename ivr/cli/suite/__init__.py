"""Many stories: chosen, played one after the other or side by side, and told."""
