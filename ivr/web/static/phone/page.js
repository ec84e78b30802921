/* The page of phones: so many as its address asks for, with one microphone and one speaker. */

import { t } from "../live/words.js";
import { Audio, silentBecause } from "./audio.js";
import { Phone } from "./phone.js";
import { PhoneView } from "./view.js";

const MOST = 6;

export const audio = new Audio();
export const phones = [];

const silent = silentBecause();
const list = document.getElementById("phones");
const asked = Math.round(Number(new URLSearchParams(location.search).get("count")));
const count = Math.min(Math.max(asked || 1, 1), MOST);
const notice = document.getElementById("notice");
const microphones = document.getElementById("microphone"), speakers = document.getElementById("speaker");
const again = document.getElementById("again");
let last = null;

for (let n = 1; n <= count; n++) {
  const phone = new Phone(audio);
  phone.silent = silent !== "";
  phone.muted = n > 1; // who presents speaks by one of them
  const view = new PhoneView(phone, n, count);
  view.node.addEventListener("focusin", () => { last = view; });
  last ??= view;
  phones.push(phone);
  list.append(view.node);
}

/* What is typed while nothing has the focus goes to the phone that had it last. */
document.addEventListener("keydown", (event) => event.target === document.body && last.typedDown(event));
document.addEventListener("keyup", (event) => event.target === document.body && last.phone.up());
window.addEventListener("blur", () => phones.forEach((phone) => phone.up()));
window.addEventListener("pagehide", () => phones.forEach((phone) => phone.hangUp()));

function tell(trouble) {
  const text = trouble ? t(`phone.trouble.${trouble}`) : "";
  if (notice.firstElementChild.textContent !== text) notice.firstElementChild.textContent = text;
  notice.hidden = !text;
  again.hidden = !text || silent !== "";
}

async function offer(select, kind, chosen) {
  const found = silent ? [] : await audio.devices(kind);
  const options = [["", t("phone.usual")], ...found.filter((one) => one.label).map((one) => [one.deviceId, one.label])];
  select.replaceChildren(...options.map(([value, text]) => {
    const option = document.createElement("option");
    Object.assign(option, { value, textContent: text, selected: value === chosen });
    return option;
  }));
}

async function changed() {
  tell(silent || audio.trouble);
  await Promise.all([offer(microphones, "audioinput", audio.microphone), offer(speakers, "audiooutput", audio.speaker)]);
}

microphones.addEventListener("change", () => (audio.context ? audio.listen(microphones.value) : audio.want(microphones.value)));
speakers.addEventListener("change", () => audio.play(speakers.value));
again.addEventListener("click", () => audio.start().then(() => audio.listen()));
audio.addEventListener("change", changed);
microphones.disabled = silent !== "";
speakers.disabled = silent !== "" || !audio.choosesSpeaker;
changed();
