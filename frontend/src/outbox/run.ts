// A parcel is sent by one tab or worker at a time; where there are no locks, the server still keeps one.
import { ALIKE, arrivedAs, deliver, deliverShots, type Verdict } from "./deliver";
import { holdOpen } from "./editing";
import { renew, renewed } from "./renewing";
import { get, remove, update, wasSent, type Parcel } from "./store";

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
  if (verdict.kind === "sent") await remove(parcel.id, verdict.came ?? {});
  else if (verdict.kind === "edited") await renew(parcel.id, verdict.came);
  else if (verdict.kind !== "stopped") {
    const state = verdict.kind === "later" ? "waiting" : verdict.kind;
    const wait = WAITS[Math.min(parcel.tries, WAITS.length - 1)] ?? 600_000;
    await update(parcel.id, (now) =>
      now.state === "draft" ? undefined : { ...now, ...(verdict.why.code === ALIKE && !now.alikeAt && { alikeAt: Date.now() }), state, why: verdict.why, tries: now.tries + 1, nextAt: Date.now() + wait },
    );
  }
  return verdict;
}

/** Take a parcel back to edit it; false when it was sent meanwhile. Whoever is sending it lets go first.
 *  What was edited after it had arrived is another parcel then (`renewed`). */
export async function takeBack(id: string): Promise<boolean> {
  await holdOpen(id);
  await update(id, (parcel) => (parcel.state === "draft" ? undefined : { ...parcel, state: "draft", was: parcel.state }));
  return alone(id, async () => {
    const parcel = await get(id);
    const came = parcel?.asked ? await arrivedAs(parcel) : undefined;
    if (came?.kind === "same") await remove(id, came.came);
    else if (came?.kind === "edited") await renew(id, came.came);
    else return parcel !== undefined;
    return false;
  });
}

/** Throw a parcel away; false when it had been received already, as it was sent first. */
export async function drop(id: string): Promise<boolean> {
  const still = await takeBack(id);
  const left = still ? id : (await renewed(id))?.id;
  if (left) await remove(left);
  return still;
}
