/* The words of the page, in its language. */

const holder = document.getElementById("words");
const words = holder ? JSON.parse(holder.textContent) : {};
export const language = document.documentElement.lang || "en-US";
const plural = new Intl.PluralRules(language);
const formats = new Map([0, 1, 3].map((digits) => [digits, new Intl.NumberFormat(language, {
  minimumFractionDigits: digits, maximumFractionDigits: digits, signDisplay: "negative" })]));

/* A text with what fills it; of several forms the one that its number `n` asks for. */
export function t(key, facts = {}) {
  let text = words[key];
  if (text === undefined) return key;
  if (typeof text === "object") text = text[plural.select(facts.n)] ?? text.other;
  return text.replace(/\{(\w+)\}/g, (_, name) => {
    const value = facts[name];
    return typeof value === "number" ? number(value, Number.isInteger(value) ? 0 : 1) : String(value ?? "");
  });
}

export const known = (key) => words[key] !== undefined;

export const number = (value, digits = 0) => formats.get(digits).format(value);

/* How long, as a clock shows it. */
export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds)), hours = Math.floor(whole / 3600);
  const two = (value) => String(value).padStart(2, "0");
  const rest = `${hours ? two(Math.floor(whole / 60) % 60) : Math.floor(whole / 60)}:${two(whole % 60)}`;
  return hours ? `${hours}:${rest}` : rest;
}
