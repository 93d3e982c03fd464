// Keeps today's list of a worker, and what is shown of each case, on the phone for where there is no network.
import { keepToday, NoRoom } from "./rounds/keep";

const kept = document.querySelector<HTMLElement>("[data-keep-today]");
if (kept && "indexedDB" in window) {
  keepToday(kept.dataset.keepToday ?? "")
    .then(() => (kept.dataset.roundKept = "")) // from now on there may be no network
    .catch((problem: unknown) => {
      const full = document.querySelector<HTMLElement>("[data-round-full]");
      if (full && problem instanceof NoRoom) full.hidden = false;
    });
}
