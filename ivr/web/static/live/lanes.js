/* The lanes as they run: the report's, of those calls that can be seen; what goes on reaches up to now. */

import { clamp, group, spread, tickStep } from "/components/places.js";
import { fillMeter, hears, loud, make, meter, put, sinceOf, stateOf } from "./parts.js";
import { entryOf } from "./world.js";
import { clock, t } from "./words.js";

const WINDOWS = [15, 30, 60, 120, 300, 600];
const FAR = 1e5, LABEL = 90;
const NARROW = matchMedia("(max-width: 720px)");
const STILL = matchMedia("(prefers-reduced-motion: reduce)");
const DARK = matchMedia("(prefers-color-scheme: dark)");

export class Lanes {
  constructor(world, { chosen }) {
    const id = (name) => document.getElementById(name);
    Object.assign(this, { world, chosen, box: id("lanes"), tall: id("tall"), axis: id("axis"), ticks: id("ticks"), empty: id("empty"), playhead: id("playhead") });
    Object.assign(this, { where: "all", find: "", folded: null, seconds: NARROW.matches ? 30 : 60, back: 0, pick: null, shown: new Map(), drawn: -1 });
    this.wire(id);
    this.measure();
  }

  wire(id) {
    const sieve = [...document.querySelectorAll("[data-where]")];
    for (const button of sieve) {
      button.addEventListener("click", () => {
        for (const each of sieve) each.setAttribute("aria-pressed", String(each === button));
        this.where = button.dataset.where;
        this.box.scrollTop = 0;
      });
    }
    id("find").addEventListener("input", () => { this.find = id("find").value.trim().toLowerCase(); this.box.scrollTop = 0; });
    id("fold").addEventListener("click", () => { this.folded = !this.isFolded; this.renew(); });
    const zoom = (by) => {
      this.seconds = WINDOWS[clamp(WINDOWS.indexOf(this.seconds) + by, 0, WINDOWS.length - 1)];
      this.renew();
    };
    id("in").addEventListener("click", () => zoom(-1));
    id("out").addEventListener("click", () => zoom(1));
    this.axis.addEventListener("keydown", (event) => {
      const by = { ArrowLeft: 1, ArrowRight: -1, ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: Infinity, End: -Infinity }[event.key];
      if (by === undefined) return;
      event.preventDefault();
      this.back = clamp(this.back + by, 0, Math.max(0, this.world.at - this.seconds));
    });
    new ResizeObserver(() => { this.measure(); this.renew(); }).observe(this.box);
    DARK.addEventListener("change", () => { this.measure(); this.renew(); });
  }

  /* Everything is drawn anew. */
  renew() {
    for (const lane of this.shown.values()) lane.box.remove();
    this.shown.clear();
    this.ticked = null;
  }

  measure() {
    this.head = NARROW.matches ? 0 : parseFloat(getComputedStyle(this.box).getPropertyValue("--head")) || 0;
    this.wide = Math.max(50, this.box.clientWidth - this.head);
    this.colour = getComputedStyle(document.documentElement).getPropertyValue("--level").trim();
    document.getElementById("in").disabled = this.seconds === WINDOWS[0];
    document.getElementById("out").disabled = this.seconds === WINDOWS.at(-1);
  }

  get isFolded() { return this.folded ?? this.world.calls.size > 8; }

  get high() { return this.isFolded ? (NARROW.matches ? 70 : 42) : (NARROW.matches ? 212 : 150); }

  get calls() {
    const { where, find } = this;
    const calls = where === "all" && !this.world.room && !find ? [...this.world.calls.values(), ...this.world.gone] : this.world.here;
    const sifted = calls.filter((call) => (where === "all" || (call.where || "way") === where)
      && (!find || call.caller.toLowerCase().includes(find) || call.meeting.includes(find)));
    return sifted.sort((a, b) => (a.ended !== null) - (b.ended !== null) || Number(a.serial) - Number(b.serial));
  }

