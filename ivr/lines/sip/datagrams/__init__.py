"""The sockets of sound: one a call, all of them read and written together once a tick."""
