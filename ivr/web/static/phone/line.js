/* A call over a WebSocket: frames of sound as bytes, all else as JSON; docs/web.md has the form. */

const PATH = "/api/phone";
const BEHIND = 16000; // bytes that wait to be sent, 50 frames: then sound is dropped, and what comes later is on time

export class Line {
  /* `told` is given what comes: ("frame", buffer), or the type of a message and the message. */
  constructor(told) {
    this.told = told;
    this.socket = null;
    this.over = true;
  }

  call(call) {
    const address = new URL(PATH, location.href);
    address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
    const socket = this.socket = new WebSocket(address);
    socket.binaryType = "arraybuffer";
    this.over = false;
    socket.onopen = () => this.tell({ type: "call", ...call });
    socket.onmessage = ({ data }) => {
      if (typeof data !== "string") return this.told("frame", data);
      const message = JSON.parse(data);
      if (message.type === "ended" || message.type === "refused") this.over = true;
      this.told(message.type, message);
    };
    socket.onclose = ({ code }) => {
      if (this.socket !== socket) return;
      this.socket = null;
      if (!this.over) this.told("lost", { code });
      this.over = true;
    };
  }

  get open() {
    return this.socket !== null && this.socket.readyState === WebSocket.OPEN && !this.over;
  }

  send(frame) {
    if (this.open && this.socket.bufferedAmount < BEHIND) this.socket.send(frame);
  }

  tell(message) {
    if (this.open) this.socket.send(JSON.stringify(message));
  }

  hangUp() {
    this.tell({ type: "hang-up" });
    this.over = true;
    const socket = this.socket;
    this.socket = null;
    socket?.close();
  }
}
