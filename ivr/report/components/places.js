/* Where things stand on a time axis: pure layout, for pages of what was and of what is. */

export const clamp = (value, least, most) => Math.min(most, Math.max(least, value));

const STEPS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600];

/* Seconds between two ticks, where a second is so many pixels wide. */
export const tickStep = (second) => STEPS.find((step) => step * second >= 58) || 7200;

/* Keys of one entry that have no room for a cap each share one. */
export function group(caps, second) {
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

/* Every cap as close to its moment as the others allow, none before its turn: least squares, by pooling. Gives each with its place. */
export function spread(caps, second, least, wide) {
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
  return pools.flatMap(({ sum, offsets }) => {
    const start = clamp(sum / offsets.length, Math.min(least, Math.max(0, wide - room)), Math.max(0, wide - room));
    return offsets.map(([cap, offset]) => [cap, start + offset]);
  });
}

/* Flags of one kind that would lie on each other are one, which says how many it stands for. */
export function flags(wide) {
  const shown = [];
  for (const kind of ["missed", "starts"]) {
    let last = null;
    const all = [...document.querySelectorAll(`.flag.${kind}`)];
    for (const flag of all) flag.hidden = false;
    for (const flag of all.sort((a, b) => a.offsetLeft - b.offsetLeft)) {
      flag.dataset.word = flag.dataset.word || flag.textContent;
      flag.dataset.own = flag.dataset.own || flag.dataset.tip;
      flag.textContent = flag.dataset.word;
      flag.dataset.tip = flag.dataset.own;
      flag.classList.remove("turned");
      if (last && flag.offsetLeft < last.offsetLeft + last.offsetWidth + 4) {
        last.dataset.count = Number(last.dataset.count) + 1;
        last.textContent = last.dataset.several.replace("%", last.dataset.count);
        last.dataset.tip += `; ${flag.dataset.own}`;
        flag.hidden = true;
      } else {
        flag.dataset.count = 1;
        last = flag;
        shown.push(flag);
      }
    }
  }
  for (const flag of shown) flag.classList.toggle("turned", flag.offsetLeft + flag.offsetWidth > wide);
  return shown;
}

/* Labels that would lie on each other get rows of their own: how many there are. */
export function rowsOf(labels) {
  const ends = [];
  const placed = labels.map((label) => [label, label.getBoundingClientRect()]).sort((a, b) => a[1].left - b[1].left);
  for (const [label, box] of placed) {
    let row = ends.findIndex((end) => end + 4 <= box.left);
    if (row < 0) row = ends.length;
    ends[row] = box.right;
    label.style.setProperty("--row", row);
  }
  return Math.max(1, ends.length);
}
