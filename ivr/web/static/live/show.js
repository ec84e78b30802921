/* The lobby in large type, for an audience: who waits, who meets, who talks, and what happened last. */

import { Heading, linked } from "./heading.js";
import { said } from "./journal.js";
import { Moment } from "./moment.js";
import { fillMeter, hears, listed, make, meter, put, sinceOf, stateOf, talks } from "./parts.js";
import { Stream } from "./stream.js";
import { World } from "./world.js";
import { known, t } from "./words.js";

const LATEST = 3, NAMED = 6, DRAWN_MS = 100;

const room = document.body.dataset.room;
const world = new World({ room });
const moment = new Moment(world), heading = new Heading(world);

function person() {
  const node = make("li"), name = make("b"), since = make("time"), level = meter(), heard = make("span", "heard");
  node.append(name, since, level, heard);
  return Object.assign(node, { name_: name, since, level, heard });
}

function fill(node, call, now) {
  put(node.name_, call.caller);
  put(node.since, sinceOf(call, now));
  put(node.heard, call.where === "meeting" ? (call.role === "organizer" ? t("role.organizer") : "") : hears(call));
  node.classList.toggle("talks", talks(call));
  fillMeter(node.level, call);
}

/* As many as there is room for; of who meets those who talk come first, of who waits those who came first. */
function people(name, calls, now) {
  const list = document.getElementById(name), more = document.getElementById(`${name}-more`);
  const fits = Math.max(3, Math.floor(list.clientHeight / (list.firstElementChild?.offsetHeight || 90)) * (calls.length > 8 ? 2 : 1));
  list.classList.toggle("many", calls.length > 8);
  listed(list, calls.slice(0, fits), (call) => call.serial, person, (node, call) => fill(node, call, now));
  list.parentElement.classList.toggle("vacant", !calls.length);
  put(more, calls.length > fits ? t("part.more", { n: calls.length - fits }) : calls.length ? "" : t("part.nobody"));
}

/* Who is in no room yet is named in a line, and where he is. */
function onTheWay(calls) {
  document.getElementById("way").hidden = !calls.length;
  put(document.getElementById("way-count"), String(calls.length));
  listed(document.getElementById("on-the-way"), calls.slice(0, NAMED), (call) => call.serial, () => {
    const node = make("li"), name = make("b"), state = make("span");
    node.append(name, state);
    return Object.assign(node, { name_: name, state });
  }, (node, call) => { put(node.name_, call.caller); put(node.state, stateOf(call)); });
  put(document.getElementById("way-more"), calls.length > NAMED ? t("part.more", { n: calls.length - NAMED }) : "");
}

/* Which of several rooms is locked is said by its number. */
function locks() {
  const rooms = Object.entries(world.rooms), locked = rooms.filter(([, one]) => one.locked).map(([name]) => name);
  const lock = document.getElementById("locked");
  lock.hidden = !locked.length;
  put(lock, rooms.length > 1 ? `${t("room.locked")}: ${locked.slice(0, NAMED).join(", ")}` : t("room.locked"));
}

function latest() {
  const entries = world.entries.filter((entry) => known(`said.${entry.event}`)).slice(-LATEST).reverse();
  const key = entries.map((entry) => `${entry.at}${entry.event}${entry.call}`).join();
  const list = document.getElementById("latest");
  if (list.dataset.key === key) return;
  list.dataset.key = key;
  list.replaceChildren(...entries.map((entry) => {
    const made = make("li", "", said(entry));
    return made;
  }));
}

let next = 0;
function frame(clockMs) {
  if (clockMs >= next) {
    next = clockMs + DRAWN_MS;
    const now = moment.at(clockMs), calls = world.here;
    heading.draw(now, clockMs);
    people("waiting", calls.filter((call) => call.where === "lobby").sort((a, b) => a.since - b.since), now);
    people("meeting", calls.filter((call) => call.where === "meeting"), now);
    onTheWay(calls.filter((call) => !call.where));
    locks();
    latest();
  }
  requestAnimationFrame(frame);
}

new Stream(room ? `/api/events?room=${encodeURIComponent(room)}` : "/api/events", { take: (message) => world.take(message), told: linked });
requestAnimationFrame(frame);
