// The parcel that a form writes: the one that is named in the address, or a new one under the id of the page.
import { editAt, nameOf, receivedAt, receivedPage, type KindName } from "./outbox/kinds";
import { renewed } from "./outbox/renewing";
import { takeBack } from "./outbox/run";
import { get, sentAs, type Parcel } from "./outbox/store";
import { recall } from "./outbox/recall";
import { who, type Who } from "./outbox/who";
import { uuid7 } from "./uuid7";

export async function parcelOf(kind: KindName, pageId: string | undefined): Promise<{ here: Who; parcel: Parcel; isNew: boolean }> {
  await recall();
  const here = who();
  if (!here) throw new Error("no street");
  const wanted = new URLSearchParams(location.search).get("parcel");
  const found = wanted ? await get(wanted) : undefined;
  const sent = wanted && !found ? await sentAs(wanted) : undefined;
  if (wanted && sent) location.replace((await goesOn(wanted)) ?? receivedPage(here.street, sent.kind ?? kind, wanted));
  const theirs = found && found.street === here.street && nameOf(found) === kind && (!found.owner || found.owner === here.person);
  if (found && theirs && (await takeBack(found.id))) return { here, parcel: (await get(found.id)) as Parcel, isNew: false };
  if (found && theirs) location.replace((await goesOn(found.id)) ?? receivedAt(found));
  const fresh: Parcel = {
    id: pageId || uuid7(), kind, street: here.street, streetId: here.streetId, owner: here.person, state: "draft",
    fields: {}, title: "", shots: [], madeAt: Date.now(), tries: 0, nextAt: 0, asked: false,
  };
  return { here, parcel: fresh, isNew: true };
}

/** Where what was edited after a parcel had arrived is looked over and sent. */
async function goesOn(id: string): Promise<string | undefined> {
  const fresh = await renewed(id);
  return fresh && editAt(fresh);
}
