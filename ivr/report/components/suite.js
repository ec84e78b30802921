import { report } from "./report.js";

/* The page of many stories: the list, and one story at a time. */
(() => {
  const id = (name) => document.getElementById(name);
  const items = [...document.querySelectorAll("#verdicts > li")];
  const title = document.title;
  let ended = null, wanted = "", kept = 0;

  async function unpacked(text) {
    const letters = atob(text.trim()), bytes = new Uint8Array(letters.length);
    for (let i = 0; i < letters.length; i++) bytes[i] = letters.charCodeAt(i);
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))).text();
  }

  async function show() {
    const name = location.hash.slice(1), packed = name && id(`${name}-packed`);
    wanted = name;
    if (ended) ended.abort();
    ended = null;
    if (!packed) {
      id("one").replaceChildren();
      for (const [part, hidden] of [["one", true], ["back", true], ["all", false]]) id(part).hidden = hidden;
      document.title = title;
      window.scrollTo(0, kept);
      return;
    }
    const story = await unpacked(packed.textContent);
    if (wanted !== name) return;
    if (!id("all").hidden) kept = window.scrollY;
    id("one").innerHTML = story;
    for (const [part, hidden] of [["one", false], ["back", false], ["all", true]]) id(part).hidden = hidden;
    const item = packed.closest("li");
    id("which").textContent = item.querySelector(".file").firstChild.textContent;
    document.title = `${item.dataset.word.toUpperCase()}: ${item.querySelector("a").textContent}`;
    ended = new AbortController();
    window.scrollTo(0, 0);
    report(ended.signal);
    id("back").querySelector("a").focus({ preventScroll: true });
  }
  window.addEventListener("hashchange", show);

  const filters = [...document.querySelectorAll("#all .filter button")];
  function sift() {
    const word = filters.find((each) => each.getAttribute("aria-pressed") === "true").dataset.word;
    const told = id("find").value.trim().toLowerCase();
    for (const item of items) item.hidden = Boolean((word && item.dataset.word !== word) || !item.dataset.told.includes(told));
    id("shown").textContent = `${items.filter((item) => !item.hidden).length} of ${items.length}`;
  }
  for (const button of filters) {
    button.addEventListener("click", () => {
      for (const each of filters) each.setAttribute("aria-pressed", String(each === button));
      sift();
    });
  }
  id("find").addEventListener("input", sift);
  show();
})();
