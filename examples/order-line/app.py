"""The app that the order line asks: which order leaves when. Run it by `python app.py`; it needs nothing else."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ORDERS = {"123456": "Monday", "654321": "Friday"}


class Orders(BaseHTTPRequestHandler):
    """Answers one question: what is known of an order."""

    def do_POST(self) -> None:
        """Take {"number": "123456"}; answer {"exit": "known", "day": "Monday"} or {"exit": "unknown"}."""
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        day = ORDERS.get(asked["number"])
        answer = json.dumps({"exit": "known", "day": day} if day else {"exit": "unknown"}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Be quiet: order numbers are nobody's business."""


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", 8080), Orders).serve_forever()
