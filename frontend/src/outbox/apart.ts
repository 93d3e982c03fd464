// Two pages of one phone had the same in their forms, and one of them has sent it on its way: what stands in the other goes
// on under another id, so that neither writes over the other and nothing typed is lost.
import type { Print } from "../tray";
import { uuid7 } from "../uuid7";
import { holdOpen } from "./editing";
import { nameOf } from "./kinds";
import { CAME_BEFORE } from "./renewing";
import { takeBack } from "./run";
import { addShot, dropShot, edit, get, pictureOf, put, remove, sentAs, update, type Parcel, type Sent, type Shot } from "./store";

/** Why such a parcel waits: nobody has looked yet what became of the other. */
export const APART = "apart";
/** A report has arrived, and this was written besides: it may be added to that one. */
export const ADD_TO = "add_to";

type Fields = Parcel["fields"];
type Change = (now: Parcel) => Parcel;

async function putShots(id: string, prints: readonly Print[], isCopy: boolean): Promise<void> {
  for (const print of prints) {
    const like = print.id;
    if (isCopy) print.id = uuid7();
    const shot = { id: print.id, claims: print.claims, size: print.blob.size, sent: 0, part: print.tray.name };
    await addShot(id, isCopy ? { ...shot, like } : shot, print.blob);
  }
}

/** The photos of what another page has sent or sends; undefined where it was thrown away. */
export async function wentWith(id: string): Promise<string[] | undefined> {
  const found = await get(id);
  if (found) return found.shots.map((shot) => shot.id);
  const sent = await sentAs(id);
  return sent && (sent.shots ?? []);
}

/** Thrown away in another page, while somebody goes on with it in this one: it is there again. */
export async function putAgain({ was: _was, why: _why, ...parcel }: Parcel, prints: readonly Print[], change: Change): Promise<void> {
  await put({ ...parcel, shots: [], state: "draft" });
  await putShots(parcel.id, prints, false);
  await update(parcel.id, change);
}

/** A parcel of its own with everything that stands in this page; when no form has it any more, it is found in the list. */
export async function partFrom(parcel: Parcel, began: Fields, prints: readonly Print[], off: readonly string[]): Promise<Parcel> {
  const id = uuid7();
  await holdOpen(id);
  const { alikeAt: _alikeAt, after: _after, ...kept } = parcel;
  const fresh: Parcel = {
    ...kept, id, beside: parcel.id, began, off: [...off], shots: [], state: "draft", was: "refused", asked: false, tries: 0, nextAt: 0,
    why: { code: APART, reason: "" },
  };
  await put(fresh);
  await putShots(id, prints, true);
  return fresh;
}

/** What stands between the words of two pages in a field; nothing where it does not hold words. */
export type Between = (name: string) => string | undefined;

/** The other still waits on this phone: as one parcel with everything of both, taken back to be sent; undefined where it
 *  does not wait any more. */
export async function rejoined(parcel: Parcel, prints: readonly Print[], between: Between): Promise<Parcel | undefined> {
  const other = parcel.beside ? await get(parcel.beside) : undefined;
  const mine = await get(parcel.id);
  if (!other || !mine || !(await takeBack(other.id))) return undefined;
  for (const shot of mine.off ?? []) await dropShot(other.id, shot);
  for (const { like, ...shot } of mine.shots) {
    const print = prints.find((one) => one.id === shot.id);
    const known = other.shots.find((one) => one.id === like)?.id;
    const picture = known ? undefined : await pictureOf(shot.id);
    const id = known ?? uuid7();
    if (picture) await addShot(other.id, { ...shot, id, sent: 0 }, picture);
    if (print) print.id = id;
  }
  const whole = await update(other.id, (now) => ({
    ...now, kind: nameOf(mine), title: mine.title, fields: joined(parcel.began ?? {}, now.fields, mine.fields, between),
    shots: nameOf(now) === nameOf(mine) ? now.shots : unsorted(now.shots),
  }));
  await remove(parcel.id);
  return whole;
}

/** Take a photo off what is being edited; false where another page has sent it on its way, or thrown it away. */
export async function takeOff(id: string, shot: string): Promise<boolean> {
  const isDone = await edit(id, (now) => ({ ...now, shots: now.shots.filter((one) => one.id !== shot) }));
  if (isDone) await dropShot(id, shot);
  return isDone;
}

/** Photos as a form with one part for them has them. */
export function unsorted(shots: readonly Shot[]): Shot[] {
  return shots.map(({ part: _part, ...shot }) => shot);
}

/** Of each field what was changed; words that both pages wrote stand one after the other, anything else as it is here. */
function joined(began: Fields, theirs: Fields, mine: Fields, between: Between): Fields {
  const whole: Fields = {};
  for (const name of new Set([...Object.keys(theirs), ...Object.keys(mine)])) {
    const value = joinedValue(began[name], theirs[name], mine[name], between(name));
    if (value !== undefined) whole[name] = value;
  }
  return whole;
}

function joinedValue(began: string | undefined, theirs: string | undefined, mine: string | undefined, between: string | undefined): string | undefined {
  if (mine === began || mine === theirs) return theirs;
  if (!between || !theirs || !mine || theirs === began || mine.includes(theirs)) return mine;
  return theirs.includes(mine) ? theirs : `${theirs}${between}${mine}`;
}

/** What it is now that the other has arrived: of a report something to be added to it, of anything else one more; the same
 *  as before where the other did not arrive. */
export async function settled(parcel: Parcel): Promise<Parcel> {
  const sent = parcel.beside ? await sentAs(parcel.beside) : undefined;
  const mine = await get(parcel.id);
  if (!sent || !mine) return parcel;
  if (nameOf(parcel) !== "report" || !sent.code) {
    return (await update(parcel.id, (now) => ({ ...now, why: { code: CAME_BEFORE, reason: "" } }))) ?? parcel;
  }
  for (const shot of mine.shots) if (sent.shots?.includes(shot.like ?? "")) await dropShot(parcel.id, shot.id);
  return (await update(parcel.id, (now) => addition(now, sent))) ?? parcel;
}

/** It goes to whom the first was for, whomever this page has chosen since. */
function addition(parcel: Parcel, { code = "", elder = "" }: Sent): Parcel {
  const { text = "", for_elder: chosen = "" } = parcel.fields;
  const title = elder === chosen ? parcel.title : ""; // names whom this page has chosen
  const fields = { code, beside: "yes", text: text === parcel.began?.text ? "" : text, ...(elder ? { for: elder } : {}) };
  const shots = unsorted(parcel.shots).map(({ like: _like, ...shot }) => shot);
  return { ...parcel, kind: "addition", title: [title, code].filter(Boolean).join(" · "), fields, shots, why: { code: ADD_TO, reason: "" } };
}
