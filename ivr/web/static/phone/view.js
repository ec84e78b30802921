/* A phone as it is seen: its keypad, its buttons, how loud both sides are. */

import { t, clock } from "../live/words.js";
import { KEYS } from "./keypad.js";

const LETTERS = { 2: "ABC", 3: "DEF", 4: "GHI", 5: "JKL", 6: "MNO", 7: "PQRS", 8: "TUV", 9: "WXYZ", 0: "+" };
const SPOKEN = { "*": "phone.star", "#": "phone.hash" };
const CODES = new Set(["400", "404", "486", "503", "603"]);
const REASONS = new Set(["silence", "closed", "fault", "unclear"]);

function make(tag, className = "", text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

function button(text, className, act) {
  const made = make("button", `button ${className}`, text);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

function field(text, control) {
  const made = make("label", "field");
  made.append(make("span", "", text), control);
  return made;
}

function typed(value, mode, most) {
  const made = make("input");
  Object.assign(made, { type: "text", value, inputMode: mode, maxLength: most, autocomplete: "off", spellcheck: false });
  return made;
}

/* How loud something is, as a part of -50 to 0 dB below the loudest. */
const loud = (level) => (level > 0 ? Math.min(1, Math.max(0, 1 + Math.log10(level * Math.SQRT2) / 2.5)) : 0);

class Meter {
  constructor(text) {
    this.node = make("div", "loudness");
    this.bar = make("span", "meter");
    this.bar.append(make("i"));
    Object.entries({ role: "meter", "aria-label": text, "aria-valuemin": 0, "aria-valuemax": 100, "aria-valuenow": 0 })
      .forEach(([name, value]) => this.bar.setAttribute(name, value));
    this.node.append(make("span", "", text), this.bar);
  }

  set(level) {
    const part = loud(level);
    this.bar.firstElementChild.style.transform = `scaleX(${part.toFixed(2)})`;
    this.bar.setAttribute("aria-valuenow", Math.round(100 * part));
  }
}

/* What is told of a phone's state. */
export function told({ state, why, code, reason }) {
  if (state === "refused") return CODES.has(String(code)) ? t(`phone.refused.${code}`) : why;
  if (state === "ended") return REASONS.has(reason) ? t(`phone.ended.${reason}`) : t("phone.ended");
  if (state === "lost") return t(why ? `phone.${why}` : "phone.lost");
  return t(`phone.${state}`);
}

export class PhoneView {
  constructor(phone, number, count) {
    this.phone = phone;
    this.node = make("article", "phone");
    const title = make("h2", "", count > 1 ? t("phone.number", { n: number }) : t("phone.one"));
    title.id = `phone-${number}`;
    this.node.setAttribute("aria-labelledby", title.id);
    this.state = make("output", "state");
    this.time = make("time");
    const head = make("header");
    head.append(title, this.state, this.time);
    this.node.append(head, this.settings(number), this.meters(), this.pad(), this.acts());
    this.node.addEventListener("keydown", (event) => this.typedDown(event));
    this.node.addEventListener("keyup", () => this.phone.up());
    this.node.addEventListener("focusout", (event) => this.node.contains(event.relatedTarget) || this.phone.up());
    phone.addEventListener("change", () => this.show());
    phone.addEventListener("levels", () => this.measure());
    setInterval(() => this.tick(), 500);
    this.show();
  }

  settings(number) {
    this.name = typed(t("phone.guest", { n: number }), "text", 60);
    this.dialled = typed("", "tel", 32);
    this.own = typed("", "tel", 32);
    this.way = make("select");
    for (const [value, text] of [["tones", t("phone.tones")], ["events", t("phone.events")]]) {
      const option = make("option", "", text);
      option.value = value;
      this.way.append(option);
    }
    this.way.addEventListener("change", () => this.phone.setKeys(this.way.value === "events"));
    const more = make("details"), fields = make("div", "fields");
    fields.append(field(t("phone.dialled"), this.dialled), field(t("phone.own"), this.own), field(t("phone.keys"), this.way));
    more.append(make("summary", "", t("phone.more")), fields);
    const made = make("div", "settings");
    made.append(field(t("phone.name"), this.name), more);
    return made;
  }

  meters() {
    this.said = new Meter(t("phone.said"));
    this.heard = new Meter(t("phone.heard"));
    const made = make("div", "levels");
    made.append(this.said.node, this.heard.node);
    return made;
  }

  pad() {
    this.keypad = make("div", "pad");
    this.keypad.setAttribute("role", "group");
    this.keypad.setAttribute("aria-label", t("phone.pad"));
    this.keypad.tabIndex = -1;
    this.keys = new Map();
    for (const key of KEYS) {
      const one = make("button", "key");
      one.type = "button";
      one.dataset.key = key;
      one.append(make("b", "", key), make("span", "", LETTERS[key] ?? ""));
      one.setAttribute("aria-label", SPOKEN[key] ? t(SPOKEN[key]) : key);
      one.addEventListener("pointerdown", (event) => event.button === 0 && this.press(key));
      for (const over of ["pointerup", "pointerleave", "pointercancel"]) one.addEventListener(over, () => this.phone.up());
      one.addEventListener("click", (event) => {
        if (event.detail) return; // by a pointer, which was down and up
        this.press(key); // by a keyboard or a screen reader: as long as a key has to be down
        this.phone.up();
      });
      this.keys.set(key, one);
      this.keypad.append(one);
    }
    return this.keypad;
  }

  acts() {
    this.calls = button(t("phone.call"), "first", () => this.call());
    this.mutes = button(t("phone.mute"), "", () => this.phone.mute(!this.phone.muted));
    this.ends = button(t("phone.hang-up"), "grave", () => this.hangUp());
    const made = make("div", "acts");
    made.append(this.calls, this.mutes, this.ends);
    return made;
  }

  call() {
    this.phone.call({ caller: this.name.value.trim(), number: this.dialled.value.replace(/[\s()/-]/g, ""),
      phone: this.own.value.replace(/[\s()/-]/g, "") });
    this.keypad.focus();
  }

  hangUp() {
    this.phone.hangUp();
    this.calls.focus();
  }

  press(key) {
    this.phone.down(key);
  }

  /* Takes what is typed while this phone has the focus, but not where text is typed. */
  typedDown(event) {
    const { key, target } = event;
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    if (target instanceof HTMLInputElement || target instanceof HTMLSelectElement) return;
    if (this.keys.has(key) && this.phone.busy) {
      event.preventDefault();
      this.press(key);
    }
  }

  show() {
    const { phone } = this;
    const text = told(phone);
    if (this.state.textContent !== text) this.state.textContent = text;
    this.node.dataset.state = phone.state;
    this.calls.disabled = phone.busy || phone.silent;
    this.ends.disabled = !phone.busy;
    this.mutes.setAttribute("aria-pressed", phone.muted);
    for (const control of [this.name, this.dialled, this.own]) control.disabled = phone.busy;
    if (!phone.busy && this.keypad.contains(document.activeElement)) this.calls.focus();
    for (const [key, one] of this.keys) {
      one.disabled = !phone.busy;
      one.classList.toggle("down", phone.held === key);
    }
    this.tick();
  }

  tick() {
    const { state, since } = this.phone;
    const text = state === "answered" ? clock((performance.now() - since) / 1000) : "";
    if (this.time.textContent !== text) this.time.textContent = text;
  }

  measure() {
    this.said.set(this.phone.levels.said);
    this.heard.set(this.phone.levels.heard);
  }
}
