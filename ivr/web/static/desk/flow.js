/* The flow of what is called, drawn with the places of those who call it, as it runs. */

import { put, stateOf } from "../live/parts.js";
import { known, t } from "../live/words.js";
import { ask } from "./asking.js";

const SVG = "http://www.w3.org/2000/svg";
const WIDE = 144, HIGH = 50, MARGIN = 40, NAMES = 2;
const DOWNWARDS = { along: 92, across: 172 }, SIDEWAYS = { along: 172, across: 74 };

function make(tag, facts = {}, text = "") {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(facts)) made.setAttribute(name, value);
  if (text) made.textContent = text;
  return made;
}

export class FlowChart {
  constructor(world) {
    Object.assign(this, { world, box: document.getElementById("flow"), places: new Map(), at: 0 });
    this.renew();
  }

  async renew() {
    this.places.clear();
    try { this.lay(await ask("GET", "/api/flow")); } catch { this.box.replaceChildren(); this.box.closest("section").hidden = true; }
  }

  /* From above downwards, or from the left where there is room: each row is a step further from the first node. */
  lay({ name, rows, ways }) {
    const across = Math.max(...rows.map((row) => row.length));
    const sideways = this.sideways = this.box.clientWidth >= Math.min(1200, rows.length * SIDEWAYS.along);
    const { along, across: beside } = sideways ? SIDEWAYS : DOWNWARDS;
    const long = rows.length * along + 2 * MARGIN, broad = across * beside + 2 * MARGIN;
    const [width, height] = sideways ? [long, broad] : [broad, long];
    const drawing = make("svg", { viewBox: `0 0 ${width} ${height}`, width, height, class: sideways ? "sideways" : "", role: "img", "aria-label": t("desk.flow.of", { name }) });
    const tip = make("marker", { id: "arrow", viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto-start-reverse" });
    tip.append(make("path", { d: "M0 0L8 4L0 8z", class: "tip-of" }));
    const defs = make("defs");
    defs.append(tip);
    drawing.append(defs);
    rows.forEach((row, step) => row.forEach((node, place) => {
      const far = MARGIN + (step + 0.5) * along, aside = MARGIN + (place + 0.5 + (across - row.length) / 2) * beside;
      const [x, y] = sideways ? [far, aside] : [aside, far];
      this.places.set(node.name, { ...node, step, x, y });
    }));
    const drawn = new Map();
    for (const way of ways) {
      const key = `${way.from} ${way.to}`;
      drawn.set(key, [...(drawn.get(key) ?? []), way.exit]);
    }
    for (const [key, exits] of drawn) this.way(drawing, ...key.split(" "), exits);
    for (const place of this.places.values()) this.node(drawing, place);
    this.box.replaceChildren(drawing);
    this.box.closest("section").hidden = false;
  }

  way(drawing, from, to, exits) {
    const [one, two] = [this.places.get(from), this.places.get(to)];
    if (!one || !two || one === two) return;
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
    const word = known(`state.${place.name}`) ? stateOf({ state: place.name }) : place.name;
    const title = make("text", { x: WIDE / 2, y: 30, class: "title" }, word);
    const who = make("text", { x: WIDE / 2, y: 38, class: "whos" });
    group.append(make("rect", { width: WIDE, height: HIGH, rx: 8 }), title, who, make("title", {}, [place.name, place.kind, place.text].filter(Boolean).join(": ")));
    drawing.append(group);
    Object.assign(place, { group, title, who });
  }

  draw() {
    const here = new Map();
    for (const call of this.world.calls.values()) here.set(call.state, [...(here.get(call.state) ?? []), call.caller]);
    for (const [name, place] of this.places) {
      const callers = here.get(name) ?? [];
      place.group.classList.toggle("here", callers.length > 0);
      place.title.setAttribute("y", callers.length ? 20 : 30);
      put(place.who, callers.length > NAMES ? `${callers.slice(0, NAMES - 1).join(", ")} +${callers.length - NAMES + 1}` : callers.join(", "));
    }
  }
}
