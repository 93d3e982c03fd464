// For whom somebody may report, as the report page said it while there was a network: the form without one offers them
// too. The server looks again when the report is sent.
import type { Who } from "./who";

const KEY = "huipai:elders";

export interface Elder {
  id: string;
  name: string;
}

interface Kept {
  street: string;
  person: string;
  elders: Elder[];
}

function kept(): Kept | undefined {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "null") ?? undefined;
  } catch {
    return undefined;
  }
}

export function forget(): void {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // nothing can be kept here
  }
}

export function keepElders({ street, person }: Who, elders: Elder[]): void {
  if (elders.length === 0) return forget();
  try {
    localStorage.setItem(KEY, JSON.stringify({ street, person, elders } satisfies Kept));
  } catch {
    // the form without a network asks for nobody, then
  }
}

export function eldersOf({ street, person }: Who): Elder[] {
  const found = kept();
  return person && found?.street === street && found.person === person ? found.elders : [];
}

/** On every page that knows who is there: what was kept for one who left, or for another, goes. */
export function forgetOthers(street: string, person: string | undefined): void {
  const found = kept();
  if (person === undefined || !found) return;
  if (person === "" || (found.street === street && found.person !== person)) forget();
}
