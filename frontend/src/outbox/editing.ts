// What was taken back to be edited: held by the page that edits it, and given back when no page does any more.
import { all, update } from "./store";

const editing = (id: string): string => `huipai-editing-${id}`;

/** Say that this page edits a parcel, until it is left or killed. */
export function holdOpen(id: string): Promise<void> {
  if (!navigator.locks) return Promise.resolve();
  return new Promise((held) => {
    void navigator.locks.request(editing(id), { mode: "shared" }, () => {
      held();
      return new Promise<never>(() => undefined);
    });
  });
}

/** What was taken back to be edited and is in no form any more waits again, as it did before. A worker's deeds have
 *  pages of their own that find what was left there. */
export async function giveBack(): Promise<void> {
  if (!navigator.locks) return;
  const left = (await all()).filter((parcel) => parcel.was && parcel.state === "draft" && parcel.kind !== "deed" && parcel.kind !== "bundle");
  if (left.length === 0) return;
  const held = new Set((await navigator.locks.query()).held?.map((lock) => lock.name));
  for (const { id } of left.filter((parcel) => !held.has(editing(parcel.id)))) {
    await update(id, ({ was, ...now }) => (now.state === "draft" && was ? { ...now, state: was, nextAt: 0 } : undefined));
  }
}
