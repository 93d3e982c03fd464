// Photos taken on the home page wait here for the report page, for ten minutes; nothing else is kept.
const TEN_MINUTES = 600_000;

interface Waiting {
  files: File[];
  at: number;
}

function open(): Promise<IDBDatabase> {
  return new Promise((done, fail) => {
    const asked = indexedDB.open("huipai-shots", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("shots");
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error ?? new Error("indexedDB"));
  });
}

function settle<T>(asked: IDBRequest<T>): Promise<T> {
  return new Promise((done, fail) => {
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error ?? new Error("indexedDB"));
  });
}

/** Keyed by the street, so that a photo never lands in another one. */
export async function keep(street: string, files: File[]): Promise<void> {
  const store = (await open()).transaction("shots", "readwrite").objectStore("shots");
  await settle(store.put({ files, at: Date.now() } satisfies Waiting, street));
}

export async function take(street: string): Promise<File[]> {
  try {
    const store = (await open()).transaction("shots", "readwrite").objectStore("shots");
    const waiting = (await settle(store.get(street))) as Waiting | undefined;
    await settle(store.delete(street));
    return waiting && Date.now() - waiting.at < TEN_MINUTES ? waiting.files : [];
  } catch {
    return [];
  }
}

export function streetOf(path: string): string {
  return /^\/s\/([^/]+)\//.exec(path)?.[1] ?? "";
}
