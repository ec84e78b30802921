"""Calls over a network: SIP, SDP and RTP.

Signalling is bytes and time in, bytes and events out (`ivr.lines.sip.endpoint`); so is sound (`ivr.lines.sip.rtp`).
Only `ivr.lines.sip.sockets` has sockets. Times are samples of the house's clock.
"""
