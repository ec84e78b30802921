/* The administrator's desk: organizers, meetings, letters. A new PIN is shown once, and kept nowhere on the page. */

import { make } from "../live/parts.js";
import { language, t } from "../live/words.js";
import { ask, doing, sends } from "./asking.js";

const moment = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
const id = (name) => document.getElementById(name);

function row(title, told, ...acts) {
  const made = make("li"), what = make("div");
  what.append(make("b", "", title), make("span", "", told));
  made.append(what, ...acts);
  return made;
}

/* What cannot be undone is asked for twice: the first click says so, and is forgotten after twenty seconds. */
const SURE_MS = 20_000;
function button(text, of, grave, does) {
  const made = make("button", `button small${grave ? " grave" : ""}`, text);
  made.type = "button";
  made.setAttribute("aria-label", `${text}: ${of}`);
  let sure = 0;
  const named = (words) => { made.textContent = words; made.setAttribute("aria-label", `${words}: ${of}`); };
  made.addEventListener("click", () => {
    if (grave && !sure) {
      named(t("desk.sure"));
      sure = setTimeout(() => { sure = 0; named(text); }, SURE_MS);
      return;
    }
    clearTimeout(sure);
    sure = 0;
    named(text);
    doing(made, does);
  });
  return made;
}

/* A dialog that forgets what it has shown. */
function show(title, ...what) {
  id("shown-title").textContent = title;
  id("shown-what").replaceChildren(...what);
  id("shown").showModal();
}

function showPin({ address, pin, mailed_to: mailed }) {
  const told = [make("p", "", t("desk.pin.once", { address }))];
  if (pin) told.push(make("p", "pin-shown", pin));
  if (mailed) told.push(make("p", "", t("desk.pin.mailed", { address: mailed })));
  show(t("desk.pin.new"), ...told);
}

async function letter(number) {
  const one = await ask("GET", `/api/letters/${number}`);
  const frame = make("iframe", "letter");
  frame.title = one.subject;
  frame.setAttribute("sandbox", "");
  frame.src = `/api/letters/${number}/page`;
  show(one.subject, make("p", "none", one.recipient), frame);
}

export class Office {
  constructor() {
    id("shown").addEventListener("close", () => id("shown-what").replaceChildren());
    sends(id("enable"), async (form) => {
      const done = await ask("POST", "/api/organizers", { address: form.get("address") });
      id("enable").reset();
      if (done.changed && (done.pin || done.mailed_to)) showPin(done);
      await this.renew();
    });
    sends(id("meet"), async (form) => {
      await ask("POST", "/api/meetings", { organizer: form.get("organizer"), subject: form.get("subject") });
      id("meet").reset();
      await this.renew();
    });
    this.renew();
  }

  async renew() {
    const [{ organizers }, { meetings }, { letters }] = await Promise.all(["organizers", "meetings", "letters"].map((name) => ask("GET", `/api/${name}`)));
    this.fill("organizers", organizers.map((one) => row(one.name || one.address, [one.name ? one.address : "", one.conference_id, one.enabled ? "" : t("desk.disabled")].filter(Boolean).join(" · "),
      button(t("desk.reset"), one.address, true, async () => { showPin(await ask("POST", `/api/organizers/${encodeURIComponent(one.address)}/pin`)); await this.renew(); }))));
    this.fill("meetings", meetings.map((one) => row(one.conference_id || "–", [one.subject, one.organizer, t(`desk.meeting.${one.state.replace(" ", "-")}`)].filter(Boolean).join(" · "),
      ...(one.state === "scheduled" ? [button(t("desk.cancel"), one.conference_id, true, async () => { await ask("POST", `/api/meetings/${one.number}/cancel`); await this.renew(); })] : []))));
    this.fill("letters", letters.map((one) => row(one.recipient, [t(`desk.letter.${one.kind}`), moment.format(new Date(1000 * one.written_at)), t(`desk.letter.${one.state.replace(" ", "-")}`)].join(" · "),
      button(t("desk.read"), `${one.recipient} ${one.number}`, false, () => letter(one.number)))));
  }

  fill(name, rows) {
    id(name).replaceChildren(...(rows.length ? rows : [make("li", "none", t("desk.none"))]));
  }
}
