/* The journal as it is written: the report's table, of which the last rows are kept on the page. */

import { kindOf } from "./world.js";
import { make, put, stateOf } from "./parts.js";
import { known, number, t } from "./words.js";

const ROWS = 250;

/* Those facts that are words are told in the page's language. */
function inWords(facts) {
  const words = { ...facts };
  for (const name of ["entry", "reason", "role", "what", "by"]) {
    if (known(`fact.${facts[name]}`)) words[name] = t(`fact.${facts[name]}`);
  }
  return words;
}

/* An entry as one sentence; who has done it counts where there are words for that. */
export function said(entry) {
  const key = `said.${entry.event}`, by = `${key}.${entry.by}`;
  return t(known(by) ? by : key, inWords(entry));
}

/* An entry in a few words. */
export function told(entry) {
  const { at, sample, call, caller, event, keys, told: line, ...facts } = entry;
  if (event === "state") return stateOf(facts);
  const words = inWords(facts);
  if (!known(`told.${event}`)) return Object.entries(words).map(([name, value]) => `${name} ${value}`).join(", ");
  const parts = [t(`told.${event}`, words)];
  if (event === "presenter") parts[0] += Object.entries(facts).map(([name, value]) => ["what", "by", ...("guest" in facts ? ["serial"] : [])].includes(name) ? "" : ` ${value}${name === "seconds" ? " s" : ""}`).join("");
  if (event === "prompt" && facts.interrupted) parts.push(t("told.torn"));
  if (facts.by && known(`told.${event}.by`)) parts.push(t(`told.${event}.by`, words));
  if (facts.role && event !== "promoted") parts.push(t("told.as", words));
  if (facts.try) parts.push(t("told.try", { try: facts.try }));
  if (facts.ignored) parts.push(t("told.ignored"));
  return parts.filter(Boolean).join(", ");
}

export class Journal {
  constructor(world) {
    const id = (name) => document.getElementById(name);
    Object.assign(this, { world, rows: id("rows"), box: id("scroll"), count: id("count"), newest: id("newest"), done: 0, find: "" });
    this.newest.addEventListener("click", () => { this.box.scrollTop = this.box.scrollHeight; this.box.focus(); });
  }

  get follows() { return this.box.scrollTop + this.box.clientHeight >= this.box.scrollHeight - 40; }

  draw() {
    const { world } = this, follows = this.follows;
    if (world.written < this.done) { this.rows.replaceChildren(); this.done = 0; }
    const fresh = Math.min(world.written - this.done, world.entries.length);
    if (fresh > 0 && (follows || this.rows.children.length < ROWS)) {
      this.rows.append(...world.entries.slice(-Math.min(fresh, ROWS)).map(row));
      this.done = world.written;
      while (this.rows.children.length > ROWS) this.rows.firstElementChild.remove();
      if (follows) this.box.scrollTop = this.box.scrollHeight;
    }
    this.newest.hidden = follows && this.done === world.written;
    put(this.count, t("journal.count", { n: world.written }));
  }
}

function row(entry) {
  const made = make("tr"), particulars = make("td", "p");
  if (entry.event === "state") particulars.append(make("i", `dot k-${kindOf(entry.state)}`));
  particulars.append(told(entry));
  made.append(make("td", "num", number(entry.at, 3)), make("td", "c", entry.caller || "–"),
    make("td", "e", known(`event.${entry.event}`) ? t(`event.${entry.event}`) : entry.event), particulars);
  return made;
}
