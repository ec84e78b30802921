/* What comes over the line is kept for a moment, so that it plays evenly though it comes unevenly.

   Nothing is invented and nothing played twice: where nothing has come yet there is silence, and it goes on where it
   stopped, so that the delay has grown by what was late. It shrinks again where it is quiet, and by playing a little
   faster; in the same way it follows a clock that runs differently. */

import { Between, LINE } from "./rates.js";

export const FRAME = 160;

const SIZE = 16384; // samples that are kept, 2 s
const SPARE = 80; // what should at least be there when the next frame comes: 10 ms
const WINDOW = 50; // frames, after which it is asked whether that is so
const MOST = 1600; // of what is there besides, 200 ms: then it goes on with the newest
const FASTER = 0.01; // a sixth of a semitone: nobody hears it, and a key is still that key
const QUIET = 0.008, APART = 4; // the loudest sample of a frame that may be left out: one of so many, so that pauses stay
const SURE = 25; // frames, after which it is clear enough that there is too much
const DECAY = 0.85;

export class Playback {
  constructor(rate) {
    this.step = LINE / rate;
    this.between = new Between();
    this.ring = new Float32Array(SIZE);
    this.restart();
    this.stalls = 0; // counted: how often nothing was there,
    this.skips = 0; // and how often it went on with the newest
    this.last = 0;
  }

  restart() {
    this.ring.fill(0);
    this.end = Between.REACH; // where the next frame goes, in samples of the line
    this.at = 0; // where it plays
    this.number = null;
    this.speed = 1;
    this.waits = SPARE; // samples of the line until it plays on
    this.plays = false;
    this.least = Infinity;
    this.frames = this.quiet = 0; // since that was asked; that were quiet, in turn
  }

  /* How long it is from a frame's coming to its playing, in samples of the line. */
  get delay() {
    return this.end - this.at - Between.REACH;
  }

  /* Takes 20 ms. Of a number that has come before nothing is taken. */
  put(number, samples) {
    if (this.number !== null && ((number - this.number) | 0) <= 0 && ((number - this.number) | 0) > -500) return;
    this.number = number;
    if (this.plays) this.watch();
    if (this.leavesOut(samples)) return;
    for (let n = 0; n < FRAME; n++) this.ring[(this.end + n) & (SIZE - 1)] = samples[n];
    this.end += FRAME;
    if (this.delay > MOST + FRAME) {
      this.at = this.end - Between.REACH - FRAME - SPARE;
      this.skips++;
    }
  }

  /* Whether a frame is quiet, and there is more than has to be: then the delay shrinks by it. */
  leavesOut(samples) {
    this.quiet = samples.every((sample) => Math.abs(sample) < QUIET) ? this.quiet + 1 : 0;
    if (this.quiet % APART !== APART - 1 || this.frames < SURE || this.least < SPARE + FRAME) return false;
    this.least -= FRAME;
    return true;
  }

  /* Sees how much was there when a frame came, and sets the speed by the least of a while. */
  watch() {
    this.least = Math.min(this.least, this.delay);
    if (++this.frames < WINDOW) return;
    this.speed = 1 + Math.min(Math.max((this.least - SPARE) / (2 * LINE), -FASTER), FASTER);
    this.least = Infinity;
    this.frames = 0;
  }

  /* The next sample of the speaker. */
  next() {
    if (!this.plays) {
      if (this.delay >= FRAME) this.waits -= this.step;
      if (this.waits > 0) return this.last *= DECAY;
      this.plays = true;
    }
    if (this.delay < 1) {
      this.plays = false;
      this.waits = SPARE;
      this.least = Infinity; // what was there before says nothing of how much is there now
      this.frames = 0;
      this.stalls++;
      return this.last *= DECAY;
    }
    this.last = this.between.of(this.ring, this.at);
    this.at += this.step * this.speed;
    return this.last;
  }
}
