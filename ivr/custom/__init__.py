"""An IVR of one's own, from a file."""
