/* The rooms: who waits and who meets in each, as cards. */

import { fillMeter, listed, make, meter, put, sinceOf } from "./parts.js";
import { t } from "./words.js";

/* So many are shown; of many rooms fewer, so that the lanes below are not far. */
const ROOMS = 6, PEOPLE = 6, FEW_ROOMS = 3, FEW_PEOPLE = 3;

export class Rooms {
  constructor(world) {
    this.world = world;
    this.list = document.getElementById("rooms");
    this.count = document.getElementById("rooms-count");
  }

  draw(now) {
    const { world } = this;
    const names = Object.keys(world.rooms).sort();
    this.most = names.length > FEW_ROOMS ? FEW_PEOPLE : PEOPLE;
    const way = world.here.filter((call) => !call.where);
    const rooms = names.slice(0, ROOMS).map((name) => ({ name, ...world.rooms[name] }));
    if (!world.room) rooms.push({ name: "", way });
    listed(this.list, rooms, (room) => room.name, () => this.card(), (card, room) => this.fill(card, room, now));
    put(this.count, names.length > ROOMS ? t("rooms.more", { n: names.length - ROOMS }) : "");
  }

  card() {
    const card = make("li", "room"), top = make("header"), name = make("h3"), only = make("a", "only", t("room.link"));
    const lock = make("b", "lock", t("room.locked"));
    top.append(name, lock, only);
    const part = (kind) => {
      const box = make("section", `part ${kind}`), title = make("h4"), people = make("ul", "people"), more = make("p", "more");
      box.append(title, people, more);
      return Object.assign(box, { title_: title, people, more });
    };
    const parts = { lobby: part("lobby"), meeting: part("meeting"), way: part("way") };
    card.append(top, ...Object.values(parts));
    return Object.assign(card, { name_: name, only, lock, parts });
  }

  fill(card, room, now) {
    put(card.name_, room.name ? t("room.name", { room: room.name }) : t("room.way"));
    card.lock.hidden = !room.locked;
    card.only.hidden = !room.name || Boolean(this.world.room);
    const path = `/room/${encodeURIComponent(room.name)}`;
    if (room.name && card.only.getAttribute("href") !== path) {
      card.only.href = path;
      card.only.setAttribute("aria-label", t("room.link.of", { room: room.name }));
    }
    const calls = (serials) => (serials ?? []).map((serial) => this.world.calls.get(String(serial))).filter(Boolean);
    const people = { lobby: calls(room.lobby), meeting: calls(room.meeting), way: room.way ?? [] };
    for (const [kind, part] of Object.entries(card.parts)) {
      const here = people[kind];
      part.hidden = room.name ? kind === "way" : kind !== "way";
      put(part.title_, t(`part.${kind}`, { n: here.length }));
      const seen = kind === "meeting" ? talkersFirst(here, this.most) : here;
      listed(part.people, seen.slice(0, this.most), (call) => call.serial, person, (node, call) => fillPerson(node, call, now));
      put(part.more, here.length > this.most ? t("part.more", { n: here.length - this.most }) : here.length ? "" : t("part.nobody"));
    }
  }
}

/* Who speaks is in sight even where there is no room for all. */
function talkersFirst(calls, most) {
  if (calls.length <= most) return calls;
  return [...calls].sort((a, b) => (b.level ?? -99) - (a.level ?? -99)).slice(0, most).sort((a, b) => Number(a.serial) - Number(b.serial));
}

function person() {
  const node = make("li"), name = make("b"), role = make("span", "role"), since = make("time"), level = meter();
  node.append(name, role, since, level);
  return Object.assign(node, { name_: name, role_: role, since, level });
}

function fillPerson(node, call, now) {
  put(node.name_, call.caller);
  put(node.role_, call.role === "organizer" ? t("role.organizer") : "");
  put(node.since, sinceOf(call, now));
  fillMeter(node.level, call);
}
