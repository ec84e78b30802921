/* The switch of the page's language: chosen once, it is kept for all pages. */

document.getElementById("language")?.addEventListener("change", (event) => {
  const address = new URL(location.href);
  address.searchParams.set("language", event.target.value);
  location.assign(address);
});
