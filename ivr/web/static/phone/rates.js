/* From one sample rate to another: the microphone's to the 8 kHz of a line, and a line's to the speaker's. */

export const LINE = 8000;

const REACH = 12; // samples at 8 kHz on each side that a sample is made of: what comes out is 1.5 ms late
const EDGE = 3700; // Hz
const BETA = 7;

const gcd = (a, b) => (b ? gcd(b, a % b) : a);

/* The modified Bessel function of the first kind, of order 0. */
function bessel(x) {
  let sum = 1, term = 1;
  for (let n = 1; n < 40; n++) {
    term *= (x / (2 * n)) ** 2;
    sum += term;
  }
  return sum;
}

/* A low-pass at so many samples at 8 kHz from its middle. */
function tap(distance) {
  const far = distance / REACH;
  if (Math.abs(far) >= 1) return 0;
  const x = Math.PI * distance * 2 * EDGE / LINE;
  return (x ? Math.sin(x) / x : 1) * bessel(BETA * Math.sqrt(1 - far * far));
}

function even(taps) {
  const sum = taps.reduce((all, one) => all + one, 0);
  return Float32Array.from(taps, (one) => one / sum);
}

/* To 8 kHz from any rate: of every 48,000 Hz six samples are one, of 44,100 Hz 441 are 80. */
export class Decimator {
  constructor(rate) {
    const shared = gcd(rate, LINE);
    this.up = LINE / shared;
    this.down = rate / shared;
    const reach = Math.ceil(REACH * Math.max(1, rate / LINE));
    this.length = 2 * reach;
    this.phases = Array.from({ length: this.up }, (_, phase) => even(Array.from({ length: this.length },
      (_, n) => tap((n - reach + 1 - phase / this.up) * Math.min(1, LINE / rate)))));
    this.kept = new Float32Array(this.length);
    this.at = 0; // where the next sample is written
    this.phase = 0;
    this.due = reach; // samples to come until the next one goes
  }

  /* Takes a sample; gives those that it makes, which are none for most. */
  put(sample, give) {
    this.kept[this.at] = sample;
    this.at = (this.at + 1) % this.length;
    this.due--;
    while (this.due <= 0) {
      const taps = this.phases[this.phase];
      let sum = 0, place = this.at;
      for (let n = 0; n < this.length; n++) {
        sum += taps[n] * this.kept[place];
        if (++place === this.length) place = 0;
      }
      give(sum);
      this.phase += this.down;
      this.due += Math.floor(this.phase / this.up);
      this.phase %= this.up;
    }
  }
}

const PHASES = 256;

/* The sound of a line at any place between two of its samples. */
export class Between {
  static REACH = REACH;

  constructor() {
    this.table = Array.from({ length: PHASES + 1 }, (_, phase) => even(Array.from({ length: 2 * REACH },
      (_, n) => tap(n - REACH + 1 - phase / PHASES))));
  }

  /* The sample at a place of a ring whose length is a power of two. */
  of(ring, at) {
    const whole = Math.floor(at), fine = (at - whole) * PHASES, phase = Math.floor(fine), part = fine - phase;
    const low = this.table[phase], high = this.table[phase + 1], mask = ring.length - 1;
    let sum = 0;
    for (let n = 0; n < 2 * REACH; n++) {
      sum += (low[n] + part * (high[n] - low[n])) * ring[(whole - REACH + 1 + n) & mask];
    }
    return sum;
  }
}
