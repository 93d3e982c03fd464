// Serves the shell when there is no network, and sends what waits on this phone when the browser says that there is one
// again. It keeps our own hashed files, the offline page, and for each street visited here its empty forms, which are the
// same for everybody; no page of a person, no photo and no answer of the server is ever stored in a cache.
import { sendAll } from "./outbox/send_all";
import { all } from "./outbox/store";

interface Shell {
  version: string;
  offline: string;
  files: string[];
}

interface SyncEvent extends ExtendableEvent {
  readonly tag: string;
}

const worker = self as unknown as ServiceWorkerGlobalScope & { SHELL: Shell };
const shell = worker.SHELL; // written in front of this file by the server
const cacheName = `shell-${shell.version}`;
const A_DAY = 86_400_000;
// What is to be said once to somebody is not said in a page that is only put away.
const KEPT = { "X-Kept-For-Later": "yes" };
// Which empty form stands in for which pages where there is no network.
const FORMS = [
  { form: "today/kept/", of: /^\/s\/([^/]+)\/(?:today(?:\/kept)?|cases\/[^/]+(?:\/(?:response|question))?)\/$/ },
  { form: "report/offline/", of: /^\/s\/([^/]+)\/report\/$/ },
  { form: "report/good-deed/offline/", of: /^\/s\/([^/]+)\/report\/good-deed\/$/ },
  { form: "additions/new/", of: /^\/s\/([^/]+)\/(?:mine\/[^/]+|cases\/[^/]+\/addition|additions\/new)\/$/ },
  { form: "own-finds/offline/", of: /^\/s\/([^/]+)\/own-finds\/new\/$/ },
  { form: "points/claim/", of: /^\/s\/([^/]+)\/points\/(?:claim|ports\/[^/]+|on-site\/[^/]+|items\/[^/]+\/claim)\/$/ },
];

worker.addEventListener("install", (event) => {
  const begin = async (): Promise<void> => {
    const cache = await caches.open(cacheName);
    await cache.addAll([new Request(shell.offline, { headers: KEPT }), ...shell.files]);
    await worker.skipWaiting();
  };
  event.waitUntil(begin());
});

worker.addEventListener("activate", (event) => {
  const tidy = async (): Promise<void> => {
    const old = (await caches.keys()).filter((name) => name !== cacheName);
    await Promise.all((await formsIn(old)).map(({ at, look }) => keepForm(at, look).catch(() => undefined)));
    await Promise.all(old.map((name) => caches.delete(name)));
    await worker.clients.claim();
  };
  event.waitUntil(tidy());
});

/** The empty forms that an older version kept: they name its files, so each is fetched anew. */
async function formsIn(names: string[]): Promise<{ at: string; look: string }[]> {
  const held = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
  return held.flat().map(({ url }) => new URL(url)).filter(({ pathname }) => FORMS.some(({ form }) => pathname.endsWith(`/${form}`)))
    .map(({ pathname, searchParams }) => ({ at: pathname, look: searchParams.get("look") ?? "" }));
}

/** A page of this street was opened: its empty forms are fetched once a day, and when another look was chosen. */
worker.addEventListener("message", (event) => {
  const { street, look, door } = event.data as { street?: string; look?: string; door?: string };
  const [asking] = event.ports;
  if (door && asking) {
    event.waitUntil(kept(door).then((form) => asking.postMessage(form !== undefined)));
    return;
  }
  if (!street || !/^[a-z][a-z0-9-]*$/.test(street)) return;
  const keep = async (): Promise<void> => {
    await fill(await caches.open(cacheName));
    await keepForm(shell.offline, look ?? "").catch(() => undefined); // in the language and size that are chosen now
    await Promise.all(FORMS.map(({ form }) => keepForm(`/s/${street}/${form}`, look ?? "").catch(() => undefined)));
  };
  event.waitUntil(keep().catch(() => undefined));
});

/** Those of our files that are not there: a browser that was killed may have lost some of what it had taken in. */
async function missing(cache: Cache): Promise<string[]> {
  const held = new Set((await cache.keys()).map(({ url }) => new URL(url).pathname));
  return shell.files.filter((file) => !held.has(file));
}

/** Everything that a kept page needs comes before the page. */
async function fill(cache: Cache): Promise<void> {
  const wanted = await missing(cache);
  if (wanted.length) await cache.addAll(wanted);
}

async function keepForm(address: string, look: string): Promise<void> {
  const cache = await caches.open(cacheName);
  const wanted = `${address}?${new URLSearchParams({ look })}`;
  const [held] = await cache.keys(address, { ignoreSearch: true, ignoreVary: true });
  if (held?.url.endsWith(wanted)) {
    const at = Date.parse((await cache.match(held))?.headers.get("Date") ?? "");
    if (Date.now() - at < A_DAY) return;
  }
  const answer = await fetch(wanted, { credentials: "same-origin", headers: KEPT });
  if (!answer.ok || answer.redirected) return;
  await cache.delete(address, { ignoreSearch: true, ignoreVary: true });
  await cache.put(wanted, answer);
}

function standIn(path: string): string | undefined {
  for (const { form, of } of FORMS) {
    const street = of.exec(path)?.[1];
    if (street) return `/s/${street}/${form}`;
  }
  return undefined;
}

/** The empty form that stands in for a page, if it is there with everything that it needs. */
async function kept(path: string): Promise<Response | undefined> {
  const address = standIn(path);
  const whole = address !== undefined && (await missing(await caches.open(cacheName))).length === 0;
  return whole ? caches.match(address, { ignoreSearch: true, ignoreVary: true }) : undefined;
}

async function page(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch {
    return (await kept(new URL(request.url).pathname)) ?? (await caches.match(shell.offline, { ignoreSearch: true, ignoreVary: true })) ?? Response.error();
  }
}

async function file(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? fetch(request);
}

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== worker.location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (shell.files.includes(address.pathname)) event.respondWith(file(request));
});

/** The browser found a network, maybe with no page open. What is left makes it try again later, by its own clock. */
worker.addEventListener("sync", ((event: SyncEvent) => {
  const send = async (): Promise<void> => {
    // A page that somebody looks at sends by itself, and can ask what only a person answers.
    const pages = await worker.clients.matchAll({ type: "window" });
    if (!pages.some((page) => page.visibilityState === "visible")) await sendAll(true);
    if ((await all()).some((parcel) => parcel.state === "waiting" && parcel.owner)) throw new Error("some still wait");
  };
  if (event.tag === "huipai-outbox") event.waitUntil(send());
}) as EventListener);
