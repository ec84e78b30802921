/* The scope: what the chosen caller sends, as the ear has it: a spectrogram as it runs, and what was made of it. */

import { listed, make, put } from "./parts.js";
import { known, number, t } from "./words.js";

const SECONDS = 8, THOUGHTS = 8, LATE_S = 0.4, EDGE_S = 0.012, SHORT_S = 0.03, OPEN = 30, FAINT = 20;
/* The report's pictures have these colours and this height of a frequency: ivr/report/spectrogram.py. */
const RAMP = [[0, 16, 22, 38], [0.25, 28, 50, 92], [0.5, 38, 112, 148], [0.75, 104, 192, 166], [1, 252, 240, 186]];
const SCALE_HZ = [0, 600, 1750, 4000], SCALE_HEIGHT = [0, 0.14, 0.8, 1];
const MARKED_HZ = [697, 941, 1209, 1633];

const COLOURS = new Uint32Array(256).map((_, level) => {
  const share = level / 255, above = Math.max(1, RAMP.findIndex(([at]) => at >= share)), [one, two] = [RAMP[above - 1], RAMP[above]];
  const part = (share - one[0]) / (two[0] - one[0]), [red, green, blue] = [1, 2, 3].map((i) => Math.round(one[i] + part * (two[i] - one[i])));
  return (255 << 24) | (blue << 16) | (green << 8) | red;
});

const heightOf = (hz) => {
  const above = SCALE_HZ.findIndex((at) => at >= hz), part = (hz - SCALE_HZ[above - 1]) / (SCALE_HZ[above] - SCALE_HZ[above - 1]);
  return SCALE_HEIGHT[above - 1] + part * (SCALE_HEIGHT[above] - SCALE_HEIGHT[above - 1]);
};

const without = ([begin, end], [from, to]) => [[begin, Math.min(end, from)], [Math.max(begin, to), end]].filter(([a, b]) => b - a > EDGE_S);

export class Scope {
  constructor(world) {
    const id = (name) => document.getElementById(name);
    Object.assign(this, { world, canvas: id("spectrum"), marks: id("marks"), who: id("scope-who"), empty: id("scope-empty"), thoughts: id("thoughts") });
    Object.assign(this, { call: null, touched: false, columns: [], heard: [], hidden: [], open: [], loud: -Infinity });
    for (const hz of MARKED_HZ) {
      const mark = make("i", "", String(hz)), line = make("i", "line");
      mark.style.top = line.style.top = `${100 * (1 - heightOf(hz))}%`;
      id("hertz").append(mark);
      id("screen").append(line);
    }
  }

  choose(serial) {
    this.touched = this.touched || this.call !== null;
    Object.assign(this, { call: serial, columns: [], heard: [], hidden: [], open: [], loud: -Infinity });
    this.told();
  }

  /* Takes a message's columns: each has its moment. */
  take(message) {
    if (String(message.call) !== String(this.call)) return;
    const letters = atob(message.columns ?? ""), { bands, step } = message, count = bands ? letters.length / bands : 0;
    const { from } = message;
    for (const span of message.shown ?? []) this.uncover(span);
    for (let column = 0; column < count; column += 1) {
      const levels = new Uint8Array(bands);
      for (let band = 0; band < bands; band += 1) levels[band] = letters.charCodeAt(band * count + column);
      this.columns.push({ at: from + column * step, step, levels });
      if (levels.some((level) => level > FAINT)) this.loud = Math.max(this.loud, from + column * step);
    }
    for (const one of message.heard ?? []) {
      const known_ = this.heard.findIndex((other) => other.at === one.at);
      if (known_ < 0) this.heard.push(one); else this.heard[known_] = one;
    }
    for (const span of message.hidden ?? []) this.cover(span);
    const oldest = (this.columns.at(-1)?.at ?? 0) - 2 * SECONDS;
    if (message.shown) this.columns.sort((one, two) => one.at - two.at);
    this.columns = this.columns.filter((one) => one.at > oldest);
    this.hidden = this.hidden.filter((one) => one[1] > oldest);
    this.heard = this.heard.slice(-60);
  }

  /* What turned out to be no secret takes the place of what was there before. */
  uncover([from, to]) {
    this.open = [...this.open.slice(-OPEN), [from, to]];
    this.columns = this.columns.filter((one) => one.at + one.step / 2 < from || one.at + one.step / 2 > to);
    this.hidden = this.hidden.flatMap((span) => without(span, [from, to]));
  }