  /* One frame: those in sight are put where they belong, and moved with the time. */
  draw(now) {
    const calls = this.calls, high = this.high, folded = this.isFolded;
    if (folded !== this.wasFolded) { this.renew(); this.wasFolded = folded; }
    document.getElementById("fold").setAttribute("aria-pressed", String(folded));
    this.empty.hidden = calls.length > 0 || !this.world.known;
    this.tall.style.height = `${calls.length * high}px`;
    const first = Math.max(0, Math.floor(this.box.scrollTop / high) - 1);
    const last = Math.min(calls.length, Math.ceil((this.box.scrollTop + this.box.clientHeight) / high) + 1);
    const until = STILL.matches ? Math.floor(now) : now;
    // what has just begun fills the time from its left
    this.to = Math.max(until, this.seconds) - this.back;
    const second = this.second = this.wide / this.seconds;
    const seen = new Set();
    for (let place = first; place < last; place += 1) {
      const call = calls[place];
      seen.add(call.serial);
      let lane = this.shown.get(call.serial);
      if (!lane) { lane = this.lane(call, folded); this.shown.set(call.serial, lane); this.tall.append(lane.box); }
      if (lane.place !== place) { lane.place = place; lane.box.style.transform = `translateY(${place * high}px)`; }
      this.fill(lane, call, now);
      lane.strip.style.transform = `translateX(${((lane.origin - this.to) * second + this.wide).toFixed(1)}px)`;
      this.label(lane);
      lane.clip.style.width = `${clamp(this.wide - (this.to - Math.min(until, call.ended ?? until)) * second, 0, this.wide)}px`;
    }
    for (const [serial, lane] of this.shown) if (!seen.has(serial)) { lane.box.remove(); this.shown.delete(serial); }
    this.tick(second);
    const at = this.wide - (this.to - until) * second;
    this.playhead.hidden = at < 0 || at > this.wide + 1;
    this.playhead.style.left = `${Math.min(at, this.wide - 1)}px`;
  }

  lane(call, folded) {
    const box = make("article", `lane${folded ? " folded" : ""}`);
    box.setAttribute("aria-label", call.caller);
    box.style.height = `${this.high}px`;
    const head = make("header", "head"), name = make("h3"), pick = make("button", "pick", call.caller);
    pick.type = "button";
    pick.addEventListener("click", () => this.chosen(this.pick === call.serial ? null : call.serial));
    name.append(pick);
    const chip = make("span", "chip"), state = make("span"), since = make("time");
    chip.append(state, since);
    const heard = make("p", "heard"), level = meter();
    head.append(name, chip, level, heard);
    const plot = make("div", "plot"), clip = make("div", "clip"), strip = make("div", "strip");
    const rows = Object.fromEntries(["bands", "prompts", "wave", "keys"].map((row) => [row, make("div", `row ${row}`)]));
    const canvas = make("canvas");
    rows.wave.append(canvas);
    const call_ = make("div", "call");
    strip.append(call_, ...Object.values(rows));
    clip.append(strip);
    plot.append(clip);
    box.append(head, plot);
    return { box, pick, chip, state, since, heard, level, plot, clip, strip, ...rows, call: call_, canvas, origin: call.dialled, told: "", pieces: "", waved: 0, place: -1 };
  }

  fill(lane, call, now) {
    const picked = this.pick === call.serial;
    const stood = [call.state, call.saying, call.playing, call.where, call.role, call.ended, picked].join("\n");
    if (stood !== lane.told) {
      lane.told = stood;
      lane.box.classList.toggle("chosen", picked);
      lane.box.classList.toggle("over", call.ended !== null);
      lane.pick.setAttribute("aria-pressed", String(picked));
      lane.chip.className = `chip k-${call.ended !== null ? "goodbye" : call.bands.at(-1)?.kind ?? "other"}`;
      put(lane.state, call.ended !== null ? t("state.gone") : call.role === "organizer" ? `${stateOf(call)} · ${t("role.organizer")}` : stateOf(call));
      put(lane.heard, call.ended !== null ? "" : hears(call));
      lane.heard.title = call.saying ? call.text : "";
    }
    put(lane.since, call.ended !== null ? "" : sinceOf(call, now));
    fillMeter(lane.level, call);
    const { bands, prompts, music, keys } = call;
    const ended = (pieces) => pieces.length && `${pieces.length}${pieces.at(-1).from}${pieces.at(-1).to}`;
    const pieces = [call.ended, ended(bands), ended(prompts), ended(music), keys.map((key) => key.at + key.key).join(), call.entered.length].join("\n");
    if (pieces !== lane.pieces) { lane.pieces = pieces; this.cut(lane, call); }
    if (!this.isFolded && now - lane.waved >= 0.1) { lane.waved = now; this.wave(lane, call, now); }
  }

  /* A label whose band began before what is in sight stands at the edge, as far as its band goes. */
  label(lane) {
    const edge = (this.to - this.seconds - lane.origin) * this.second;
    for (const band of lane.bands.children) {
      if (band.x === undefined) continue;
      const over = Math.round(clamp(edge - band.x, 0, Math.max(0, band.wide - LABEL)));
      if (band.over === over) continue;
      band.over = over;
      band.firstElementChild.style.transform = over ? `translateX(${over}px)` : "";
    }
  }

