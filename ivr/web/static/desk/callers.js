/* Who is on the line and in which room, with what can be done for each. */

import { fillMeter, hears, listed, make, meter, put, sinceOf, stateOf } from "../live/parts.js";
import { t } from "../live/words.js";
import { ask, doing, sends } from "./asking.js";

const MOST = 60;

function act(text, grave, does) {
  const made = make("button", `button small${grave ? " grave" : ""}`, text);
  made.type = "button";
  made.addEventListener("click", () => doing(made, does));
  return made;
}

export class Callers {
  constructor(world) {
    const id = (name) => document.getElementById(name);
    Object.assign(this, { world, calls: id("calls"), rooms: id("rooms"), none: id("calls-none"), noRooms: id("rooms-none"), find: "", guests: new Set() });
    id("find").addEventListener("input", () => { this.find = id("find").value.trim().toLowerCase(); });
    sends(id("add"), async (form) => {
      const pin = form.get("pin");
      await ask("POST", "/api/callers", { name: form.get("caller").trim(), conference_id: form.get("conference"), ...(pin ? { pin } : {}),
        talks: form.has("talks"), by_hand: form.has("by-hand") });
      const { conference } = id("add").elements;
      conference.defaultValue = conference.value;
      id("add").reset();
      await this.renew();
    });
    sends(id("recording"), async (form) => {
      await ask("POST", `/api/callers/recording?name=${encodeURIComponent(form.get("caller").trim())}`, form.get("file"));
      id("recording").reset();
      await this.renew();
    });
    sends(id("from-story"), async (form) => {
      await ask("POST", "/api/callers/story", { story: form.get("story"), caller: form.get("caller").trim() });
      await this.renew();
    });
    this.renew();
  }

  /* Who of those on the line was added here, and can be led. */
  async renew() {
    try { this.guests = new Set((await ask("GET", "/api/callers")).callers); } catch { this.guests = new Set(); }
  }

  draw(now) {
    const here = [...this.world.calls.values()].filter((call) => !this.find || call.caller.toLowerCase().includes(this.find));
    listed(this.calls, here.slice(0, MOST), (call) => call.serial, (call) => this.row(call), (node, call) => this.fill(node, call, now));
    put(this.none, here.length > MOST ? t("part.more", { n: here.length - MOST }) : t("nobody"));
    this.none.hidden = here.length > 0 && here.length <= MOST;
    const rooms = Object.entries(this.world.rooms).map(([name, room]) => ({ name, ...room })).slice(0, MOST);
    this.noRooms.hidden = rooms.length > 0;
    listed(this.rooms, rooms, (room) => room.name, (room) => this.room(room), (node, room) => this.fillRoom(node, room));
  }

  row(call) {
    const node = make("li", "call-row"), who = make("div", "who-row"), name = make("b", "", call.caller), chip = make("span", "chip");
    const state = make("span"), since = make("time"), level = meter(), heard = make("span", "heard"), acts = make("span", "acts");
    chip.append(state, since);
    who.append(name, chip, level, heard);
    node.append(who, acts);
    const one = (what) => () => ask("POST", `/api/calls/${call.serial}/${what}`);
    const guest = (what, body) => () => ask("POST", `/api/callers/${encodeURIComponent(call.caller)}/${what}`, body);
    const admit = act(t("desk.admit"), false, one("admit")), why = make("span", "why", t("desk.early"));
    why.id = `why-${call.serial}`;
    const lets = [admit, why, act(t("desk.deny"), true, one("deny"))];
    const keys = make("input");
    Object.assign(keys, { type: "text", inputMode: "tel", maxLength: 32, placeholder: t("desk.keys"), autocomplete: "off" });
    keys.setAttribute("aria-label", t("desk.keys.of", { caller: call.caller }));
    keys.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !keys.value) return;
      const typed = keys.value.trim();
      keys.value = "";
      doing(keys, guest("keys", { keys: typed }));
    });
    const led = [act(t("desk.next"), false, guest("next")), keys, act(t("desk.hang-up"), true, guest("hang-up"))];
    acts.append(...lets, ...led);
    for (const button of acts.querySelectorAll("button")) button.setAttribute("aria-label", `${button.textContent}: ${call.caller}`);
    return Object.assign(node, { name_: name, chip, state, since, level, heard, lets, admit, why, led });
  }

  fill(node, call, now) {
    put(node.name_, call.caller);
    put(node.state, call.role === "organizer" ? `${stateOf(call)} · ${t("role.organizer")}` : stateOf(call));
    put(node.since, sinceOf(call, now));
    put(node.heard, hears(call));
    const kind = `chip k-${call.bands.at(-1)?.kind ?? "other"}`;
    if (node.chip.className !== kind) node.chip.className = kind;
    fillMeter(node.level, call);
    for (const one of node.lets) one.hidden = call.where !== "lobby";
    // nobody is let into a meeting that has not started
    const early = call.where === "lobby" && this.world.rooms[call.meeting]?.started === false;
    node.why.hidden = !early;
    node.admit.setAttribute("aria-disabled", String(early));
    if (early) node.admit.setAttribute("aria-describedby", node.why.id); else node.admit.removeAttribute("aria-describedby");
    for (const one of node.led) one.hidden = !this.guests.has(call.caller);
  }

  room({ name }) {
    const node = make("li", "call-row"), who = make("div", "who-row"), people = make("span", "heard"), acts = make("span", "acts");
    const lock = make("b", "lock", t("room.locked")), why = make("span", "why", t("room.not-started"));
    who.append(make("b", "", name), lock, people);
    const does = (what) => () => ask("POST", `/api/rooms/${encodeURIComponent(name)}/${what}`);
    const buttons = Object.fromEntries([["admit-all", false], ["lock", false], ["unlock", false], ["mute", false], ["unmute", false], ["end", true]].map(
      ([what, grave]) => [what, act(t(`desk.${what}`), grave, does(what))]));
    for (const button of Object.values(buttons)) button.setAttribute("aria-label", `${button.textContent}: ${name}`);
    acts.append(why, ...Object.values(buttons));
    node.append(who, acts);
    return Object.assign(node, { people, lock, why, buttons });
  }

  fillRoom(node, room) {
    const { lobby = [], meeting = [], started, locked } = room;
    put(node.people, `${t("part.lobby", { n: lobby.length })}, ${t("part.meeting", { n: meeting.length })}`);
    node.lock.hidden = !locked;
    node.why.hidden = started;
    node.buttons["admit-all"].hidden = !started || !lobby.length;
    for (const name of ["mute", "unmute", "end"]) node.buttons[name].hidden = !started;
    node.buttons.lock.hidden = !started || locked;
    node.buttons.unlock.hidden = !locked;
  }
}
