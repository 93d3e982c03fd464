// What a page asks of the browser for the sake of what waits; it may say no to both.
const TAG = "huipai-outbox";

/** Ask the browser to keep what is here, and to send it even when no page is open; either may say no. */
export function askToKeep(): void {
  void navigator.storage?.persist?.().catch(() => false);
  const later = navigator.serviceWorker?.ready as Promise<ServiceWorkerRegistration & { sync?: { register(tag: string): Promise<void> } }>;
  void later?.then((worker) => worker.sync?.register(TAG)).catch(() => undefined);
}
