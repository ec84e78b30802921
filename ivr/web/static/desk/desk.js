/* The presenter's desk: one world, told by the server, with what can be done about it. */

import { tips } from "/components/tip.js";
import { Heading, linked } from "../live/heading.js";
import { Moment } from "../live/moment.js";
import { Stream } from "../live/stream.js";
import { World } from "../live/world.js";
import { Callers } from "./callers.js";
import { FlowChart } from "./flow.js";
import { Office } from "./office.js";
import { Story } from "./story.js";

const DRAWN_MS = 150;

const world = new World();
const moment = new Moment(world), heading = new Heading(world), callers = new Callers(world), story = new Story(), flow = new FlowChart(world);
if (document.getElementById("office")) new Office();
new Stream("/api/events", {
  take(message) {
    world.take(message);
    if (message.type === "story" || message.type === "hello") {
      story.tell(message.shows === null ? null : message.story ?? null);
      callers.renew();
    }
    if (message.type === "hello") flow.forget();
  },
  told(state) {
    linked(state);
    if (state === "over") closed();
  },
});

/* Of a bridge that has ended nothing can be asked any more; with another one the page is loaded anew. */
function closed() {
  for (const control of document.querySelectorAll("main :is(button, input, select)")) control.disabled = true;
}

let next = 0;
function frame(clockMs) {
  if (clockMs >= next) {
    next = clockMs + DRAWN_MS;
    const now = moment.at(clockMs);
    heading.draw(now, clockMs);
    callers.draw(now);
    flow.draw(clockMs);
  }
  requestAnimationFrame(frame);
}

tips();
requestAnimationFrame(frame);
