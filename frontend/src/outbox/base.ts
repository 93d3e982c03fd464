// The phone's own store, IndexedDB: what lies in it, and how it is opened and written. Pages and the service worker open
// the same database; every change is one transaction.
import type { Claims } from "../claims";
import type { KindName } from "./kinds";

export interface Shot {
  id: string;
  claims: Claims;
  size: number;
  /** Bytes that the server has acknowledged; all of them when the photo is sealed there. */
  sent: number;
  /** The photo of which this is a copy, where it stands in a parcel that was parted from another. */
  like?: string;
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
  /** By which somebody says that it is the same. */
  code?: string;
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
  /** The one that had arrived before this was written into it. */
  after?: string;
  /** The one from which this was parted, because another page sent it on its way or had sent it (`apart.ts`). */
  beside?: string;
  /** What stood in its form when that was opened, before this was parted from it. */
  began?: Record<string, string>;
  /** Photos of that other one that were taken off here: off it when this is sent. */
  off?: string[];
  fields: Record<string, string>;
  title: string;
  shots: Shot[];
  madeAt: number;
  tries: number;
  nextAt: number;
  /** Whether it was posted without an answer: then the server may have it. */
  asked: boolean;
  /** When the server first asked whether it is what neighbours have reported already. */
  alikeAt?: number;
  why?: Why;
}

export interface Picture {
  bytes: ArrayBuffer;
  type: string;
}

/** Who was last here, as a page that knew said it: kept with what they keep, so that neither is there without the other. */
export interface Visitor {
  street: string;
  streetId: string;
  person: string;
  at: number;
}

const NAME = "huipai-outbox";
export const STRICT: IDBTransactionOptions = { durability: "strict" };
let opened: Promise<IDBDatabase> | undefined;

export function open(): Promise<IDBDatabase> {
  opened ??= new Promise((done, fail) => {
    const asked = indexedDB.open(NAME, 2);
    asked.onupgradeneeded = ({ oldVersion }) => {
      if (oldVersion < 1) {
        asked.result.createObjectStore("parcels", { keyPath: "id" });
        asked.result.createObjectStore("pictures");
        asked.result.createObjectStore("gone");
      }
      asked.result.createObjectStore("visitors", { keyPath: "street" });
    };
    asked.onsuccess = () => {
      asked.result.onversionchange = () => {
        asked.result.close();
        opened = undefined;
      };
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

export function answer<T>(asked: IDBRequest<T>): Promise<T> {
  return new Promise((done, fail) => {
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error ?? new Error("indexedDB"));
  });
}

export function finished(work: IDBTransaction): Promise<void> {
  return new Promise((done, fail) => {
    work.oncomplete = () => done();
    work.onabort = work.onerror = () => fail(work.error ?? new Error("indexedDB"));
  });
}

/** Put a parcel away, and with it who it is from. */
export function putWithItsOwner(work: IDBTransaction, parcel: Parcel): void {
  const { street, streetId, owner } = parcel;
  work.objectStore("parcels").put(parcel);
  work.objectStore("visitors").put({ street, streetId, person: owner, at: Date.now() } satisfies Visitor);
}

/** What lies in a store under a key. */
export async function lying<T>(store: "parcels" | "pictures" | "gone", key: string): Promise<T | undefined> {
  return answer((await open()).transaction(store).objectStore(store).get(key) as IDBRequest<T | undefined>);
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
