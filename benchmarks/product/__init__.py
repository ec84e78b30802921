"""Faults of the product, and the stories whose assertions notice them: `python -m benchmarks.product`."""
