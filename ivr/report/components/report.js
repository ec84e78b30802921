import { clamp, flags, group, rowsOf, spread, tickStep } from "./places.js";
import { sounds } from "./sound.js";
import { tips } from "./tip.js";

/* Brings the story that is in the document to life; a signal ends what of it goes on beyond its part of it. */
export function report(signal) {
  const id = (name) => document.getElementById(name);
  const timeline = document.querySelector(".timeline");
  const total = Number(timeline.dataset.total), words = JSON.parse(timeline.dataset.words || "{}");
  const t = (text, facts = {}) => {
    const found = words[text] ?? text, one = typeof found === "string" ? found : facts.n === 1 ? found.one : found.other;
    return one.replace(/\{(\w+)\}/g, (_, name) => facts[name]);
  };
  const tenths = (value) => value.toFixed(1).replace(".", t("."));
  const [stage, canvas, axis, playhead] = ["stage", "canvas", "axis", "playhead"].map(id);
  const lanes = [...document.querySelectorAll(".lane")].map((box) => ({
    box, audio: box.querySelector("audio"), button: box.querySelector(".listen"), plot: box.querySelector(".plot"),
    caps: [...box.querySelectorAll(".cap")], marks: [...box.querySelectorAll(".mark")],
    missed: [...box.querySelectorAll(".miss")], fold: box.querySelector(".fold"), loaded: null,
    began: Number(box.dataset.began), ended: Number(box.dataset.ended), caller: box.dataset.caller,
  }));
  const load = sounds(id("pool"));
  const rows = [...document.querySelectorAll("#rows tr")];
  const times = rows.map((row) => Number(row.dataset.at));
  let chosen = lanes[0], now = 0, zoom = 1, current = null;

  const playing = () => Boolean(chosen && chosen.audio && !chosen.audio.paused);

  /* The moment: one for all lanes. */
  function show() {
    playhead.style.left = `${100 * now / total}%`;
    axis.setAttribute("aria-valuenow", now.toFixed(1));
    axis.setAttribute("aria-valuetext", t("{n} seconds", { n: tenths(now) }));
    if (id("now")) id("now").textContent = t("{now} of {total} s", { now: tenths(now), total: tenths(total) });
    let last = null;
    for (let i = 0; i < rows.length && times[i] <= now + 0.0005; i++) if (!rows[i].hidden) last = rows[i];
    if (last !== current) {
      if (current) current.removeAttribute("aria-current");
      if (last) last.setAttribute("aria-current", "true");
      current = last;
      if (last && playing()) {
        const box = id("scroll"), top = last.offsetTop, head = 36;
        if (top - head < box.scrollTop || top + last.offsetHeight > box.scrollTop + box.clientHeight) {
          box.scrollTop = top - box.clientHeight / 3;
        }
      }
    }
  }

  function follow() {
    const head = axis.offsetLeft, x = head + axis.clientWidth * now / total;
    if (x < stage.scrollLeft + head || x > stage.scrollLeft + stage.clientWidth - 24) {
      stage.scrollLeft = x - head - (stage.clientWidth - head) / 4;
    }
  }

  function choose(lane) {
    if (chosen && chosen !== lane && chosen.audio) chosen.audio.pause();
    chosen = lane;
    for (const each of lanes) each.box.classList.toggle("chosen", each === lane);
    if (id("who")) id("who").textContent = lane.caller;
  }

  function seek(moment) {
    now = clamp(moment, 0, total);
    if (chosen && chosen.audio) chosen.audio.currentTime = clamp(now - chosen.began, 0, Math.max(0, chosen.ended - chosen.began));
    show();
  }

  function play() {
    const lane = chosen;
    load(lane).then(() => {
      if (lane !== chosen) return undefined;
      seek(now < lane.began || now >= lane.ended - 0.05 ? lane.began : now);
      return lane.audio.play();
    }).catch(() => {
      pressed();
      if (!lane.audio.duration) id("who").textContent = `${lane.caller}: ${t("this browser cannot play it")}`;
    });
  }

  function toggle(lane) {
    if (!lane.audio) return undefined;
    if (lane === chosen && playing()) return chosen.audio.pause();
    choose(lane);
    return play();
  }

  function pressed() {
    for (const lane of lanes) lane.button.setAttribute("aria-pressed", String(!lane.audio.paused));
    id("play").setAttribute("aria-pressed", String(playing()));
    id("play").setAttribute("aria-label", t(playing() ? "Pause" : "Play"));
  }

  function step() {
    if (!playing()) return;
    now = chosen.began + chosen.audio.currentTime;
    show();
    follow();
    requestAnimationFrame(step);
  }

  for (const lane of lanes) {
    if (lane.audio) {
      lane.button.addEventListener("click", () => toggle(lane));
      lane.audio.addEventListener("play", () => { pressed(); requestAnimationFrame(step); });
      lane.audio.addEventListener("pause", pressed);
      lane.audio.addEventListener("ended", () => { now = lane.ended; show(); pressed(); });
    }
    lane.fold.addEventListener("click", () => { fold(lane, !lane.box.classList.contains("folded")); lay(); });
    lane.plot.addEventListener("click", (event) => {
      choose(lane);
      const thing = event.target.closest("[data-at]");
      seek(event.detail === 0 && thing ? Number(thing.dataset.at) : moment(event));
    });
  }
  if (lanes.length) {
    if (id("play")) id("play").addEventListener("click", () => toggle(chosen));
    choose(lanes[0]);
  }

  function fold(lane, shut) {
    lane.box.classList.toggle("folded", shut);
    lane.fold.setAttribute("aria-expanded", String(!shut));
  }
  for (const [name, shut] of [["fold-all", true], ["unfold-all", false]]) {
    if (id(name)) id(name).addEventListener("click", () => { for (const lane of lanes) fold(lane, shut); lay(); });
  }
  for (const button of document.querySelectorAll("[data-go]")) {
    button.addEventListener("click", () => {
      const lane = lanes.find((each) => each.caller === button.dataset.lane);
      if (lane) { choose(lane); fold(lane, false); lay(); }
      seek(Number(button.dataset.go));
      follow();
      (lane ? lane.box : timeline).scrollIntoView({ block: "nearest" });
    });
  }

  function moment(event) {
    const box = axis.getBoundingClientRect();
    return total * (event.clientX - box.left) / box.width;
  }
  axis.addEventListener("pointerdown", (event) => {
    seek(moment(event));
    if (event.pointerType === "mouse") axis.setPointerCapture(event.pointerId);
  });
  axis.addEventListener("pointermove", (event) => { if (axis.hasPointerCapture(event.pointerId)) seek(moment(event)); });
  axis.addEventListener("keydown", (event) => {
    const to = { ArrowLeft: now - 1, ArrowRight: now + 1, ArrowDown: now - 1, ArrowUp: now + 1, PageUp: now + 10,
      PageDown: now - 10, Home: 0, End: total }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    seek(to);
    follow();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== " " || !lanes.length || event.target.closest("button, a, select, summary, .scroll, pre")) return;
    event.preventDefault();
    toggle(chosen);
  }, { signal });

  /* The layout: what depends on how many pixels a second has. */
  function lay() {
    const wide = axis.clientWidth, second = wide / total;
    const wanted = tickStep(second);
    const ticks = [];
    for (let i = 0; i * wanted < total - 24 / second; i++) {
      const tick = document.createElement("span");
      tick.style.left = `${100 * i * wanted / total}%`;
      tick.textContent = String(Number((i * wanted).toFixed(1)));
      ticks.push(tick);
    }
    id("ticks").replaceChildren(...ticks);
    canvas.style.setProperty("--flags", rowsOf(flags(wide)));
    for (const lane of lanes) {
      for (const miss of lane.missed) {
        const at = miss.offsetLeft, turned = at > wide / 2;
        miss.classList.toggle("turned", turned);
        miss.firstElementChild.style.maxWidth = `${turned ? at : wide - at}px`;
      }
      rowsOf(lane.missed.map((miss) => miss.firstElementChild));
      if (lane.box.classList.contains("folded")) continue;
      group(lane.caps, second);
      for (const [cap, place] of spread(lane.caps, second, lane.began * second, wide)) cap.style.left = `${100 * place / wide}%`;
      const at = lane.marks.map((mark) => mark.offsetLeft);
      lane.marks.forEach((mark, i) => mark.classList.toggle("tight", at[i] - at[i - 1] < 11 || at[i + 1] - at[i] < 11));
    }
    if (lanes.length) {
      id("out").disabled = zoom <= 1;
      id("in").disabled = zoom >= most();
    }
    show();
  }

  /* So far in that two seconds fill the stage. */
  const most = () => Math.max(4, total / 2);

  function magnify(to) {
    const head = axis.offsetLeft, middle = now * axis.clientWidth / total - stage.scrollLeft;
    const seen = middle >= 0 && middle <= stage.clientWidth - head;
    const anchor = seen ? now : total * (stage.scrollLeft + (stage.clientWidth - head) / 2) / axis.clientWidth;
    const offset = anchor * axis.clientWidth / total - stage.scrollLeft;
    zoom = clamp(to, 1, most());
    canvas.style.setProperty("--zoom", zoom);
    lay();
    stage.scrollLeft = anchor * axis.clientWidth / total - offset;
  }
  if (lanes.length) {
    id("in").addEventListener("click", () => magnify(zoom * 2));
    id("out").addEventListener("click", () => magnify(zoom / 2));
    id("fit").addEventListener("click", () => magnify(1));
  }
  const observer = new ResizeObserver(lay);
  observer.observe(stage);
  if (signal) signal.addEventListener("abort", () => { observer.disconnect(); if (playing()) chosen.audio.pause(); });

  /* On paper: all of the story, as wide as the paper is. */
  let before = 1;
  window.addEventListener("beforeprint", () => {
    before = zoom;
    document.documentElement.classList.add("printing");
    magnify(1);
    stage.scrollLeft = 0;
  }, { signal });
  window.addEventListener("afterprint", () => {
    document.documentElement.classList.remove("printing");
    magnify(before);
  }, { signal });
  lay();

  /* The journal. */
  function filter(caller) {
    for (const row of rows) row.hidden = caller !== undefined && row.dataset.caller !== caller && row.dataset.caller !== "";
    const shown = rows.filter((row) => !row.hidden).length;
    id("count").textContent = caller === undefined ? t("{n} entries", { n: rows.length }) : t("{shown} of {n} entries", { shown, n: rows.length });
    show();
  }
  const filters = [...document.querySelectorAll(".filter button")];
  for (const button of filters) {
    button.addEventListener("click", () => {
      for (const each of filters) each.setAttribute("aria-pressed", String(each === button));
      filter(button.dataset.caller);
    });
  }
  if (id("choice")) id("choice").addEventListener("change", () => filter(id("choice").selectedOptions[0].dataset.caller));
  id("rows").addEventListener("click", (event) => {
    const row = event.target.closest("tr");
    const lane = lanes.find((each) => each.caller === row.dataset.caller);
    if (lane && !playing()) choose(lane);
    seek(Number(row.dataset.at));
    follow();
  });
  tips(signal);
}
