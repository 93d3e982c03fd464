// Who was last here, from the store of the parcels: apart from `who`, because a page that keeps nothing need not carry it.
import { answer, finished, open, STRICT, type Visitor } from "./base";
import { note, noted, said } from "./who";

let recalled: Promise<void> | undefined;

/** Bring the store and the notes to say the same: once a page, before it asks `who` for the first time. */
export function recall(): Promise<void> {
  recalled ??= compare().catch(() => undefined); // no store, or no notes: `who` goes by what there is
  return recalled;
}

async function compare(): Promise<void> {
  const here = said();
  const base = await open();
  const visitors = await answer(base.transaction("visitors").objectStore("visitors").getAll() as IDBRequest<Visitor[]>);
  for (const one of visitors) {
    if (one.street !== here?.street && one.at > Number(noted(one.street)[2] ?? 0)) note(one);
  }
  const before = visitors.find((one) => one.street === here?.street);
  if (!here || (before?.person === here.person && before.streetId === here.streetId)) return;
  const work = base.transaction("visitors", "readwrite", STRICT);
  work.objectStore("visitors").put(here);
  await finished(work);
}
