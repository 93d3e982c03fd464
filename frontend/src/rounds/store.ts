// A worker's round as a phone keeps it: today's list with what is needed on the spot, for one person in one street. It is
// written whenever the list is opened, read where there is no network, and gone as soon as a page says that they left.
export interface Stop {
  code: string;
  title: string;
  place: string;
  word: string;
  due_at: string;
  lng: number;
  lat: number;
  src: string;
  standard: string;
  needs_photo: boolean;
  text: string;
  mine: boolean;
  round?: number; // lists kept before rounds were told of have none
}

export interface Round {
  keptAt: number;
  stops: Stop[];
  pictures: Record<string, { bytes: ArrayBuffer; type: string }>;
}

const NAME = "huipai-rounds";
const MARK = "huipai:round";

function open(): Promise<IDBDatabase> {
  return new Promise((done, fail) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => void asked.result.createObjectStore("rounds");
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

/** Keep the round of this person in this street; of anybody else nothing stays. */
export async function keepRound(street: string, person: string, round: Round): Promise<void> {
  const mark = `${street} ${person}`;
  localStorage.setItem(MARK, mark); // first: what is marked is wiped
  const db = await open();
  const work = db.transaction("rounds", "readwrite");
  work.objectStore("rounds").clear();
  work.objectStore("rounds").put(round, mark);
  await finished(work);
  db.close();
}

export async function roundOf(street: string, person: string): Promise<Round | undefined> {
  if (localStorage.getItem(MARK) !== `${street} ${person}`) return undefined;
  const db = await open();
  const asked = db.transaction("rounds").objectStore("rounds").get(`${street} ${person}`);
  const found = await new Promise<Round | undefined>((done, fail) => {
    asked.onsuccess = () => done(asked.result as Round | undefined);
    asked.onerror = () => fail(asked.error ?? new Error("indexedDB"));
  });
  db.close();
  return found;
}

export function wipe(): void {
  if (localStorage.getItem(MARK) === null) return;
  localStorage.removeItem(MARK);
  indexedDB.deleteDatabase(NAME);
}

/** On every page that knows who is there: what was kept of somebody who left, or of another, goes. */
export function wipeOthers(street: string, person: string | undefined): void {
  const [ofStreet, ofPerson] = (localStorage.getItem(MARK) ?? "").split(" ");
  if (person === undefined || !ofStreet) return; // a page for everybody, or nothing here
  if (person === "" || (ofStreet === street && ofPerson !== person)) wipe();
}
