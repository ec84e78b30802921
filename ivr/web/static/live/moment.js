/* What time it is at the bridge between two messages: it goes on as the bridge's clock does, and never back. */

const MOST_AHEAD_S = 1.2, BEHIND_S = 0.1;

export class Moment {
  constructor(world) {
    Object.assign(this, { world, told: 0, since: 0, now: 0 });
  }

  at(clockMs) {
    const { world } = this;
    if (world.at !== this.told) {
      if (world.at < this.told) this.now = world.at;
      this.told = world.at;
      this.since = clockMs;
    }
    const passed = Math.min(MOST_AHEAD_S, (clockMs - this.since) / 1000);
    this.now = Math.max(this.now, this.told + world.pace * (passed - BEHIND_S));
    return Math.max(0, this.now);
  }
}
