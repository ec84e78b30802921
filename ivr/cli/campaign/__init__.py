"""One story under many conditions: what is varied, what came of it, and from where on it no longer comes true."""
