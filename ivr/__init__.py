"""The dial-in conference: a caller's audio goes in, the bridge's audio comes out."""
