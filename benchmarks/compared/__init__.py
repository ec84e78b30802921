"""One lobby story in three languages, ours, SIPp's and the Asterisk test suite's: `python -m benchmarks.compared`."""
