// Today's list of a worker: in walking order, and kept on the phone for where there is no network.
import { keepToday } from "./rounds/keep";
import { start } from "./rounds/order";

for (const list of document.querySelectorAll<HTMLElement>("[data-today]")) {
  if (!("geolocation" in navigator)) continue;
  const walk = document.querySelector("[data-walk]");
  walk?.setAttribute("data-day", walk.textContent ?? "");
  start(list);
  document.querySelector("[data-walk-start]")?.addEventListener("click", () => start(list));
}
const kept = document.querySelector<HTMLElement>("[data-keep-today]");
if (kept && "indexedDB" in window) {
  keepToday(kept.dataset.keepToday ?? "")
    .then(() => (kept.dataset.roundKept = "")) // from now on there may be no network
    .catch(() => undefined);
}
