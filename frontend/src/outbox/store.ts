// What a phone keeps until it is sent: what was typed, with its photos, so that killing the browser loses nothing.
import { answer, finished, lying, open, putWithItsOwner, say, STRICT, type Parcel, type Picture, type Shot } from "./base";
import type { KindName } from "./kinds";

export { listen, say } from "./base";
export type { Near, Parcel, Shot, State, Why } from "./base";

const A_WEEK = 7 * 86_400_000;

// What the phone has no room for lies here, as long as this page is open: with a network it is sent all the same.
const loose = new Map<string, Parcel>();
const loosePictures = new Map<string, Picture>();
const looseGone = new Map<string, Sent>();

/** What came of a parcel, as the server says it: the case, and the elder for whom it was reported. */
export interface Came {
  code?: string | undefined;
  elder?: string | undefined;
}

/** What is remembered of a parcel that was sent: what came of it, and what went with it. */
export interface Sent extends Came {
  kind?: KindName | undefined;
  shots?: string[];
  /** What was to be done, and with which cases. */
  did?: string;
}

/** Whether a parcel would be lost with this page. */
export function isLoose(id: string): boolean {
  return loose.has(id);
}

export async function all(): Promise<Parcel[]> {
  const asked = open().then((base) => answer(base.transaction("parcels").objectStore("parcels").getAll() as IDBRequest<Parcel[]>));
  const found = await asked.catch((problem: unknown) => {
    if (loose.size === 0) throw problem;
    return [];
  });
  return [...found.filter((one) => !loose.has(one.id)), ...loose.values()].sort((one, other) => one.madeAt - other.madeAt);
}

export async function get(id: string): Promise<Parcel | undefined> {
  return loose.get(id) ?? lying<Parcel>("parcels", id);
}

/** Put a new parcel away. */
export async function put(parcel: Parcel): Promise<void> {
  try {
    const work = (await open()).transaction(["parcels", "visitors"], "readwrite", STRICT);
    putWithItsOwner(work, parcel);
    await finished(work);
  } catch {
    loose.set(parcel.id, parcel);
  }
  say();
}

/** Change one parcel as it is now, or leave it when `change` answers nothing; what it is afterwards, if it is still there. */
export async function update(id: string, change: (parcel: Parcel) => Parcel | undefined): Promise<Parcel | undefined> {
  const here = loose.get(id);
  if (here) {
    const changed = change(here);
    if (changed) loose.set(id, changed);
    if (changed) say();
    return changed ?? here;
  }
  const work = (await open()).transaction("parcels", "readwrite", STRICT);
  const store = work.objectStore("parcels");
  const found = (await answer(store.get(id))) as Parcel | undefined;
  const changed = found && change(found);
  if (changed) store.put(changed);
  await finished(work).catch((problem: unknown) => {
    if (!changed) throw problem;
    loose.set(id, changed);
  });
  if (changed) say();
  return changed ?? found;
}

/** Change what is being edited; false where another page has sent it on its way, or thrown it away. */
export async function edit(id: string, change: (parcel: Parcel) => Parcel): Promise<boolean> {
  let isDone = false;
  await update(id, (now) => {
    isDone = now.state === "draft";
    return isDone ? change(now) : undefined;
  });
  return isDone;
}

/** Add a photo to a parcel, bytes and all, in one transaction; nothing if the parcel is gone. */
export async function addShot(id: string, shot: Shot, picture: Blob): Promise<void> {
  const bytes = await picture.arrayBuffer(); // bytes, not a file: a camera's file may vanish under a reference
  const kept: Picture = { bytes, type: picture.type };
  if (!loose.has(id) && (await addToStore(id, shot, kept))) return say();
  loosePictures.set(shot.id, kept);
  await update(id, (parcel) => ({ ...parcel, shots: [...parcel.shots, shot] }));
}

/** False where there is no room for it; then the parcel lies in this page only. */
async function addToStore(id: string, shot: Shot, picture: Picture): Promise<boolean> {
  const work = (await open()).transaction(["parcels", "pictures"], "readwrite", STRICT);
  const store = work.objectStore("parcels");
  const found = (await answer(store.get(id))) as Parcel | undefined;
  if (found) {
    store.put({ ...found, shots: [...found.shots, shot] });
    work.objectStore("pictures").put(picture, shot.id);
  }
  return finished(work).then(
    () => true,
    () => {
      if (found) loose.set(id, found);
      return false;
    },
  );
}

export async function pictureOf(shot: string): Promise<Blob | undefined> {
  const found = loosePictures.get(shot) ?? (await lying<Picture>("pictures", shot));
  return found && new Blob([found.bytes], { type: found.type });
}

export async function dropShot(id: string, shot: string): Promise<void> {
  await update(id, (parcel) => ({ ...parcel, shots: parcel.shots.filter((one) => one.id !== shot) }));
  if (loosePictures.delete(shot)) return;
  const work = (await open()).transaction("pictures", "readwrite", STRICT);
  work.objectStore("pictures").delete(shot);
  await finished(work);
}

export function didOf({ fields }: Parcel): string {
  return `${fields.deed ?? ""} ${fields.codes ?? ""}`;
}

function sentOf(parcel: Parcel, sent: Sent): Sent {
  return { ...sent, kind: parcel.kind, shots: parcel.shots.map((one) => one.id), did: didOf(parcel) };
}

/** Let go of a parcel with its photos; one that was `sent` is remembered for a week, so that another tab knows what became of it. */
export async function remove(id: string, sent?: Sent): Promise<void> {
  const here = loose.get(id);
  if (here) {
    for (const shot of here.shots) loosePictures.delete(shot.id);
    loose.delete(id);
    if (sent) looseGone.set(id, sentOf(here, sent));
    await takeOut(id).catch(() => undefined); // what of it was there before the phone was full
    say();
    return;
  }
  await takeOut(id, sent);
  say();
}

async function takeOut(id: string, sent?: Sent): Promise<void> {
  const work = (await open()).transaction(["parcels", "pictures", "gone"], "readwrite", STRICT);
  const store = work.objectStore("parcels");
  const found = (await answer(store.get(id))) as Parcel | undefined;
  for (const shot of found?.shots ?? []) work.objectStore("pictures").delete(shot.id);
  store.delete(id);
  const gone = work.objectStore("gone");
  if (sent) gone.put({ at: Date.now(), ...(found ? sentOf(found, sent) : sent) }, id);
  const sweep = gone.openCursor();
  sweep.onsuccess = () => {
    const row = sweep.result;
    if (!row) return;
    const { at = row.value as number } = row.value as { at?: number }; // before, there was nothing but the moment
    if (at < Date.now() - A_WEEK) row.delete();
    row.continue();
  };
  await finished(work);
}

/** What became of a parcel that was sent; undefined of one that was thrown away. */
export async function sentAs(id: string): Promise<Sent | undefined> {
  return looseGone.get(id) ?? lying<Sent>("gone", id);
}

export async function wasSent(id: string): Promise<boolean> {
  return (await sentAs(id)) !== undefined;
}
