"""The desk of a story, at work: what its administrator does, what it remembers, and the letters it sends."""
