/* A phone: a line, its keys, its microphone and its speaker. It knows no page. */

import { isKey } from "./keypad.js";
import { Line } from "./line.js";

/* Events: "change" when its state or what it is set to changes, "levels" ten times a second in a call. */
export class Phone extends EventTarget {
  constructor(audio) {
    super();
    this.audio = audio;
    this.line = new Line((kind, what) => this.told(kind, what));
    this.state = "idle"; // idle, calling, ringing, answered, ended, refused, lost, failed
    this.why = this.reason = "";
    this.code = 0;
    this.silent = false; // whether the page can have no sound at all
    this.muted = false;
    this.byEvents = false; // keys go as messages instead of tones
    this.levels = { said: 0, heard: 0 };
    this.figures = { delay: 0, stalls: 0, skips: 0 };
    this.since = 0;
    this.sound = null;
    this.held = ""; // the key that is down
    this.tap = null; // given each frame as it comes, for who records
  }

  get busy() {
    return ["calling", "ringing", "answered"].includes(this.state);
  }

  /* Calls: {caller, phone, number}. */
  async call(call) {
    if (this.busy || this.silent) return;
    this.become("calling");
    try {
      await this.audio.start();
    } catch (error) {
      this.become("failed", { why: error.name });
      return;
    }
    if (this.state !== "calling") return; // hung up meanwhile
    this.sound = this.audio.plug();
    this.sound.microphone.port.onmessage = ({ data }) => this.said(data);
    this.sound.speaker.port.onmessage = ({ data: { level, ...figures } }) => this.measured("heard", level, figures);
    this.sound.microphone.port.postMessage({ muted: this.muted });
    this.line.call({ ...call, codec: "pcm" });
  }

  hangUp() {
    if (!this.busy) return;
    this.line.hangUp();
    this.rest("ended");
  }

  down(key) {
    if (!isKey(key) || !this.busy || this.held === key) return;
    this.held = key;
    if (this.byEvents) this.line.tell({ type: "key", key });
    else this.sound?.microphone.port.postMessage({ down: key });
    this.changed();
  }

  up() {
    if (!this.held) return;
    this.held = "";
    if (this.byEvents) this.line.tell({ type: "key-up" });
    else this.sound?.microphone.port.postMessage({ up: true });
    this.changed();
  }

  mute(on) {
    this.muted = on;
    this.sound?.microphone.port.postMessage({ muted: on });
    this.changed();
  }

  setKeys(byEvents) {
    this.up();
    this.byEvents = byEvents;
    this.changed();
  }

  told(kind, what) {
    switch (kind) {
      case "frame":
        this.tap?.(what);
        this.sound?.speaker.port.postMessage({ frame: what }, this.tap ? [] : [what]);
        break;
      case "ringing": case "answered":
        this.become(kind);
        break;
      case "ended": case "refused":
        this.rest(kind, what);
        break;
      case "lost":
        this.rest("lost", { why: this.state === "calling" ? "unreached" : "" });
        break;
    }
  }

  said({ frame, level }) {
    if (frame) this.line.send(frame);
    else this.measured("said", level);
  }

  measured(which, level, figures = this.figures) {
    this.levels[which] = level;
    this.figures = figures;
    this.dispatchEvent(new Event("levels"));
  }

  rest(state, more = {}) {
    this.sound?.unplug();
    this.sound = null;
    this.held = "";
    this.levels = { said: 0, heard: 0 };
    this.become(state, more);
    this.dispatchEvent(new Event("levels"));
  }

  become(state, { why = "", reason = "", code = 0 } = {}) {
    if (state === "answered") this.since = performance.now();
    Object.assign(this, { state, why, reason, code });
    this.changed();
  }

  changed() {
    this.dispatchEvent(new Event("change"));
  }
}
