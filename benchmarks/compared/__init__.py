"""One lobby story in our language, in SIPp's and in that of the Asterisk test suite: `python -m benchmarks.compared`."""
