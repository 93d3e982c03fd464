// When to send: now, at the next opening of a page, when the network is back, by a timer, or by the browser itself.
// A parcel is sent by one tab or worker at a time; where there are no locks, the server still keeps one.
import { ALIKE, deliver, deliverShots, isKnown, UNANSWERED, type Verdict } from "./deliver";
import { giveBack, holdOpen } from "./editing";
import { all, get, remove, update, wasSent, type Parcel } from "./store";

const WAITS = [5_000, 15_000, 60_000, 300_000, 600_000];

function alone<T>(id: string, work: () => Promise<T>): Promise<T> {
  return navigator.locks ? navigator.locks.request(`huipai-parcel-${id}`, work) : work();
}

/** Send one parcel; waits while another tab is sending it, and then knows what became of it. */
export function sendOne(id: string): Promise<Verdict> {
  return alone(id, async () => {
    const parcel = await get(id);
    if (!parcel) return { kind: (await wasSent(id)) ? "sent" : "stopped" };
    if (parcel.state !== "waiting" && parcel.state !== "held") return { kind: "stopped" };
    return note(parcel, await deliver(parcel));
  });
}

/** Send the photos of a draft while its form is being filled in. */
export function sendShotsOf(id: string): Promise<Verdict> {
  return alone(id, async () => {
    const parcel = await get(id);
    return parcel?.state === "draft" ? deliverShots(parcel) : { kind: "stopped" };
  });
}

async function note(parcel: Parcel, verdict: Verdict): Promise<Verdict> {
  if (verdict.kind === "sent") await remove(parcel.id, true);
  else if (verdict.kind !== "stopped") {
    const state = verdict.kind === "later" ? "waiting" : verdict.kind;
    const wait = WAITS[Math.min(parcel.tries, WAITS.length - 1)] ?? 600_000;
    await update(parcel.id, (now) =>
      now.state === "draft" ? undefined : { ...now, ...askedAt(now, verdict.why.code), state, why: verdict.why, tries: now.tries + 1, nextAt: Date.now() + wait },
    );
  }
  return verdict;
}

function askedAt({ alikeAt }: Parcel, code: string): { alikeAt?: number } {
  return code === ALIKE ? { alikeAt: alikeAt ?? Date.now() } : {};
}

/** Whether it waits for a word that nobody has said in time. */
function isUnanswered({ state, why, alikeAt = 0 }: Parcel): boolean {
  return state === "held" && why?.code === ALIKE && alikeAt + UNANSWERED <= Date.now();
}

/** Its person says whether it is one that neighbours have reported: then it goes. */
export async function settle(id: string, answer: { same: string } | { not_same: string }): Promise<Verdict> {
  await update(id, ({ why: _why, ...now }) => (now.state === "draft" ? undefined : { ...now, fields: { ...now.fields, ...answer }, state: "waiting", nextAt: 0 }));
  return sendOne(id);
}

/** The cases that something is about: one of a deed, several of what was ticked together. */
function casesOf({ kind, street, fields }: Parcel): string[] {
  const codes = kind === "deed" ? fields.code : kind === "bundle" ? fields.codes : "";
  return codes ? codes.split(" ").map((code) => `${street} ${code}`) : [];
}

/** Whatever can go without its person: each once, oldest first, and of one case no deed before an earlier one. */
export async function sendAll(force: boolean): Promise<void> {
  await giveBack();
  const behind = new Set<string>(); // the cases of which a deed still waits
  for (const parcel of await all()) {
    if (!parcel.owner || (parcel.state !== "waiting" && parcel.state !== "held")) continue;
    const cases = casesOf(parcel);
    const due = force || isUnanswered(parcel) || (parcel.state === "waiting" && parcel.nextAt <= Date.now());
    const became = due && !cases.some((one) => behind.has(one)) ? (await sendOne(parcel.id)).kind : "later";
    if (became === "later" || became === "held") cases.forEach((one) => behind.add(one));
  }
}

/** Take a parcel back to edit it; false when it was sent meanwhile. Whoever is sending it lets go first. */
export async function takeBack(id: string): Promise<boolean> {
  await holdOpen(id);
  await update(id, (parcel) => (parcel.state === "draft" ? undefined : { ...parcel, state: "draft", was: parcel.state }));
  return alone(id, async () => {
    const parcel = await get(id);
    if (parcel?.asked && (await isKnown(parcel))) {
      await remove(id, true);
      return false;
    }
    return parcel !== undefined;
  });
}

/** Throw a parcel away; false when it had been received already. */
export async function drop(id: string): Promise<boolean> {
  const still = await takeBack(id);
  if (still) await remove(id, false);
  return still;
}
