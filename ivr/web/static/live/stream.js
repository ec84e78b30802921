/* The server's messages: by WebSocket, and anew when it breaks off, or when a bridge is there again. */

const FIRST_MS = 500, MOST_MS = 8000, AGAIN_MS = 2000;

/* A page of another bridge, or of somebody who has to log in again, is loaded anew: nothing of the old one holds. */
const begin = () => location.reload();

export class Stream {
  constructor(path, { take, told }) {
    Object.assign(this, { path, take, told, wait: FIRST_MS, wanted: null });
    told("joining");
    this.open();
  }

  open() {
    const address = new URL(this.path, location.href);
    address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
    this.socket = new WebSocket(address);
    this.socket.addEventListener("open", () => {
      this.wait = FIRST_MS;
      if (this.wanted) this.socket.send(JSON.stringify(this.wanted));
    });
    this.socket.addEventListener("message", (event) => {
      const message = JSON.parse(event.data);
      if (message.type === "hello") {
        if (this.bridge && message.bridge !== this.bridge) begin();
        this.bridge = message.bridge;
      }
      this.over = message.type === "over";
      this.told(this.over ? "over" : "live");
      this.take(message);
    });
    this.socket.addEventListener("close", () => {
      if (this.over) { this.awaits(); return; }
      this.told("lost");
      setTimeout(() => this.again(), this.wait);
      this.wait = Math.min(MOST_MS, 2 * this.wait);
    });
  }

  /* Who has to log in is answered by being sent there. */
  async again() {
    const answer = await fetch(location.href, { redirect: "manual", cache: "no-store" }).catch(() => null);
    if (answer?.type === "opaqueredirect") begin(); else this.open();
  }

  /* The bridge has ended: another one may begin, which says of itself that it is well. */
  async awaits() {
    const answer = await fetch("/healthz", { cache: "no-store" }).catch(() => null);
    if (answer?.ok) begin(); else setTimeout(() => this.awaits(), AGAIN_MS);
  }

  /* Says what the page wants to be told besides; said again where the connection is made anew. */
  want(message) {
    this.wanted = message;
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }
}
