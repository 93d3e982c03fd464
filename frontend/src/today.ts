// Today's list of a worker: in walking order.
import { start } from "./rounds/order";

for (const list of document.querySelectorAll<HTMLElement>("[data-today]")) {
  if (!("geolocation" in navigator)) continue;
  const walk = document.querySelector("[data-walk]");
  walk?.setAttribute("data-day", walk.textContent ?? "");
  start(list);
  document.querySelector("[data-walk-start]")?.addEventListener("click", () => start(list));
}
