// On every page: how many wait on this phone, and a try whenever there is reason to hope.
import { giveBack } from "./editing";
import { forget, forgetOthers } from "./elders";
import { all, listen, update, type Parcel } from "./store";
import { whenLeaving } from "../leaving";
import { wipe, wipeOthers } from "../rounds/store";
import { recall } from "./recall";
import { streetOf, who, type Who } from "./who";

const A_MINUTE = 60_000;

export async function watch(): Promise<void> {
  await recall();
  const here = who();
  remember(here?.street);
  wipeOthers(here?.street ?? "", document.documentElement.dataset.person);
  forgetOthers(here?.street ?? "", document.documentElement.dataset.person);
  whenLeaving(wipe);
  whenLeaving(forget);
  const list = document.querySelector<HTMLElement>("[data-outbox]");
  if (list) void import("./list").then((module) => module.showList(list));
  for (const door of here ? document.querySelectorAll<HTMLAnchorElement>("[data-offline-door]") : []) {
    door.href = `/s/${here?.street ?? ""}/${door.dataset.offlineDoor ?? ""}`;
    void leadsSomewhere(door.pathname).then((leads) => (door.hidden = !leads));
  }
  // The page without a network belongs to no street by itself.
  for (const mark of here ? document.querySelectorAll<HTMLAnchorElement>("a[data-outbox-count]") : []) mark.href = `/s/${here?.street ?? ""}/mine/`;
  listen(() => void count());
  await giveBack();
  if (here?.person) await takeOver(here);
  const waiting = await count();
  if (waiting.length > 0) void go(true);
  window.setInterval(() => void go(false), A_MINUTE);
  window.addEventListener("online", () => void go(true));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") void go(false);
  });
}

/** Whether the form behind a door was kept with all its files; a browser that was killed may have lost some. */
async function leadsSomewhere(door: string): Promise<boolean> {
  const worker = navigator.serviceWorker?.controller;
  if (!worker) return false;
  return new Promise((answer) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => answer(data === true);
    worker.postMessage({ door }, [port2]);
  });
}

/** What was kept while nobody was signed in is theirs who have signed in since: it goes by itself, as was said. */
async function takeOver(here: Who): Promise<void> {
  for (const parcel of await all()) {
    if (parcel.owner || parcel.street !== here.street) continue;
    await update(parcel.id, ({ why: _why, ...now }) =>
      now.owner ? undefined : { ...now, owner: here.person, state: now.state === "held" ? "waiting" : now.state, nextAt: 0 },
    );
  }
}

async function count(): Promise<Parcel[]> {
  const waiting = (await all()).filter((parcel) => parcel.state !== "draft");
  for (const mark of document.querySelectorAll<HTMLElement>("[data-outbox-count]")) {
    mark.hidden = waiting.length === 0;
    const number = mark.querySelector("b");
    if (number) number.textContent = String(waiting.length);
  }
  return waiting;
}

async function go(force: boolean): Promise<void> {
  if (!navigator.onLine || (await count()).length === 0) return;
  const { sendAll } = await import("./send_all");
  await sendAll(force);
}

/** The worker keeps the empty forms of the streets that are visited here, in the look that is chosen here. */
function remember(street = streetOf(location.pathname)): void {
  const { theme = "", elder, streetId } = document.documentElement.dataset;
  if (!street || !streetId) return;
  const look = [elder === undefined ? "" : "elder", theme, document.documentElement.lang].join("-");
  void navigator.serviceWorker?.ready.then((worker) => worker.active?.postMessage({ street, look }));
}
