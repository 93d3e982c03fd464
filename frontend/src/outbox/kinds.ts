// The kinds of thing that a phone keeps: by which door each goes, where it is edited, and what is shown when it arrived.
import type { Parcel } from "./store";

export type KindName = "report" | "claim" | "deed" | "find" | "good_deed" | "bundle" | "addition";

interface Kind {
  /** The form in which it is written and changed, below the street. */
  form: string;
  /** The page that says 'received', below the street. */
  received: (id: string) => string;
}

const KINDS: Record<KindName, Kind> = {
  report: { form: "report/", received: (id) => `reports/${id}/received/` },
  claim: { form: "points/claim/", received: (id) => `points/claims/${id}/received/` },
  deed: { form: "today/kept/", received: (id) => `outbox/deeds/${id}/case/` },
  find: { form: "own-finds/new/", received: (id) => `own-finds/${id}/` },
  good_deed: { form: "report/good-deed/", received: (id) => `deeds/${id}/` },
  addition: { form: "additions/new/", received: (id) => `additions/${id}/case/` },
  bundle: { form: "today/", received: (id) => `today/together/${id}/` },
};

/** What was kept before there was more than one kind is a report. */
export function nameOf(parcel: Parcel): KindName {
  return parcel.kind ?? "report";
}

/** The door for it, below the street; with an id behind it, what was answered to that one. */
export function doorOf(parcel: Parcel): string {
  return `outbox/${nameOf(parcel).replace("_", "-")}s/`;
}

export function editAt(parcel: Parcel): string {
  return `/s/${parcel.street}/${KINDS[nameOf(parcel)].form}?parcel=${parcel.id}`;
}

export function receivedAt(parcel: Parcel): string {
  return receivedPage(parcel.street, nameOf(parcel), parcel.id);
}

/** The same where only the id is left of it. */
export function receivedPage(street: string, kind: KindName, id: string): string {
  return `/s/${street}/${KINDS[kind].received(id)}`;
}
