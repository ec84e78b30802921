"""Letters to organizers, and what delivers them.

`letters` and `invitation` write text from plain values and know nobody of ours; they belong to the core.
`delivery` is the edge.
"""
