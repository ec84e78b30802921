/* The flow of what is called, drawn with the places of those who call it, as it runs. */

import { put, stateOf } from "../live/parts.js";
import { known, t } from "../live/words.js";
import { ask } from "./asking.js";

const SVG = "http://www.w3.org/2000/svg";
const WIDE = 134, HIGH = 50, MARGIN = 40, NAMES = 2, AGAIN_MS = 3000, WIDEST = 1.4;
const DOWNWARDS = { along: 92, across: 172 }, SIDEWAYS = { along: 156, across: 74 };

function make(tag, facts = {}, text = "") {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(facts)) made.setAttribute(name, value);
  if (text) made.textContent = text;
  return made;
}

/* As much of a text as its node has room for, measured once for each. */
function fitting(node, text) {
  if (node.said === text) return;
  node.said = text;
  put(node, text);
  for (let kept = text.length - 1; kept > 0 && node.getComputedTextLength() > WIDE - 10; kept -= 1) put(node, `${text.slice(0, kept)}…`);
}

export class FlowChart {
  constructor(world) {
    Object.assign(this, { world, box: document.getElementById("flow"), places: new Map(), next: 0 });
  }

  /* What is shown is another session from now on. */
  forget() {
    this.places.clear();
    this.box.replaceChildren();
    this.box.closest("section").hidden = true;
    this.next = 0;
  }

  /* The flow is that of who is on the line, so it is asked for when somebody is. */
  async renew(clockMs) {
    this.next = clockMs + AGAIN_MS;
    const { flows } = await ask("GET", "/api/flow");
    if (!flows.length) return;
    this.box.closest("section").hidden = false;
    this.places.clear();
    this.box.replaceChildren(...flows.map((flow) => this.lay(flow)));
    for (const { title } of this.places.values()) fitting(title, title.textContent);
  }

  /* From above downwards, or from the left where there is room: each row is a step further from the first node. */
  lay({ name, rows, ways }) {
    const across = Math.max(...rows.map((row) => row.length));
    const sideways = this.sideways = this.box.clientWidth >= Math.min(1200, rows.length * SIDEWAYS.along);
    const { along, across: beside } = sideways ? SIDEWAYS : DOWNWARDS;
    const long = rows.length * along + 2 * MARGIN, broad = across * beside + 2 * MARGIN;
    const places = new Map();
    const [width, height] = sideways ? [long, broad] : [broad, long];
    const drawing = make("svg", { viewBox: `0 0 ${width} ${height}`, width, height, class: sideways && width <= WIDEST * this.box.clientWidth ? "whole" : "", role: "img", "aria-label": t("desk.flow.of", { name }) });
    const tip = make("marker", { id: "arrow", viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto-start-reverse" });
    tip.append(make("path", { d: "M0 0L8 4L0 8z", class: "tip-of" }));
    const defs = make("defs");
    defs.append(tip);
    drawing.append(defs);
    rows.forEach((row, step) => row.forEach((node, place) => {
      const far = MARGIN + (step + 0.5) * along, aside = MARGIN + (place + 0.5 + (across - row.length) / 2) * beside;
      const [x, y] = sideways ? [far, aside] : [aside, far];
      places.set(node.name, { ...node, step, x, y });
    }));
    for (const way of ways) this.way(drawing, places.get(way.from), places.get(way.to), way);
    for (const place of places.values()) this.node(drawing, place);
    return drawing;
  }

  way(drawing, one, two, { from, to, exits }) {
    if (!one || !two) return;
    const steps = two.step - one.step, [half, high] = this.sideways ? [WIDE / 2, HIGH / 2] : [HIGH / 2, WIDE / 2];
    // the drawing is thought of from above downwards, and turned where it runs sideways
    const point = (far, aside) => this.sideways ? `${far} ${aside}` : `${aside} ${far}`;
    const place = ({ x, y }) => this.sideways ? [x, y] : [y, x];
    const [far1, aside1] = place(one), [far2, aside2] = place(two);
    let path;
    if (steps === 1) {
      const middle = (far1 + far2) / 2;
      path = `M${point(far1 + half, aside1)}C${point(middle, aside1)} ${point(middle, aside2)} ${point(far2 - half, aside2)}`;
    } else {
      const side = steps > 0 ? 1 : -1, bow = 22 + 9 * Math.min(4, Math.abs(steps));
      const [from_, to_] = [aside1 + side * high, aside2 + side * high];
      path = `M${point(far1, from_)}C${point(far1, from_ + side * bow)} ${point(far2, to_ + side * bow)} ${point(far2, to_)}`;
    }
    const line = make("path", { d: path, class: `way${steps === 1 ? "" : " far"}`, "marker-end": "url(#arrow)" });
    line.append(make("title", {}, `${from} → ${to}: ${exits.join(", ")}`));
    drawing.append(line);
  }

  node(drawing, place) {
    const group = make("g", { class: "node", transform: `translate(${place.x - WIDE / 2} ${place.y - HIGH / 2})` });
    const word = known(`state.${place.state}`) ? stateOf(place) : known(`state.${place.name}`) ? t(`state.${place.name}`) : place.name;
    const title = make("text", { x: WIDE / 2, y: 30, class: "title" }, word);
    const who = make("text", { x: WIDE / 2, y: 38, class: "whos" });
    group.append(make("rect", { width: WIDE, height: HIGH, rx: 8 }), title, who, make("title", {}, `${place.name}: ${place.kind}`));
    drawing.append(group);
    Object.assign(place, { group, title, who });
    if (place.state) this.places.set(place.state, place);
  }

  /* Has who is on the line in sight, where the drawing is larger than its place. */
  follow(here) {
    const first = [...this.places].find(([name]) => here.has(name))?.[1];
    if (!first) return;
    const box = this.box.getBoundingClientRect(), node = first.group.getBoundingClientRect();
    if (node.left >= box.left && node.right <= box.right && node.top >= box.top && node.bottom <= box.bottom) return;
    this.box.scrollBy(node.left - box.left - box.width / 2, node.top - box.top - box.height / 2);
  }

  draw(clockMs) {
    if (!this.places.size && this.world.calls.size && clockMs >= this.next) this.renew(clockMs);
    const here = new Map();
    for (const call of this.world.calls.values()) here.set(call.state, [...(here.get(call.state) ?? []), call.caller]);
    const seen = [...here.keys()].join();
    if (seen !== this.seen) { this.seen = seen; this.follow(here); }
    for (const [name, place] of this.places) {
      const callers = here.get(name) ?? [];
      place.group.classList.toggle("here", callers.length > 0);
      place.title.setAttribute("y", callers.length ? 20 : 30);
      fitting(place.who, callers.length > NAMES ? `${callers.slice(0, NAMES - 1).join(", ")} +${callers.length - NAMES + 1}` : callers.join(", "));
    }
  }
}
