// Walking order: overdue first, then the way. Worked out here, from a position that never leaves the phone (ruling 14).
import { metresBetween, said, spotOf, type Spot } from "../metres";

/** The nearest next, and again; good enough for a round on foot. */
function round(rows: HTMLElement[], from: Spot): HTMLElement[] {
  const left = [...rows];
  const way: HTMLElement[] = [];
  let here = from;
  while (left.length > 0) {
    const spot = here;
    left.sort((a, b) => metresBetween(spot, spotOf(a)) - metresBetween(spot, spotOf(b)));
    const next = left.shift() as HTMLElement;
    way.push(next);
    here = spotOf(next);
  }
  return way;
}

function inOrder(rows: HTMLElement[], me: Spot): HTMLElement[] {
  const late = round(rows.filter((row) => "overdue" in row.dataset), me);
  const last = late.at(-1);
  return [...late, ...round(rows.filter((row) => !("overdue" in row.dataset)), last ? spotOf(last) : me)];
}

/** What can be done at once goes to the row that now stands first. */
function handOn(first: HTMLElement): void {
  const deeds = first.parentElement?.querySelector<HTMLElement>("[data-at-once]");
  const code = first.dataset.id;
  if (!deeds || !code) return;
  const { atOnce: before = "", does = "", opens = "", wordsSpot, wordsDone, wordsOpen } = deeds.dataset;
  const there = (address: string): string => address.replace(before, code);
  const [doing, refusing] = deeds.querySelectorAll("a");
  const deed = first.dataset.deed ?? "open";
  if (doing) {
    doing.href = there(deed === "open" ? opens : does);
    const said = doing.lastChild;
    const words = { spot: wordsSpot, done: wordsDone, open: wordsOpen }[deed];
    if (said && words) said.textContent = words;
  }
  if (refusing) {
    refusing.href = there(refusing.href);
    refusing.hidden = !("declines" in first.dataset);
  }
  Object.assign(deeds.dataset, { atOnce: code, does: there(does), opens: there(opens) });
  first.append(deeds);
}

function arrange(list: HTMLElement, me: Spot): void {
  const rows = inOrder([...list.querySelectorAll<HTMLElement>(":scope > [data-lng]")], me);
  let here = me;
  let total = 0;
  rows.forEach((row, index) => {
    const step = metresBetween(here, spotOf(row));
    total += step;
    here = spotOf(row);
    row.dataset.number = String(index + 1);
    const number = row.querySelector("[data-row-number]");
    if (number) number.textContent = String(index + 1);
    const distance = row.querySelector("[data-distance]");
    const words = (index === 0 ? list.dataset.wordsAway : list.dataset.wordsNext) ?? "{}";
    if (distance) distance.textContent = words.replace("{}", said(list, step));
    list.append(row);
  });
  if (rows[0]) handOn(rows[0]);
  const walk = document.querySelector("[data-walk]");
  if (walk) walk.textContent = `${walk.getAttribute("data-day") ?? walk.textContent ?? ""}${(list.dataset.wordsTotal ?? "{}").replace("{}", said(list, total))}`;
  list.dataset.me = me.join(","); // for the map beside the list; it goes nowhere else
  document.dispatchEvent(new CustomEvent("huipai:order"));
}

/** Put the list into the order of the way, if the phone says where it is. */
export function start(list: HTMLElement): void {
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => arrange(list, [coords.longitude, coords.latitude]),
    () => undefined, // the server's order stands: overdue first, then by due time
    { enableHighAccuracy: true, timeout: 10_000, maximumAge: 60_000 },
  );
}
