/* How everything stands, kept by what the server tells: no part of the page, and no clock but the one it is given. */

const ENTRIES = 5000, LEVELS = 6000, PIECES = 400, GONE = 12;
export const SILENCE = -60;

/* A call's state -> the kind of its band; the report's table is ivr/report/lanes.py. */
const KINDS = {
  greeting: "greeting", "conference-id": "id", finding: "id", overlong: "id", language: "language",
  "organizer-question": "question", pin: "pin", "checking-pin": "pin", name: "name", recording: "name", lobby: "lobby",
  meeting: "meeting", goodbye: "goodbye", ended: "goodbye",
};
export const kindOf = (state) => KINDS[state] || "other";

/* Of a call that was there before the page: what the last entries of the journal tell of it. */
function history(call, entries) {
  const { state } = call;
  call.music = [];
  for (const entry of entries) {
    if (entry.event === "dialled") call.dialled = entry.at;
    else if (entry.event === "state") {
      if (!call.past) { call.past = true; call.bands = []; }
      call.state = entry.state;
      band(call, entry.at);
    } else if (entry.event === "entered") belongs(call, entry);
    else if (entry.event === "music" && entry.what === "starts") call.music.push({ from: entry.at, to: null });
    else if (entry.event === "music") close(call.music, entry.at);
  }
  call.state = state;
  call.dialled = Math.min(call.dialled, call.bands[0]?.from ?? call.dialled);
  if (call.playing && call.music.at(-1)?.to !== null) call.music.push({ from: call.since, to: null });
}

/* Keys of one entry stand together. */
function belongs(call, { entry, keys }) {
  for (const at of keys ?? []) call.entered.push({ at, entry });
  trim(call.entered, PIECES);
}
export const entryOf = (call, key) => call.entered.findLast((one) => Math.abs(one.at - key.at) < 0.08)?.entry ?? "";

function trim(list, most) {
  if (list.length > most * 1.2) list.splice(0, list.length - most);
}

/* One call: how it stands, and what its lane shows. */
function newCall(serial, at, told) {
  const call = {
    serial, level: null, bands: [], prompts: [], music: [], keys: [], levels: [], entered: [], ended: null, dialled: told.since ?? at,
    caller: "", state: "", since: at, where: "", meeting: "", role: "", saying: "", text: "", playing: false, shown: [],
  };
  change(call, at, told);
  return call;
}

function change(call, at, told) {
  const { keys, music, ...rest } = told;
  const before = call.state;
  for (const name of ["caller", "state", "since", "where", "meeting", "came_at", "role", "saying", "text"]) {
    if (rest[name] !== undefined) call[name] = rest[name];
  }
  if (rest.level_dbm0 !== undefined) call.level = rest.level_dbm0;
  if (call.state !== before) band(call, rest.since ?? at);
  if (rest.saying !== undefined) {
    close(call.prompts, at);
    if (rest.saying) call.prompts.push({ from: at, to: null, prompt: rest.saying, torn: false });
    trim(call.prompts, PIECES);
  }
  if (music !== undefined && music !== call.playing) {
    call.playing = music;
    if (music) call.music.push({ from: at, to: null }); else close(call.music, at);
    trim(call.music, PIECES);
  }
  if (keys !== undefined) pressed(call, keys);
}

/* Neighbours of one kind are one band; of those that have no kind, neighbours of one state. */
function band(call, at) {
  const last = call.bands.at(-1), kind = kindOf(call.state);
  if (last && last.to === null && last.kind === kind && (kind !== "other" || last.state === call.state)) return;
  close(call.bands, at);
  if (call.state !== "ended") call.bands.push({ from: at, to: null, kind, state: call.state });
  trim(call.bands, PIECES);
}

function close(pieces, at) {
  const last = pieces.at(-1);
  if (last && last.to === null) last.to = Math.max(last.from, at);
}

/* The last keys are told whole: one that was hidden may have turned out to be shown. */
function pressed(call, keys) {
  call.shown = keys;
  const first = keys.length ? keys[0].at : Infinity;
  call.keys = [...call.keys.filter((key) => key.at < first), ...keys];
  trim(call.keys, PIECES);
}

