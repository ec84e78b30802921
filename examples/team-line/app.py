"""The app that the team line asks: whether a PIN is right. Run it by `python app.py`; it needs nothing else."""

import hmac
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PIN = "2468"


class Pins(BaseHTTPRequestHandler):
    """Answers one question: whether it is right."""

    def do_POST(self) -> None:
        """Take {"pin-of-host": "..."}; answer {"exit": "right"} or {"exit": "wrong"}."""
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        right = hmac.compare_digest(asked["pin-of-host"], PIN)
        answer = json.dumps({"exit": "right" if right else "wrong"}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Be quiet: PINs are nobody's business."""


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", 8080), Pins).serve_forever()
