/* The switch of the page's language: chosen once, it is kept for all pages. */

export function switched() {
  const select = document.getElementById("language");
  if (select) select.addEventListener("change", () => {
    const address = new URL(location.href);
    address.searchParams.set("language", select.value);
    location.assign(address);
  });
}
