/* Small parts that several sections of the page are made of. */

import { SILENCE } from "./world.js";
import { clock, known, t } from "./words.js";

export function make(tag, className = "", text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

/* Writes only what differs, so that nothing is laid out anew for nothing. */
export function put(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/* Matches the children of a list to items by key: kept where they are known, made where not, dropped where gone. */
export function listed(parent, items, keyOf, make_, fill) {
  const held = parent.held || (parent.held = new Map());
  const wanted = new Set();
  let place = parent.firstElementChild;
  for (const item of items) {
    const key = keyOf(item);
    wanted.add(key);
    let node = held.get(key);
    if (!node) held.set(key, node = make_(item));
    fill(node, item);
    if (node === place) place = place.nextElementSibling;
    else parent.insertBefore(node, place);
  }
  for (const [key, node] of held) if (!wanted.has(key)) { node.remove(); held.delete(key); }
}

/* A level as a part of its scale, from -50 to 0 dBm0. */
export const loud = (level) => level === null || level <= SILENCE ? 0 : Math.min(1, Math.max(0, (level + 50) / 50));
export const talks = (call) => call.level !== null && call.level > -38;

export function meter() {
  const made = make("span", "meter");
  made.append(make("i"));
  return made;
}

export function fillMeter(made, call) {
  const part = loud(call.level);
  made.firstElementChild.style.transform = `scaleX(${part.toFixed(2)})`;
  made.classList.toggle("talks", talks(call));
}

export const stateOf = (call) => t(known(`state.${call.state}`) ? `state.${call.state}` : "state.other", { state: call.state });

/* Who waits does so since he came to the lobby, whatever else is done there. */
export const sinceOf = (call, at) => clock(at - (call.where === "lobby" ? call.came_at ?? call.since : call.since));

/* What the caller hears, in words. */
export function hears(call) {
  if (call.saying) return t("hears.saying", { text: call.text || call.saying });
  if (call.playing) return t("hears.music");
  if (call.where === "meeting") return t("hears.meeting");
  return t("hears.silence");
}
