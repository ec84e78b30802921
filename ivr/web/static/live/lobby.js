/* The live lobby: one world, told by the server and drawn by its sections, a frame at a time. */

import { tips } from "/components/tip.js";
import { Heading, linked } from "./heading.js";
import { Journal } from "./journal.js";
import { Lanes } from "./lanes.js";
import { Moment } from "./moment.js";
import { Rooms } from "./rooms.js";
import { Scope } from "./scope.js";
import { Stream } from "./stream.js";
import { World } from "./world.js";

const SECTIONS_MS = 100;

const room = document.body.dataset.room;
const world = new World({ room });
const moment = new Moment(world);
const scope = new Scope(world);
const lanes = new Lanes(world, { chosen: (serial) => choose(serial) });
const sections = [new Rooms(world), new Journal(world), new Heading(world)];
const stream = new Stream(room ? `/api/events?room=${encodeURIComponent(room)}` : "/api/events", {
  take: (message) => world.take(message), told: linked,
});

function choose(serial) {
  lanes.pick = serial;
  scope.choose(serial);
  stream.want({ type: "scope", call: serial === null ? null : Number(serial) });
}

/* The first who calls is looked at, until somebody chooses. */
function begin() {
  if (lanes.pick === null && !scope.touched && world.calls.size) choose([...world.calls.keys()][0]);
}

let next = 0, known = false;
function frame(clockMs) {
  const now = moment.at(clockMs);
  if (clockMs >= next || known !== world.known) { // what is told first is seen everywhere at once
    next = clockMs + SECTIONS_MS;
    known = world.known;
    begin();
    for (const section of sections) section.draw(now, clockMs);
  }
  lanes.draw(now);
  scope.draw(now);
  requestAnimationFrame(frame);
}

tips();
requestAnimationFrame(frame);
