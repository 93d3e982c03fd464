// What was taken back to be edited: held by the page that edits it, and given back when no page does any more.
import { all, update, type Parcel } from "./store";

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

/** Whether it waits again as soon as no form has it any more: sent already by its person, and no draft. A worker's question
 *  and what was ticked have pages of their own that find what was left there; where there are no locks, nobody knows who has it. */
export function isGivenBack({ was, state, kind, fields }: Parcel): boolean {
  return !!navigator.locks && !!was && state === "draft" && kind !== "bundle" && fields.deed !== "ask";
}

/** Which parcels a page has open in its form; none where there are no locks. */
export async function heldOpen(): Promise<(id: string) => boolean> {
  const held = new Set((await navigator.locks?.query())?.held?.map((lock) => lock.name));
  return (id) => held.has(editing(id));
}

/** What was taken back to be edited and is in no form any more waits again, as it did before. */
export async function giveBack(): Promise<void> {
  const left = (await all()).filter(isGivenBack);
  if (left.length === 0) return;
  const isHeld = await heldOpen();
  for (const { id } of left.filter((parcel) => !isHeld(parcel.id))) {
    await update(id, ({ was, ...now }) => (now.state === "draft" && was ? { ...now, state: was, nextAt: 0 } : undefined));
  }
}
