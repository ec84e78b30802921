"""The page to listen to: `make listen`, or `python -m benchmarks.sound`."""
