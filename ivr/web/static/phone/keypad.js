/* The tones of keys as a telephone makes them, at any rate: as long as a key is down, and at least so long that
   whoever listens hears it; with a pause before the next. */

export const KEYS = "123456789*0#";

const LOW = [697, 770, 852, 941], HIGH = [1209, 1336, 1477, 1633];
const ROWS = ["123A", "456B", "789C", "*0#D"];
const SHORTEST = 0.1, LONGEST = 10, PAUSE = 0.08, EDGE = 0.002; // seconds
const LEVEL = 0.22; // of each of the two, 1 being the loudest sine: -10 dBm0

export const isKey = (key) => key.length === 1 && ROWS.some((row) => row.includes(key));

export class Keypad {
  constructor(rate) {
    this.rate = rate;
    this.presses = []; // {key, up}; the first sounds
    this.at = -1; // samples of it so far; -1 before it begins
    this.end = Infinity; // of its samples
    this.rest = 0; // samples of the pause
  }

  down(key) {
    this.up();
    if (isKey(key)) this.presses.push({ key, up: false });
  }

  up() {
    if (this.presses.length) this.presses[this.presses.length - 1].up = true;
  }

  clear() {
    this.presses.length = 0;
    this.at = -1;
    this.end = Infinity;
  }

  get busy() {
    return this.presses.length > 0 || this.rest > 0;
  }

  /* The next sample; silence where no key sounds. */
  next() {
    if (this.rest > 0) {
      this.rest--;
      return 0;
    }
    if (!this.presses.length) return 0;
    const press = this.presses[0], row = ROWS.findIndex((keys) => keys.includes(press.key));
    const low = LOW[row], high = HIGH[ROWS[row].indexOf(press.key)], edge = EDGE * this.rate;
    this.at++;
    if (this.at >= (press.up ? SHORTEST : LONGEST) * this.rate) this.end = Math.min(this.end, this.at + edge);
    const left = this.end - this.at;
    if (left <= 0) {
      this.presses.shift();
      this.at = -1;
      this.end = Infinity;
      this.rest = Math.round(PAUSE * this.rate);
      return 0;
    }
    const turn = 2 * Math.PI * this.at / this.rate;
    return LEVEL * Math.min(1, this.at / edge, left / edge) * (Math.sin(low * turn) + Math.sin(high * turn));
  }
}
