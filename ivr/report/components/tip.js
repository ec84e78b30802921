import { clamp } from "./places.js";

/* Particulars under the pointer and at the focus. */
export function tips(signal) {
  const tip = document.getElementById("tip");
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
  }, { signal });
  document.addEventListener("focusin", (event) => {
    const thing = event.target.closest("[data-tip]");
    if (!thing || !thing.matches(":focus-visible")) { tip.hidden = true; return; }
    const box = thing.getBoundingClientRect();
    tell(thing, box.left, box.bottom - 8);
  }, { signal });
  document.addEventListener("focusout", () => { tip.hidden = true; }, { signal });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") tip.hidden = true; }, { signal });
}
