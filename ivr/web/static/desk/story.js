/* A story that is played: which, how fast, held or going on. */

import { put } from "../live/parts.js";
import { t } from "../live/words.js";
import { ask, doing, sends } from "./asking.js";

const STEP_S = 1;
const FIRST = "s0-15-lobby";

/* The kinds of stories, by how the names of those that ship begin. */
const KINDS = [["lobby", /^s\d/], ["rules", /^[ab]\d/], ["more", /^(?:f\d|peers)/], ["own", /^/]];

/* What a list of stories holds: titles, in the language that stories have, with their names. */
function choices(stories, titles) {
  const groups = new Map(KINDS.map(([kind]) => [kind, Object.assign(document.createElement("optgroup"), { label: t(`desk.kind.${kind}`) })]));
  for (const name of stories) {
    const title = titles[name] ?? name, kind = KINDS.find(([, begins]) => begins.test(name))[0];
    const one = new Option(title === name ? name : `${title} (${name})`, name, name === FIRST, name === FIRST);
    one.lang = kind === "own" ? "" : "en";
    groups.get(kind).append(one);
  }
  return [...groups.values()].filter((group) => group.children.length);
}

export class Story {
  constructor() {
    const id = (name) => document.getElementById(name);
    Object.assign(this, { form: id("story-form"), list: id("stories"), acts: id("story-acts"), said: id("story-told"), facts: null });
    sends(this.form, (form) => ask("POST", "/api/story", { name: form.get("name"), speed: Number(form.get("speed")) }));
    for (const button of this.acts.querySelectorAll("[data-act]")) {
      const what = button.dataset.act;
      button.addEventListener("click", () => doing(button, () => ask("POST", `/api/story/${what}`, what === "step" ? { seconds: STEP_S } : undefined)));
    }
    this.form.addEventListener("change", (event) => {
      if (event.target.name === "speed" && this.facts) doing(this.form.querySelector("button"), () => ask("POST", "/api/story/speed", { speed: Number(event.target.value) }));
    });
    this.begin();
  }

  async begin() {
    try {
      const { stories, titles = {} } = await ask("GET", "/api/stories");
      for (const list of [this.list, document.getElementById("their-stories")]) {
        list.replaceChildren(...choices(stories, titles));
      }
      this.tell((await ask("GET", "/api/story")).story);
    } catch { this.form.querySelector("button").disabled = true; }
  }

  /* Takes how it stands, as the server tells whenever that changes. */
  tell(facts) {
    this.facts = facts;
    this.acts.hidden = !facts;
    if (!facts) { put(this.said, ""); return; }
    const speed = this.form.querySelector(`[name="speed"][value="${facts.speed}"]`);
    if (speed) speed.checked = true;
    if ([...this.list.options].some((one) => one.value === facts.name)) this.list.value = facts.name;
    const [hold, goOn] = ["hold", "go-on"].map((name) => this.acts.querySelector(`[data-act="${name}"]`));
    hold.hidden = facts.held || facts.over;
    goOn.hidden = !facts.held || facts.over;
    this.acts.querySelector('[data-act="step"]').hidden = facts.over;
    const how = facts.failures?.length ? "failed" : facts.over ? "passed" : facts.held ? "held" : "plays";
    const first = facts.failures?.[0];
    put(this.said, `${t(`desk.story.${how}`)}: ${facts.title || facts.name}${first ? ` (${first.caller} ${first.step}: ${first.instead})` : ""}`);
    this.said.className = how;
  }
}
