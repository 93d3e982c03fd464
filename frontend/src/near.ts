// The nearest first, when somebody asks for it; the position stays on the phone.
import { metresBetween, said, spotOf, type Spot } from "./metres";

function arrange(list: HTMLElement, me: Spot): void {
  const rows = [...list.querySelectorAll<HTMLElement>(":scope > [data-lng]")];
  const away = new Map(rows.map((row) => [row, metresBetween(me, spotOf(row))]));
  rows.sort((a, b) => (away.get(a) ?? 0) - (away.get(b) ?? 0));
  for (const row of rows) {
    const distance = row.querySelector("[data-distance]");
    if (distance) distance.textContent = (list.dataset.wordsAway ?? "{}").replace("{}", said(list, away.get(row) ?? 0));
    list.append(row);
  }
  document.dispatchEvent(new CustomEvent("huipai:order", { detail: { me } }));
}

for (const button of document.querySelectorAll<HTMLButtonElement>("[data-near]")) {
  const list = document.getElementById(button.dataset.near ?? "");
  if (!list || !("geolocation" in navigator)) continue;
  button.hidden = false;
  button.addEventListener("click", () => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        arrange(list, [coords.longitude, coords.latitude]);
        button.hidden = true;
      },
      () => {
        const words = document.getElementById(button.getAttribute("aria-describedby") ?? "");
        if (words) words.textContent = button.dataset.wordsNone ?? "";
      },
      { enableHighAccuracy: true, timeout: 10_000, maximumAge: 60_000 },
    );
  });
}