  /* What is hidden, but for what has turned out to be no secret meanwhile. */
  cover(span) {
    for (const [begin, end] of this.open.reduce((spans, open) => spans.flatMap((one) => without(one, open)), [span])) {
      const last = this.hidden.at(-1);
      if (last && Math.abs(begin - last[1]) < EDGE_S) last[1] = end; else this.hidden.push([begin, end]);
    }
  }

  draw(clock) {
    const now = clock - LATE_S;
    if (this.world.scopes.length) {
      for (const message of this.world.scopes.splice(0)) this.take(message);
      this.told();
    }
    const call = this.world.calls.get(String(this.call));
    put(this.who, call ? call.caller : "");
    const silent = this.loud < now - SECONDS && !this.hidden.some(([, to]) => to > now - SECONDS);
    put(this.empty, call ? t("scope.silent", { caller: call.caller }) : t("scope.choose"));
    this.empty.hidden = Boolean(call) && !silent;
    const wide = this.canvas.clientWidth, scale = Math.min(2, devicePixelRatio);
    const bands = this.columns.length ? this.columns[0].levels.length : 1;
    if (this.canvas.width !== Math.round(wide * scale) || this.canvas.height !== bands) {
      Object.assign(this.canvas, { width: Math.round(wide * scale), height: bands });
    }
    this.paint(now, wide, scale, bands);
    this.label(now, wide);
  }

  paint(now, wide, scale, bands) {
    const pen = this.canvas.getContext("2d"), whole = this.canvas.width;
    if (!whole) return;
    const picture = pen.createImageData(whole, bands), pixels = new Uint32Array(picture.data.buffer).fill(COLOURS[0]);
    const second = whole / SECONDS, from = now - SECONDS;
    for (const { at, step, levels } of this.columns) {
      const left = Math.floor((at - from) * second), right = Math.floor((at + step - from) * second);
      if (right < 0 || left >= whole) continue;
      for (let band = 0; band < bands; band += 1) {
        const colour = COLOURS[levels[bands - 1 - band]];
        if (colour === COLOURS[0]) continue;
        for (let x = Math.max(0, left); x < Math.min(whole, right); x += 1) pixels[band * whole + x] = colour;
      }
    }
    pen.putImageData(picture, 0, 0);
  }

  label(now, wide) {
    const second = wide / SECONDS, left = (at) => (at - now + SECONDS) * second;
    const inSight = (from, to) => to > now - SECONDS && from < now && to - from >= SHORT_S;
    const items = [
      ...this.hidden.filter(([from, to]) => inSight(from, to)).map(([from, to]) => ({ id: `v${from}`, from, to, kind: "veil", word: "••••" })),
      ...this.heard.filter((one) => inSight(one.at, one.at + 0.5)).map((one) => ({ id: `h${one.at}`, from: one.at, to: null, kind: one.missed ? "near" : "mark", word: one.missed ? "×" : one.key })),
    ];
    listed(this.marks, items, (item) => item.id, () => { const made = make("span"); made.append(make("b")); return made; }, (node, item) => {
      if (node.className !== item.kind) node.className = item.kind;
      put(node.firstElementChild, item.word);
      node.style.left = `${left(item.from).toFixed(1)}px`;
      node.style.width = item.to === null ? "" : `${Math.max(4, (item.to - item.from) * second).toFixed(1)}px`;
    });
  }

  /* What the ear thinks, the newest first. */
  told() {
    const value = (one, name) => one[name] === null || one[name] === undefined ? "–" : number(one[name], 1);
    const rows = this.heard.slice(-THOUGHTS).reverse();
    this.thoughts.parentElement.hidden = !rows.length;
    this.thoughts.replaceChildren(...rows.map((one) => {
      const made = make("tr", one.missed ? "missed" : ""), verdict = one.missed ?? "";
      if (one.why) made.title = [one.why].flat().join(" ");
      made.append(make("td", "num", number(one.at, 1)), make("td", "c", one.key || "–"), make("td", "num", value(one, "level_dbm0")),
        make("td", "num", value(one, "twist_db")), make("td", "p", verdict ? t(known(`miss.${verdict}`) ? `miss.${verdict}` : "miss.other", { why: verdict }) : t("scope.key.heard")));
      return made;
    }));
  }
}
