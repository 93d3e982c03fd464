// Sending one parcel: who is there, each photo until it is acknowledged, then the rest, until its answer has come.
// Everything may be repeated: photos and parcel carry ids made here, and the server keeps one of each.
import { doorOf, nameOf } from "./kinds";
import { sendInPieces, type Call, type Told as ToldOfPiece } from "./pieces";
import { get, pictureOf, update, type Came, type Parcel, type Shot, type Why } from "./store";

export type Verdict =
  | { kind: "sent"; url?: string; came?: Came } // with the page that the server names
  | { kind: "later"; why: Why } // the network or the server: tried again by itself
  | { kind: "held"; why: Why } // needs its person
  | { kind: "refused"; why: Why } // needs an edit
  | { kind: "edited"; came: Came } // it had arrived before it was edited: what is new in it is another (`renew`)
  | { kind: "stopped" }; // is being edited, or was dropped

class Halt extends Error {
  constructor(readonly verdict: Verdict) {
    super(verdict.kind);
  }
}

interface Told extends ToldOfPiece {
  person?: string;
  csrf?: string;
  code?: string;
  for_elder?: string;
}

const PATIENCE = 60_000;
/** What a report may be the same as stands beside it; its person says. */
export const ALIKE = "alike_found";
/** Whether a parcel's person is asked something before it is taken: pages that can ask say so (`alike.ts`). */
export const asking = { first: (_parcel: Parcel): boolean => false };
/** The server answers, and says that it cannot take anything now. */
export const NOT_NOW = "not_now";

/** Until the stored answer of the server has come, or why not. */
export async function deliver(parcel: Parcel): Promise<Verdict> {
  return judged(async () => {
    const csrf = await greet(parcel);
    await sendShots(parcel, csrf);
    return await post(parcel, csrf);
  });
}

/** Only the photos, while the form is still being filled in. */
export async function deliverShots(parcel: Parcel): Promise<Verdict> {
  return judged(async () => {
    await sendShots(parcel, await greet(parcel));
    return { kind: "sent" };
  });
}

/** Whether the server has this parcel: not, as it is, or as it was before it was edited; undefined where nobody can say. */
export async function arrivedAs(parcel: Parcel): Promise<{ kind: "not" } | { kind: "same" | "edited"; came: Came } | undefined> {
  const known = await knownOf(parcel);
  if (!known) return known === false ? { kind: "not" } : undefined;
  try {
    // What is known under this id is not taken in again: the answer only says whether it is the same.
    const { status, told } = await handOver(parcel, contentOf(parcel), await greet(parcel));
    const kind = status === 200 ? "same" : isTaken(told) ? "edited" : undefined;
    return kind && { kind, came: cameOf(known) };
  } catch {
    return undefined;
  }
}

async function knownOf(parcel: Parcel): Promise<Told | false | undefined> {
  try {
    const { status, told } = await call(parcel, `${doorOf(parcel)}${parcel.id}/`);
    return status === 200 ? told : status === 404 ? false : undefined;
  } catch {
    return undefined;
  }
}

async function judged(work: () => Promise<Verdict>): Promise<Verdict> {
  try {
    return await work();
  } catch (problem) {
    return problem instanceof Halt ? problem.verdict : later(navigator.onLine ? "unreachable" : "offline");
  }
}

function later(code: string, reason = ""): Verdict {
  return { kind: "later", why: { code, reason } };
}

async function call(parcel: Parcel, path: string, init: RequestInit = {}): Promise<{ status: number; told: Told; answer: Response }> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  try {
    const answer = await fetch(`/s/${parcel.street}/${path}`, {
      credentials: "same-origin",
      cache: "no-store",
      ...init,
      signal: stop.signal,
      headers: { Accept: "application/json", "X-By-Itself": "yes", "X-Street-Id": parcel.streetId, "X-Person-Id": parcel.owner, ...(init.headers as Record<string, string>) },
    });
    const told = (await answer.json().catch(() => ({}))) as Told;
    return { status: answer.status, told, answer };
  } finally {
    clearTimeout(timer);
  }
}

