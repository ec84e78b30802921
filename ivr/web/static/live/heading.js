/* How it stands in one sentence and some figures; what is said aloud of it is said now and then. */

import { put } from "./parts.js";
import { clock, t } from "./words.js";

const QUIET_MS = 15000;

export function sentence(world) {
  if (!world.known) return t("sentence.joining");
  const waiting = world.count("lobby"), meeting = world.count("meeting");
  if (waiting && meeting) return t("sentence.both", { waiting: t("waiting", { n: waiting }), meeting: t("meeting", { n: meeting }) });
  if (waiting) return t("sentence.waiting", { n: waiting });
  if (meeting) return t("sentence.meeting", { n: meeting });
  const calls = world.here.length;
  return calls ? t("sentence.way", { n: calls }) : t("sentence.nobody");
}

export class Heading {
  constructor(world) {
    this.world = world;
    this.spoken = "";
    this.next = 0;
  }

  draw(now, clockMs) {
    const { world } = this, said = sentence(world);
    const fill = (name, text) => { const node = document.getElementById(name); if (node) put(node, text); };
    fill("sentence", said);
    if (said !== this.spoken && clockMs >= this.next) {
      this.spoken = said;
      this.next = clockMs + QUIET_MS;
      fill("said", said);
    }
    const shown = document.getElementById("shown-story");
    if (shown) { put(shown, world.hello?.shows ? world.hello.title : ""); shown.hidden = !shown.textContent; }
    if (!world.known) return;
    fill("figure-calls", String(world.here.length));
    fill("figure-waiting", String(world.count("lobby")));
    fill("figure-meeting", String(world.count("meeting")));
    fill("figure-time", clock(now));
  }
}

export function linked(state) {
  const link = document.getElementById("link");
  if (!link || link.dataset.state === state) return;
  link.dataset.state = document.body.dataset.link = state;
  put(link.firstElementChild, t(`link.${state}`));
  const gone = document.getElementById("gone");
  gone.hidden = state !== "over";
  put(gone, state === "over" ? t("link.over.more") : "");
}
