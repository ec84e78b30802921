/* What time it is at the bridge between two messages: it goes on as the page's clock does, and never back. */

const MOST_AHEAD = 1.3;

export class Moment {
  constructor(world) {
    Object.assign(this, { world, told: 0, since: 0, now: 0, speed: 1 });
  }

  at(clockMs) {
    const { world } = this;
    if (world.at !== this.told) {
      const passed = (clockMs - this.since) / 1000, went = world.at - this.told;
      if (this.told && passed > 0.05 && passed < 2) this.speed += 0.2 * (Math.min(16, went / passed) - this.speed);
      if (world.at < this.told) this.now = world.at;
      this.told = world.at;
      this.since = clockMs;
    }
    const guess = this.told + Math.min(MOST_AHEAD * Math.max(1, this.speed), this.speed * (clockMs - this.since) / 1000);
    this.now = Math.max(this.now, guess - 0.1);
    return Math.max(0, this.now);
  }
}
