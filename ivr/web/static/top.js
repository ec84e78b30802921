/* What the bar at the top does on all pages: the language, once chosen, is kept; and one logs out. */

document.getElementById("language")?.addEventListener("change", (event) => {
  const address = new URL(location.href);
  address.searchParams.set("language", event.target.value);
  location.assign(address);
});

document.getElementById("log-out")?.addEventListener("click", async () => {
  const token = document.querySelector('meta[name="csrf"]').content;
  await fetch("/logout", { method: "POST", headers: { "X-CSRF-Token": token }, redirect: "manual" });
  location.assign("/login");
});
