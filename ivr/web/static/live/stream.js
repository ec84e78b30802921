/* The server's messages: by WebSocket, and anew when it breaks off. */

const FIRST_MS = 500, MOST_MS = 8000;

export class Stream {
  constructor(path, { take, told }) {
    Object.assign(this, { path, take, told, wait: FIRST_MS, wanted: null });
    this.open();
  }

  open() {
    this.told("joining");
    const address = new URL(this.path, location.href);
    address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
    this.socket = new WebSocket(address);
    this.socket.addEventListener("open", () => {
      this.wait = FIRST_MS;
      if (this.wanted) this.socket.send(JSON.stringify(this.wanted));
    });
    this.socket.addEventListener("message", (event) => {
      this.told("live");
      this.take(JSON.parse(event.data));
    });
    this.socket.addEventListener("close", () => {
      this.told("lost");
      setTimeout(() => this.open(), this.wait);
      this.wait = Math.min(MOST_MS, 2 * this.wait);
    });
  }

  /* Says what the page wants to be told besides; said again where the connection is made anew. */
  want(message) {
    this.wanted = message;
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }
}