export class World {
  constructor({ room = "" } = {}) {
    this.room = room;
    this.calls = new Map();
    this.gone = [];
    this.rooms = {};
    this.entries = [];
    this.written = 0;
    this.late = 0;
    this.at = 0;
    this.known = false;
    this.scopes = [];
    this.story = null;
  }

  /* Takes one message; those of a kind that is not known are left. */
  take(message) {
    this[`on_${message.type}`]?.(message);
    if (message.at !== undefined && !["entry", "scope"].includes(message.type)) this.at = Math.max(this.at, message.at);
  }

  /* Something else is shown from now on. */
  on_hello(message) {
    this.hello = message;
    this.story = message.story ?? null;
    this.forget();
  }

  on_story(message) { this.story = message.story; }

  /* How fast it goes: a story as the presenter wants, the bridge as the clock. */
  get pace() {
    if (!this.hello?.shows || !this.story) return 1;
    return this.story.held || this.story.over ? 0 : this.story.speed;
  }

  on_state(message) {
    const here = new Set(Object.keys(message.calls));
    for (const serial of [...this.calls.keys()]) if (!here.has(serial)) this.end(serial, message.at);
    for (const [serial, told] of Object.entries(message.calls)) {
      const fresh = !this.calls.has(serial);
      this.tell(serial, message.at, told);
      if (fresh) history(this.calls.get(serial), (message.entries ?? []).filter((entry) => String(entry.call) === serial));
    }
    this.rooms = { ...message.rooms };
    this.late = message.late ?? 0;
    this.known = true;
    const last = this.entries.at(-1)?.at ?? -1;
    for (const entry of message.entries ?? []) if (entry.at > last) this.on_entry(entry);
  }

  on_change(message) {
    for (const [serial, told] of Object.entries(message.calls ?? {})) this.tell(serial, message.at, told);
    for (const serial of message.gone ?? []) this.end(String(serial), message.at);
    Object.assign(this.rooms, message.rooms ?? {});
    for (const name of message.closed ?? []) delete this.rooms[name];
    if (message.late !== undefined) this.late = message.late;
  }

  on_levels(message) {
    for (const [serial, level] of Object.entries(message.levels)) {
      const call = this.calls.get(serial);
      if (!call) continue;
      call.level = level;
      call.levels.push(message.at, level ?? SILENCE);
      trim(call.levels, 2 * LEVELS);
    }
  }

  on_entries(message) { for (const entry of message.entries) this.on_entry(entry); }

  on_over() { this.over = true; }

  on_entry(entry) {
    this.entries.push(entry);
    this.written += 1;
    trim(this.entries, ENTRIES);
    const call = this.calls.get(String(entry.call));
    if (!call) return;
    if (entry.event === "entered") belongs(call, entry);
    if (entry.event === "prompt" && entry.began !== undefined) {
      const said = call.prompts.findLast((one) => one.prompt === entry.prompt && (one.to === null || one.to >= entry.began));
      if (said) Object.assign(said, { from: entry.began, to: entry.at, torn: Boolean(entry.interrupted) });
      else call.prompts.push({ from: entry.began, to: entry.at, prompt: entry.prompt, torn: Boolean(entry.interrupted) });
    }
  }

  on_lost(message) { this.lost = (this.lost ?? 0) + message.count; }

  on_scope(message) { if (!message.over) this.scopes.push(message); }

  tell(serial, at, told) {
    const call = this.calls.get(serial);
    if (call) change(call, at, told); else this.calls.set(serial, newCall(serial, at, told));
  }

  end(serial, at) {
    const call = this.calls.get(serial);
    if (!call) return;
    this.calls.delete(serial);
    for (const pieces of [call.bands, call.prompts, call.music]) close(pieces, at);
    Object.assign(call, { ended: at, level: null, where: "", playing: false, saying: "" });
    this.gone.push(call);
    trim(this.gone, GONE);
  }

  forget() {
    this.calls.clear();
    for (const kept of [this.gone, this.entries, this.scopes]) kept.splice(0);
    Object.assign(this, { at: 0, written: 0, rooms: {} });
  }

  /* Who is on the line; a page of one room is told of nobody else. */
  get here() { return [...this.calls.values()]; }

  count(where) {
    let found = 0;
    for (const call of this.here) if (call.where === where) found += 1;
    return found;
  }
}
