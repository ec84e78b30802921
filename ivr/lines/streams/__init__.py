"""Calls as streams of messages: Twilio's Media Streams, both ways, and Asterisk's AudioSocket.

What speaks a protocol here has neither socket nor clock: bytes or text in, events and bytes or text out.
"""
