// What a phone keeps until it is sent: what was typed, with its photos, in IndexedDB, so that killing the browser loses
// nothing. Pages and the service worker open the same database; every change is one transaction.
import type { Claims } from "../claims";
import type { KindName } from "./kinds";

export interface Shot {
  id: string;
  claims: Claims;
  size: number;
  /** Bytes that the server has acknowledged; all of them when the photo is sealed there. */
  sent: number;
  /** The part of the form that it stands in, where there is more than one. */
  part?: string;
  /** As the camera gave it: the report page reads and shrinks it first. */
  raw?: true;
}

/** draft: being written; waiting: to be sent by itself; held: needs its person (signing in); refused: needs an edit. */
export type State = "draft" | "waiting" | "held" | "refused";

export interface Why {
  code: string;
  reason: string;
  /** Where to go to settle it, or the part of the form that is wrong. */
  url?: string;
  at?: string;
  shot?: string;
  /** What somebody else has reported nearby. */
  near?: Near[];
}

export interface Near {
  words: string;
  when: string;
  url: string;
}

export interface Parcel {
  id: string;
  /** Missing in what was kept before there was more than one. */
  kind?: KindName;
  street: string;
  streetId: string;
  /** Who took it, as this street knows them; empty while nobody was signed in. */
  owner: string;
  state: State;
  /** What it was before it was taken back to be edited: that it is again when its form is left unsent. */
  was?: State;
  fields: Record<string, string>;
  title: string;
  shots: Shot[];
  madeAt: number;
  tries: number;
  nextAt: number;
  /** Whether it was posted without an answer: then the server may have it. */
  asked: boolean;
  why?: Why;
}

const NAME = "huipai-outbox";
const STRICT: IDBTransactionOptions = { durability: "strict" };
const A_WEEK = 7 * 86_400_000;
let opened: Promise<IDBDatabase> | undefined;

interface Picture {
  bytes: ArrayBuffer;
  type: string;
}

// What the phone has no room for lies here, as long as this page is open: with a network it is sent all the same.
const loose = new Map<string, Parcel>();
const loosePictures = new Map<string, Picture>();
const looseGone = new Set<string>();

/** Whether a parcel would be lost with this page. */
export function isLoose(id: string): boolean {
  return loose.has(id);
}

function open(): Promise<IDBDatabase> {
  opened ??= new Promise((done, fail) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("parcels", { keyPath: "id" });
      asked.result.createObjectStore("pictures");
      asked.result.createObjectStore("gone");
    };
    asked.onsuccess = () => {
      asked.result.onversionchange = () => asked.result.close();
      asked.result.onclose = () => (opened = undefined);
      done(asked.result);
    };
    asked.onerror = () => {
      opened = undefined;
      fail(asked.error ?? new Error("indexedDB"));
    };
  });
  return opened;
}

function answer<T>(asked: IDBRequest<T>): Promise<T> {
  return new Promise((done, fail) => {
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error ?? new Error("indexedDB"));
  });
}

function finished(work: IDBTransaction): Promise<void> {
  return new Promise((done, fail) => {
    work.oncomplete = () => done();
    work.onabort = work.onerror = () => fail(work.error ?? new Error("indexedDB"));
  });
}

/** Tell every page of this browser that something changed here. */
export function say(): void {
  if (!("BroadcastChannel" in self)) return;
  const channel = new BroadcastChannel(NAME);
  channel.postMessage("changed");
  channel.close();
}

export function listen(changed: () => void): void {
  if ("BroadcastChannel" in self) new BroadcastChannel(NAME).onmessage = changed;
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
  return loose.get(id) ?? ((await answer((await open()).transaction("parcels").objectStore("parcels").get(id))) as Parcel | undefined);
}

/** Put a new parcel away. */
export async function put(parcel: Parcel): Promise<void> {
  try {
    const work = (await open()).transaction("parcels", "readwrite", STRICT);
    work.objectStore("parcels").put(parcel);
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
  const found = loosePictures.get(shot) ?? ((await answer((await open()).transaction("pictures").objectStore("pictures").get(shot))) as Picture | undefined);
  return found && new Blob([found.bytes], { type: found.type });
}

export async function dropShot(id: string, shot: string): Promise<void> {
  await update(id, (parcel) => ({ ...parcel, shots: parcel.shots.filter((one) => one.id !== shot) }));
  if (loosePictures.delete(shot)) return;
  const work = (await open()).transaction("pictures", "readwrite", STRICT);
  work.objectStore("pictures").delete(shot);
  await finished(work);
}

/** Let go of a parcel with its photos; `sent` is remembered for a week, so that another tab knows what became of it. */
export async function remove(id: string, sent: boolean): Promise<void> {
  const here = loose.get(id);
  if (here) {
    for (const shot of here.shots) loosePictures.delete(shot.id);
    loose.delete(id);
    if (sent) looseGone.add(id);
    await takeOut(id, false).catch(() => undefined); // what of it was there before the phone was full
    say();
    return;
  }
  await takeOut(id, sent);
  say();
}

async function takeOut(id: string, sent: boolean): Promise<void> {
  const work = (await open()).transaction(["parcels", "pictures", "gone"], "readwrite", STRICT);
  const store = work.objectStore("parcels");
  const found = (await answer(store.get(id))) as Parcel | undefined;
  for (const shot of found?.shots ?? []) work.objectStore("pictures").delete(shot.id);
  store.delete(id);
  const gone = work.objectStore("gone");
  if (sent) gone.put(Date.now(), id);
  const sweep = gone.openCursor();
  sweep.onsuccess = () => {
    const row = sweep.result;
    if (!row) return;
    if ((row.value as number) < Date.now() - A_WEEK) row.delete();
    row.continue();
  };
  await finished(work);
}

export async function wasSent(id: string): Promise<boolean> {
  return looseGone.has(id) || (await answer((await open()).transaction("gone").objectStore("gone").get(id))) !== undefined;
}
