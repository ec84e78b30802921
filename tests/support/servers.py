"""A server that is at work as long as a test needs it."""

import threading
from contextlib import contextmanager


@contextmanager
def at_work(server):
    """Have a server of `http.server`, or one like it, at work; gives its port."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
