"""A trunk of telephones in browsers: 20 ms frames and messages over a WebSocket, whoever has its socket."""
