"""One lobby story in our language, in SIPp's and in the Asterisk test suite's: `python -m benchmarks.compared`."""
