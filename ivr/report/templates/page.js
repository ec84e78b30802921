"use strict";
(() => {
  const id = (name) => document.getElementById(name);
  const timeline = document.querySelector(".timeline");
  const total = Number(timeline.dataset.total);
  const [stage, canvas, axis, playhead] = ["stage", "canvas", "axis", "playhead"].map(id);
  const lanes = [...document.querySelectorAll(".lane")].map((box) => ({
    box, audio: box.querySelector("audio"), button: box.querySelector(".listen"), plot: box.querySelector(".plot"),
    caps: [...box.querySelectorAll(".cap")], marks: [...box.querySelectorAll(".mark")],
    began: Number(box.dataset.began), ended: Number(box.dataset.ended), caller: box.dataset.caller,
  }));
  const rows = [...document.querySelectorAll("#rows tr")];
  const times = rows.map((row) => Number(row.dataset.at));
  let chosen = lanes[0], now = 0, zoom = 1, current = null;

  const clamp = (value, least, most) => Math.min(most, Math.max(least, value));
  const playing = () => chosen && !chosen.audio.paused;

  /* The moment: one for all lanes. */
  function show() {
    playhead.style.left = `${100 * now / total}%`;
    axis.setAttribute("aria-valuenow", now.toFixed(1));
    axis.setAttribute("aria-valuetext", `${now.toFixed(1)} seconds`);
    if (id("now")) id("now").textContent = `${now.toFixed(1)} of ${total.toFixed(1)} s`;
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
    if (chosen && chosen !== lane) chosen.audio.pause();
    chosen = lane;
    for (const each of lanes) each.box.classList.toggle("chosen", each === lane);
    id("who").textContent = lane.caller;
  }

  function seek(moment) {
    now = clamp(moment, 0, total);
    if (chosen) chosen.audio.currentTime = clamp(now - chosen.began, 0, Math.max(0, chosen.ended - chosen.began));
    show();
  }

  function play() {
    if (now < chosen.began || now >= chosen.ended - 0.05) seek(chosen.began);
    else seek(now);
    chosen.audio.play().catch(() => pressed());
  }

  function toggle(lane) {
    if (lane === chosen && playing()) return chosen.audio.pause();
    choose(lane);
    play();
  }

  function pressed() {
    for (const lane of lanes) lane.button.setAttribute("aria-pressed", String(!lane.audio.paused));
    id("play").setAttribute("aria-pressed", String(playing()));
    id("play").setAttribute("aria-label", playing() ? "Pause" : "Play");
  }

  function step() {
    if (!playing()) return;
    now = chosen.began + chosen.audio.currentTime;
    show();
    follow();
    requestAnimationFrame(step);
  }

  for (const lane of lanes) {
    lane.button.addEventListener("click", () => toggle(lane));
    lane.audio.addEventListener("play", () => { pressed(); requestAnimationFrame(step); });
    lane.audio.addEventListener("pause", pressed);
    lane.audio.addEventListener("ended", () => { now = lane.ended; show(); pressed(); });
    lane.plot.addEventListener("click", (event) => {
      choose(lane);
      const thing = event.target.closest("[data-at]");
      seek(event.detail === 0 && thing ? Number(thing.dataset.at) : moment(event));
    });
  }
  if (lanes.length) {
    id("play").addEventListener("click", () => toggle(chosen));
    choose(lanes[0]);
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
    if (event.key !== " " || !lanes.length || event.target.closest("button, a, .scroll")) return;
    event.preventDefault();
    toggle(chosen);
  });

  /* Keys of one entry that have no room for a cap each share one. */
  function group(caps, second) {
    const groups = [];
    for (const cap of caps) {
      const last = groups.at(-1), before = last && last.at(-1);
      const belongs = before && Number(cap.dataset.at) - Number(before.dataset.at) < 5
        && (cap.dataset.group ? cap.dataset.group === last[0].dataset.group : cap.textContent === "#" && last[0].dataset.group);
      if (belongs && !cap.classList.contains("pin") && !before.classList.contains("pin")) last.push(cap); else groups.push([cap]);
    }
    for (const members of groups) {
      const lasts = Number(members.at(-1).dataset.at) - Number(members[0].dataset.at);
      const tight = members.length > 1 && lasts * second < 17 * (members.length - 1);
      members.forEach((cap, i) => {
        cap.classList.toggle("tight", tight);
        cap.classList.toggle("first", i === 0);
        cap.classList.toggle("last", i === members.length - 1);
      });
    }
  }

  /* Every cap as close to its moment as the others allow, none before its turn: least squares, by pooling. */
  function spread(caps, second, least, wide) {
    let room = 0;
    const pools = [];
    for (const cap of caps) {
      if (room > 0 && !(cap.classList.contains("tight") && !cap.classList.contains("first"))) room += 3;
      pools.push({ sum: Number(cap.dataset.at) * second - room, offsets: [[cap, room]] });
      room += cap.offsetWidth;
      while (pools.length > 1) {
        const [one, two] = pools.slice(-2);
        if (one.sum / one.offsets.length <= two.sum / two.offsets.length) break;
        pools.splice(-2, 2, { sum: one.sum + two.sum, offsets: [...one.offsets, ...two.offsets] });
      }
    }
    for (const { sum, offsets } of pools) {
      const start = clamp(sum / offsets.length, Math.min(least, Math.max(0, wide - room)), Math.max(0, wide - room));
      for (const [cap, offset] of offsets) cap.style.left = `${start + offset}px`;
    }
  }

  /* The layout: what depends on how many pixels a second has. */
  function lay() {
    const wide = axis.clientWidth, second = wide / total;
    const wanted = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600].find((s) => s * second >= 58) || 7200;
    const ticks = [];
    for (let i = 0; i * wanted < total - 24 / second; i++) {
      const tick = document.createElement("span");
      tick.style.left = `${100 * i * wanted / total}%`;
      tick.textContent = String(Number((i * wanted).toFixed(1)));
      ticks.push(tick);
    }
    id("ticks").replaceChildren(...ticks);
    for (const flag of document.querySelectorAll(".flag")) {
      flag.classList.toggle("turned", flag.offsetLeft + flag.offsetWidth > wide);
    }
    for (const lane of lanes) {
      group(lane.caps, second);
      spread(lane.caps, second, lane.began * second, wide);
      const at = lane.marks.map((mark) => mark.offsetLeft);
      lane.marks.forEach((mark, i) => mark.classList.toggle("tight", at[i] - at[i - 1] < 11 || at[i + 1] - at[i] < 11));
    }
    show();
  }

  function magnify(to) {
    const head = axis.offsetLeft, middle = now * axis.clientWidth / total - stage.scrollLeft;
    const seen = middle >= 0 && middle <= stage.clientWidth - head;
    const anchor = seen ? now : total * (stage.scrollLeft + (stage.clientWidth - head) / 2) / axis.clientWidth;
    const offset = anchor * axis.clientWidth / total - stage.scrollLeft;
    zoom = clamp(to, 1, Math.max(1, 32 * total / 60));
    canvas.style.setProperty("--zoom", zoom);
    lay();
    stage.scrollLeft = anchor * axis.clientWidth / total - offset;
  }
  if (lanes.length) {
    id("in").addEventListener("click", () => magnify(zoom * 2));
    id("out").addEventListener("click", () => magnify(zoom / 2));
    id("fit").addEventListener("click", () => magnify(1));
  }
  canvas.style.setProperty("--least", `${Math.min(1800, Math.max(560, total * 12))}px`);
  new ResizeObserver(lay).observe(stage);
  lay();

  /* The journal. */
  const filters = [...document.querySelectorAll(".filter button")];
  for (const button of filters) {
    button.addEventListener("click", () => {
      const all = "all" in button.dataset;
      for (const each of filters) each.setAttribute("aria-pressed", String(each === button));
      for (const row of rows) row.hidden = !all && row.dataset.caller !== button.dataset.caller && row.dataset.caller !== "";
      const shown = rows.filter((row) => !row.hidden).length;
      id("count").textContent = all ? `${rows.length} entries` : `${shown} of ${rows.length} entries`;
      show();
    });
  }
  id("rows").addEventListener("click", (event) => {
    const row = event.target.closest("tr");
    const lane = lanes.find((each) => each.caller === row.dataset.caller);
    if (lane && !playing()) choose(lane);
    seek(Number(row.dataset.at));
    follow();
  });

  /* Particulars under the pointer and at the focus. */
  const tip = id("tip");
  function tell(thing, x, y) {
    tip.textContent = thing.dataset.tip;
    tip.hidden = false;
    const box = tip.getBoundingClientRect();
    const left = clamp(x + 12, 8, document.documentElement.clientWidth - box.width - 8);
    const top = y + 20 + box.height > window.innerHeight ? y - box.height - 12 : y + 18;
    tip.style.transform = `translate(${left}px, ${Math.max(8, top)}px)`;
  }
  document.addEventListener("pointermove", (event) => {
    const thing = event.target.closest && event.target.closest("[data-tip]");
    if (thing) tell(thing, event.clientX, event.clientY); else tip.hidden = true;
  });
  document.addEventListener("focusin", (event) => {
    const thing = event.target.closest("[data-tip]");
    if (!thing || !thing.matches(":focus-visible")) { tip.hidden = true; return; }
    const box = thing.getBoundingClientRect();
    tell(thing, box.left, box.bottom - 8);
  });
  document.addEventListener("focusout", () => { tip.hidden = true; });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") tip.hidden = true; });
})();