/** What an answer that is not a yes means, whatever was asked. */
function means(status: number, told: Told, shot?: string): Verdict {
  if (status < 400) return later("unreachable"); // the page of a network that wants signing in, not our answer
  const why: Why = { code: told.error ?? String(status), reason: told.reason ?? "" };
  if (told.url) why.url = told.url;
  if (told.at) why.at = told.at;
  if (told.near) why.near = told.near;
  if (shot) why.shot = shot;
  if (status === 401 || told.error === "other_person" || told.error === ALIKE) return { kind: "held", why };
  if (told.error === "stale_page" || told.error === "offset_moved") return { kind: "later", why };
  // A rule says no to what was sent; what wants a person first says so by its code.
  if (status === 403) return { kind: told.error && !told.error.endsWith("_first") ? "refused" : "held", why };
  if (status === 404) return { kind: "held", why: { ...why, code: "street_gone" } };
  if (status === 429) return { kind: "later", why };
  if (status >= 500) return later(told.reason ? NOT_NOW : "unreachable", told.reason);
  return { kind: "refused", why };
}

/** The token of whoever is signed in, if they are whose parcel it is. */
export async function greet(parcel: Parcel): Promise<string> {
  const { status, told } = await call(parcel, "outbox/");
  if (status !== 200 || !told.csrf) throw new Halt(means(status, told));
  return told.csrf;
}

async function sendShots(parcel: Parcel, csrf: string): Promise<void> {
  for (const shot of parcel.shots) {
    if (shot.raw || shot.sent >= shot.size) continue;
    if (!(await goesOn(parcel, shot))) continue;
    await sendShot(parcel, shot, csrf);
  }
}

/** Whether nobody has begun to edit the parcel or dropped it. */
async function goesOn(parcel: Parcel, shot: Shot): Promise<boolean> {
  const now = await get(parcel.id);
  return now !== undefined && !(now.state === "draft" && parcel.state !== "draft") && now.shots.some((one) => one.id === shot.id);
}

async function sendShot(parcel: Parcel, shot: Shot, csrf: string): Promise<void> {
  const picture = await pictureOf(shot.id);
  if (!picture) return; // taken off meanwhile
  const send: Call = (path, init) => call(parcel, path, { ...init, headers: { ...(init.headers as Record<string, string>), "X-CSRFToken": csrf } });
  const refused = await sendInPieces(send, shot.id, picture, shot.claims, shot.sent, async (bytes) => {
    await acknowledged(parcel, shot, bytes);
    return goesOn(parcel, shot);
  });
  if (refused?.told.error === "stopped") throw new Halt({ kind: "stopped" });
  if (refused) throw new Halt(means(refused.status, refused.told, shot.id));
}

async function acknowledged(parcel: Parcel, shot: Shot, bytes: number): Promise<void> {
  shot.sent = bytes;
  await update(parcel.id, (now) => ({ ...now, shots: now.shots.map((one) => (one.id === shot.id ? { ...one, sent: bytes } : one)) }));
}

async function post(parcel: Parcel, csrf: string): Promise<Verdict> {
  // Noted first and in one transaction with the look at its state: what was posted may have arrived.
  const now = await update(parcel.id, (one) => (one.state === "draft" ? undefined : { ...one, asked: true }));
  if (!now || now.state === "draft") return { kind: "stopped" };
  if (now.shots.some((shot) => shot.sent < shot.size)) return later("unreachable"); // one was added meanwhile
  const form = contentOf(now);
  if (asking.first(now)) form.set("ask_first", "on");
  const { status, told } = await handOver(now, form, csrf);
  if (status === 200 && told.url) return { kind: "sent", url: told.url, came: cameOf(told) };
  const known = isTaken(told) && (await knownOf(parcel));
  if (known) return { kind: "edited", came: cameOf(known) };
  return means(status, told);
}

function cameOf({ code, for_elder: elder }: Told): Came {
  return { code, elder };
}

function contentOf(parcel: Parcel): URLSearchParams {
  const form = new URLSearchParams({ ...parcel.fields, [`${nameOf(parcel)}_id`]: parcel.id });
  for (const shot of parcel.shots) form.append(`${shot.part ?? "photo"}_id`, shot.id);
  return form;
}

function handOver(parcel: Parcel, form: URLSearchParams, csrf: string): ReturnType<typeof call> {
  return call(parcel, doorOf(parcel), { method: "POST", body: form, headers: { "X-CSRFToken": csrf } });
}

/** Whether something else is known under the id of a parcel. */
function isTaken(told: Told): boolean {
  return told.error?.endsWith("id_in_use") ?? false;
}
