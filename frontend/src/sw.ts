// Serves the shell when there is no network. It keeps our own hashed files and the offline page; no page of a
// person, no photo and no answer of the server is ever stored.
interface Shell {
  version: string;
  offline: string;
  files: string[];
}

const worker = self as unknown as ServiceWorkerGlobalScope & { SHELL: Shell };
const shell = worker.SHELL; // written in front of this file by the server
const cacheName = `shell-${shell.version}`;

worker.addEventListener("install", (event) => {
  const fill = async (): Promise<void> => {
    const cache = await caches.open(cacheName);
    await cache.addAll([shell.offline, ...shell.files]);
    await worker.skipWaiting();
  };
  event.waitUntil(fill());
});

worker.addEventListener("activate", (event) => {
  const tidy = async (): Promise<void> => {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name !== cacheName).map((name) => caches.delete(name)));
    await worker.clients.claim();
  };
  event.waitUntil(tidy());
});

async function page(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch {
    return (await caches.match(shell.offline)) ?? Response.error();
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
