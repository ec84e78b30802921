"""Bad lines: noise, loss, jitter, echo, codecs and the rest, on samples as they come; the same each time."""
