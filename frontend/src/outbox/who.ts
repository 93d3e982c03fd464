// Who this page was made for: the street and, if somebody is signed in, who they are in it. A page out of the worker's
// store names nobody; then it is whoever was last here. A browser that dies may lose its notes (localStorage) of a minute,
// and never what it has put in the store of the parcels: that store has the word, the notes are what is read of it.
import type { Visitor } from "./base";

export interface Who {
  street: string;
  streetId: string;
  person: string;
}

export function streetOf(path: string): string {
  return /^\/s\/([^/]+)\//.exec(path)?.[1] ?? "";
}

export function note({ street, streetId, person, at }: Visitor): void {
  localStorage.setItem(`huipai:who:${street}`, `${streetId} ${person} ${at}`);
}

export function noted(street: string): string[] {
  return (localStorage.getItem(`huipai:who:${street}`) ?? "").split(" ");
}

/** What this page says itself; undefined where it names nobody. */
export function said(): Visitor | undefined {
  const { streetId, person } = document.documentElement.dataset;
  const street = streetOf(location.pathname);
  return street && streetId && person !== undefined ? { street, streetId, person, at: Date.now() } : undefined;
}

/** Undefined where the page belongs to no street that this phone knows. */
export function who(street = streetOf(location.pathname)): Who | undefined {
  const here = street === streetOf(location.pathname) ? said() : undefined;
  const streetId = street === streetOf(location.pathname) ? document.documentElement.dataset.streetId : undefined;
  try {
    if (here) note(here);
    const [id = "", person = ""] = noted(street);
    if (street && id) return { street, streetId: id, person };
  } catch {
    // nothing can be noted here
  }
  return street && streetId ? { street, streetId, person: here?.person ?? "" } : undefined;
}
