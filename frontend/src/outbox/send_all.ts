// When to send: at the next opening of a page, when the network is back, by a timer, or by the browser itself. A page
// fetches this only when there is something to send.
import { isAsked, isUnanswered } from "./alike";
import { giveBack } from "./editing";
import { sendOne } from "./run";
import { all, type Parcel } from "./store";

/** The cases that something is about: one of a deed, several of what was ticked together. */
function casesOf({ kind, street, fields }: Parcel): string[] {
  const codes = kind === "deed" ? fields.code : kind === "bundle" ? fields.codes : "";
  return codes ? codes.split(" ").map((code) => `${street} ${code}`) : [];
}

/** Whatever can go without its person: each once, oldest first, and of one case no deed before an earlier one. */
export async function sendAll(force: boolean): Promise<void> {
  await giveBack();
  const behind = new Set<string>(); // the cases of which a deed still waits
  for (const parcel of await all()) {
    if (!parcel.owner || (parcel.state !== "waiting" && parcel.state !== "held")) continue;
    const cases = casesOf(parcel);
    const due = (force && !isAsked(parcel)) || isUnanswered(parcel) || (parcel.state === "waiting" && parcel.nextAt <= Date.now());
    const became = due && !cases.some((one) => behind.has(one)) ? (await sendOne(parcel.id)).kind : "later";
    if (became === "later" || became === "held") cases.forEach((one) => behind.add(one));
  }
}
