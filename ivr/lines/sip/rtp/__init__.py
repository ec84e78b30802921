"""Sound over a network (RFC 3550, RFC 4733), without sockets: packets in, rows of samples out, and back.

A call is a row of arrays, and what all calls need in a tick is done for all of them at once.
"""
