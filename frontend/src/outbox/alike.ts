// A report may be what neighbours have reported already: its person is asked, on a page where somebody could answer.
import { ALIKE, asking } from "./deliver";
import type { Parcel } from "./store";

/** Nobody answers: it goes as it is after so long. */
const UNANSWERED = 600_000;

/** Only where somebody looks at a page could anybody answer; what goes behind their back waits for nothing. */
asking.first = ({ kind, fields, alikeAt }: Parcel): boolean => {
  const page = (self as unknown as { document?: { visibilityState: string } }).document; // a worker has none
  const isSeen = page?.visibilityState === "visible";
  const isAnswered = !!fields.same || !!fields.not_same;
  return (kind ?? "report") === "report" && isSeen && !isAnswered && (alikeAt === undefined || Date.now() - alikeAt < UNANSWERED);
};

/** Whether its person is being asked, on a page before their eyes: to send it again would ask the same again. */
export function isAsked(parcel: Parcel): boolean {
  return parcel.state === "held" && parcel.why?.code === ALIKE && asking.first(parcel);
}

/** Whether it waits for a word that nobody has said in time. */
export function isUnanswered({ state, why, alikeAt = 0 }: Parcel): boolean {
  return state === "held" && why?.code === ALIKE && alikeAt + UNANSWERED <= Date.now();
}
