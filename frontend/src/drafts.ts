// Something begun within a week and never sent: offered, not pressed on anybody.
import { heldOpen, isGivenBack } from "./outbox/editing";
import { editAt, nameOf } from "./outbox/kinds";
import { drop } from "./outbox/run";
import { all, get, type Parcel } from "./outbox/store";
import type { Who } from "./outbox/who";

const A_WEEK = 7 * 86_400_000;

/** `isBegun` says of what was typed, without any photo, whether anybody would want it back. */
export async function offerDraft(parcel: Parcel, here: Who, isBegun: (fields: Parcel["fields"]) => boolean): Promise<void> {
  const isHeld = await heldOpen();
  const mine = (await all()).filter(
    (one) =>
      one.state === "draft" && !isGivenBack(one) && !isHeld(one.id) && nameOf(one) === nameOf(parcel) && one.street === here.street &&
      one.owner === here.person && (one.shots.length > 0 || isBegun(one.fields)),
  );
  const last = mine.filter((one) => one.madeAt > Date.now() - A_WEEK).at(-1);
  for (const old of mine.filter((one) => one.madeAt <= Date.now() - A_WEEK)) void drop(old.id);
  const offer = document.querySelector<HTMLElement>("[data-draft]");
  if (!last || !offer) return;
  offer.hidden = false;
  const link = offer.querySelector<HTMLAnchorElement>("[data-draft-open]");
  if (link) link.href = editAt(last);
  offer.querySelector("[data-draft-drop]")?.addEventListener("click", () => {
    offer.hidden = true;
    void dropDraft(last.id);
  });
}

/** What another page has sent or goes on with meanwhile is no forgotten draft: one press does not take it away. */
async function dropDraft(id: string): Promise<void> {
  const isHeld = await heldOpen();
  if (!isHeld(id) && (await get(id))?.state === "draft") await drop(id);
}
