// Fetches today's list with its small pictures, and puts it away.
import { who } from "../outbox/who";
import { keepRound, type Round, type Stop } from "./store";

const AT_ONCE = 6;

/** The phone will not keep the list: full, or its store cannot be opened. */
export class NoRoom extends Error {}

function noRoom(problem: unknown): never {
  throw new NoRoom(String(problem));
}

export async function keepToday(address: string): Promise<void> {
  const here = who();
  if (!here?.person || !navigator.onLine) return;
  const answer = await fetch(address, { credentials: "same-origin", cache: "no-store", headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const { person, rows } = (await answer.json()) as { person: string; rows: Stop[] };
  if (person !== here.person) return;
  const round: Round = { keptAt: Date.now(), stops: rows, pictures: {} };
  await keepRound(here.street, person, round).catch(noRoom); // the words first: they are what one works by
  const waiting = rows.filter((one) => one.src);
  const fetchOne = async (): Promise<void> => {
    for (let one = waiting.shift(); one; one = waiting.shift()) {
      const picture = await fetch(one.src, { credentials: "same-origin" }).catch(() => undefined);
      if (picture?.ok) round.pictures[one.code] = { bytes: await picture.arrayBuffer(), type: picture.headers.get("Content-Type") ?? "" };
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, fetchOne));
  await keepRound(here.street, person, round).catch(() => undefined); // no room for the pictures: the words lie there
}
