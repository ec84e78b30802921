/* What runs in the thread of the sound: the microphone's frames, and the speaker's.

   The page's own rate is whatever the device has, since some browsers refuse a microphone at another one than the
   context's; so it is here that 8 kHz is made. */

import { Keypad } from "./keypad.js";
import { FRAME, Playback } from "./playback.js";
import { Decimator, LINE } from "./rates.js";

const TOLD = 5; // frames, after which a level is told
const ECHO = 0.3; // seconds for which the microphone is shut after a key: until then the speaker's sound of it is back
const SIDE = 0.5; // how loud the own keys are in the speaker

class Level {
  constructor(port) {
    this.port = port;
    this.sum = this.count = 0;
  }

  take(samples, more) {
    for (const sample of samples) this.sum += sample * sample;
    if (++this.count < TOLD) return;
    this.port.postMessage({ level: Math.sqrt(this.sum / (TOLD * FRAME)), ...more?.() });
    this.sum = this.count = 0;
  }
}

/* What the line hears, a frame every 20 ms whether anybody speaks or not; and in the speaker the own keys. */
class Microphone extends AudioWorkletProcessor {
  constructor() {
    super();
    this.decimator = new Decimator(sampleRate);
    this.keys = new Keypad(LINE);
    this.aside = new Keypad(sampleRate);
    this.level = new Level(this.port);
    this.frame = new Float32Array(FRAME);
    this.count = this.number = this.shut = 0;
    this.muted = false;
    this.lives = true;
    this.port.onmessage = ({ data }) => this.told(data);
    this.put = (sample) => this.take(sample);
  }

  told({ down, up, muted, over, clear }) {
    for (const keypad of [this.keys, this.aside]) {
      if (down !== undefined) keypad.down(down);
      if (up) keypad.up();
      if (clear) keypad.clear();
    }
    if (muted !== undefined) this.muted = muted;
    if (over) this.lives = false;
  }

  take(sample) {
    if (this.keys.busy) this.shut = ECHO * LINE;
    else if (this.shut > 0) this.shut--;
    const said = this.keys.busy ? this.keys.next() : this.shut > 0 || this.muted ? 0 : sample;
    this.frame[this.count++] = Math.max(-1, Math.min(1, said));
    if (this.count < FRAME) return;
    this.count = 0;
    const buffer = new ArrayBuffer(4 + 2 * FRAME), view = new DataView(buffer);
    view.setUint32(0, this.number++, true);
    for (let n = 0; n < FRAME; n++) view.setInt16(4 + 2 * n, Math.round(this.frame[n] * 32767), true);
    this.level.take(this.frame);
    this.port.postMessage({ frame: buffer }, [buffer]);
  }

  process([[input]], [channels]) {
    const length = channels[0].length;
    for (let n = 0; n < length; n++) {
      this.decimator.put(input ? input[n] : 0, this.put);
      const aside = this.aside.busy ? SIDE * this.aside.next() : 0;
      for (const channel of channels) channel[n] = aside;
    }
    return this.lives;
  }
}

/* What comes over the line. */
class Speaker extends AudioWorkletProcessor {
  constructor() {
    super();
    this.playback = new Playback(sampleRate);
    this.level = new Level(this.port);
    this.samples = new Float32Array(FRAME);
    this.lives = true;
    this.port.onmessage = ({ data }) => this.told(data);
    this.figures = () => ({ delay: this.playback.delay / LINE, stalls: this.playback.stalls, skips: this.playback.skips });
  }

  told({ frame, restart, over }) {
    if (frame) {
      const view = new DataView(frame);
      for (let n = 0; n < FRAME; n++) this.samples[n] = view.getInt16(4 + 2 * n, true) / 32768;
      this.playback.put(view.getUint32(0, true), this.samples);
      this.level.take(this.samples, this.figures);
    }
    if (restart) this.playback.restart();
    if (over) this.lives = false;
  }

  process(_inputs, [channels]) {
    const [first, ...others] = channels;
    for (let n = 0; n < first.length; n++) first[n] = this.playback.next();
    for (const channel of others) channel.set(first);
    return this.lives;
  }
}

registerProcessor("phone-microphone", Microphone);
registerProcessor("phone-speaker", Speaker);
