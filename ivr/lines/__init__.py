"""How calls reach the bridge: bytes, a queue and a codec each, and no policy."""
