// What was edited after it had arrived: what arrived stands, and what is new in it is a parcel of its own, under another
// id and with photos of its own. It goes only when its person says so: they have not seen yet that the first came.
import { uuid7 } from "../uuid7";
import { addShot, all, get, pictureOf, put, remove, type Came, type Parcel } from "./store";

/** Why such a parcel waits for its person. */
export const CAME_BEFORE = "came_before";

/** Another parcel with everything that is in this one; this one has arrived. */
export async function renew(id: string, came: Came): Promise<void> {
  const parcel = await get(id);
  if (!parcel) return;
  const begun = await renewed(id); // by a browser that was killed
  if (begun?.state === "refused") await remove(begun.id);
  const { why: _why, was: _was, alikeAt: _alikeAt, ...kept } = parcel;
  const fresh: Parcel = {
    ...kept, id: uuid7(), after: id, shots: [], state: "refused", asked: false, tries: 0, nextAt: 0, why: { code: CAME_BEFORE, reason: "" },
  };
  await put(fresh); // before the first goes: a browser killed here says it twice, and loses nothing
  for (const shot of parcel.shots) {
    const picture = await pictureOf(shot.id);
    if (picture) await addShot(fresh.id, { ...shot, id: uuid7(), sent: 0 }, picture);
  }
  await remove(id, came);
}

/** The parcel that goes on with what was new in one that had arrived. */
export async function renewed(id: string): Promise<Parcel | undefined> {
  return (await all()).find((one) => one.after === id);
}