  /* Puts the pieces of a lane into its strip, as the report does: seconds to the right, from when the call began. */
  cut(lane, call) {
    const second = this.second, left = this.to - 2 * this.seconds;
    const at = (node, from, to) => {
      const x = (from - lane.origin) * second, wide = to === null ? FAR : Math.max(1, (to - from) * second);
      node.style.left = `${x}px`;
      node.style.width = `${wide}px`;
      return Object.assign(node, node.firstElementChild ? { x, wide } : {});
    };
    at(lane.call, call.dialled, call.ended);
    const inSight = (piece) => piece.to === null || piece.to >= left;
    const span = (piece) => t("tip.span", { from: piece.from, to: piece.to ?? this.world.at });
    const bands = call.bands.filter(inSight).flatMap((piece) => {
      const made = make("span", `band k-${piece.kind}`);
      const word = piece.kind === "other" ? piece.state : t(`label.${piece.kind}`);
      made.append(make("span", "full", word), make("span", "short", piece.kind === "other" ? "" : t(`short.${piece.kind}`)));
      at(made, piece.from, piece.to);
      made.dataset.tip = `${word}: ${span(piece)}`;
      if (piece.kind !== "lobby") return [made];
      const plate = make("span", "plate");
      plate.append(make("span", "", word));
      at(plate, piece.from, piece.to);
      return [made, ...call.music.filter(inSight).map((one) => at(make("span", "music"), one.from, one.to)), plate];
    });
    lane.bands.replaceChildren(...bands);
    if (this.isFolded) return;
    lane.prompts.replaceChildren(...call.prompts.filter(inSight).map((piece) => {
      const made = at(make("span", `prompt${piece.torn ? " torn" : ""}`), piece.from, piece.to);
      made.append(make("i"), make("span", "", piece.prompt));
      made.dataset.tip = `${piece.prompt}: ${span(piece)}${piece.torn ? t("tip.torn") : ""}`;
      return made;
    }));
    const caps = call.keys.filter((key) => key.at >= left).map((key) => {
      const made = make("span", `cap${key.key === "•" ? " hidden" : ""}`, key.key);
      made.dataset.at = String(key.at - lane.origin);
      made.dataset.group = entryOf(call, key);
      made.dataset.tip = key.key === "•" ? t("tip.hidden") : `${t("tip.key", { key: key.key, at: key.at })}${key.level_dbm0 == null ? "" : `: ${t("tip.measure", { level: key.level_dbm0, twist: key.twist_db })}`}`;
      return made;
    });
    lane.keys.replaceChildren(...caps);
    group(caps, second);
    for (const [cap, place] of spread(caps, second, 0, FAR)) cap.style.left = `${place}px`;
  }

  wave(lane, call, now) {
    const scale = Math.min(2, devicePixelRatio), high = lane.wave.clientHeight - 4, wide = this.wide;
    const from = this.to - this.seconds;
    Object.assign(lane.canvas, { width: Math.round(wide * scale), height: Math.round(high * scale) });
    lane.canvas.style.left = `${(from - lane.origin) * this.second}px`;
    lane.canvas.style.width = `${wide}px`;
    const pen = lane.canvas.getContext("2d"), { levels } = call;
    pen.fillStyle = this.colour;
    for (let i = levels.length - 2; i >= 0; i -= 2) {
      const until = i + 2 < levels.length ? levels[i + 2] : Math.min(now, levels[i] + 0.5), part = loud(levels[i + 1]);
      if (until < from) break;
      if (!part) continue;
      const x = (levels[i] - from) * this.second * scale, tall = Math.max(1, part * high * scale);
      pen.fillRect(x, (high * scale - tall) / 2, Math.max(1, (until - levels[i]) * this.second * scale - 0.5), tall);
    }
  }

  tick(second) {
    const step = tickStep(second), first = Math.ceil(Math.max(0, this.to - this.seconds) / step);
    const key = `${first} ${step} ${this.wide}`;
    if (key !== this.ticked) {
      this.ticked = key;
      this.measure();
      put(document.getElementById("window"), t("zoom.window", { n: this.seconds }));
      const ticks = [];
      for (let i = first; i * step <= this.to + this.seconds + step; i += 1) {
        const tick = make("span", "", i * step < 60 ? String(Number((i * step).toFixed(1))) : clock(i * step));
        tick.dataset.at = String(i * step);
        ticks.push(tick);
      }
      this.ticks.replaceChildren(...ticks);
    }
    for (const tick of this.ticks.children) tick.style.left = `${(tick.dataset.at - this.to) * second + this.wide}px`;
    this.axis.setAttribute("aria-valuemax", this.world.at.toFixed(0));
    this.axis.setAttribute("aria-valuenow", Math.max(0, this.to).toFixed(0));
    this.axis.setAttribute("aria-valuetext", this.back ? t("axis.back", { n: this.back }) : t("axis.now"));
  }
}
