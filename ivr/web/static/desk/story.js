/* A story that is played: which, how fast, held or going on. */

import { put } from "../live/parts.js";
import { t } from "../live/words.js";
import { ask, doing, sends } from "./asking.js";

const STEP_S = 1;

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
      const { stories } = await ask("GET", "/api/stories");
      for (const list of [this.list, document.getElementById("their-stories")]) {
        list.replaceChildren(...stories.map((name) => new Option(name, name)));
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
