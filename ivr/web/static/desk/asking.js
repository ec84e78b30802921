/* Asks the server to do something, and says why where it does not. */

import { t } from "../live/words.js";

const token = document.querySelector('meta[name="csrf"]')?.content ?? "";

/* Why, in a sentence. */
function reason(status, told) {
  return typeof told?.detail === "string" ? told.detail : t("desk.refused", { status });
}

export async function ask(method, path, body) {
  const binary = body instanceof Blob;
  const headers = { Accept: "application/json", ...(method === "GET" ? {} : { "X-CSRF-Token": token }) };
  if (body !== undefined) headers["Content-Type"] = binary ? "application/octet-stream" : "application/json";
  const answer = await fetch(path, { method, headers, body: body === undefined || binary ? body : JSON.stringify(body) });
  const told = await answer.json().catch(() => null);
  if (!answer.ok) throw Object.assign(new Error(reason(answer.status, told)), { status: answer.status });
  return told;
}

/* Has something done by a button or a form, which waits meanwhile; what goes wrong is told at the top of the page. */
export async function doing(control, act) {
  const notice = document.getElementById("notice"), focused = document.activeElement === control;
  control.disabled = true;
  try {
    const done = await act();
    notice.hidden = true;
    return done;
  } catch (error) {
    notice.textContent = error instanceof TypeError ? t("link.lost") : error.message;
    notice.hidden = false;
    notice.scrollIntoView({ block: "nearest" });
    return undefined;
  } finally {
    control.disabled = false;
    if (focused && document.activeElement === document.body) control.focus(); // who works by keyboard stays where he is
  }
}

/* A form that does something when it is sent. */
export function sends(form, act) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    await doing(event.submitter ?? form.querySelector("button"), () => act(new FormData(form)));
  });
}
