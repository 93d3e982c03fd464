// The keys of the desk. They pause while somebody types, and each of them is also a link or a button.
const queue = document.querySelector<HTMLElement>("[data-bench]");
const help = document.querySelector<HTMLDialogElement>("[data-keys-help]");

function links(): HTMLAnchorElement[] {
  return [...(queue?.querySelectorAll<HTMLAnchorElement>("li > a") ?? [])];
}

function step(by: number): void {
  const all = links();
  const here = all.findIndex((link) => link.getAttribute("aria-current") === "true");
  const next = all[Math.min(Math.max(here + by, 0), all.length - 1)];
  if (next && next !== all[here]) next.click();
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

document.addEventListener("keydown", (event) => {
  if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || help?.open) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  // Enter on a link or a button is that link's or button's own.
  if (key === "Enter" && event.target instanceof HTMLElement && event.target.closest("a, button, summary")) return;
  if (key === "j") step(1);
  else if (key === "k") step(-1);
  else if (key === "?") help?.showModal();
  else document.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)?.click();
});

queue?.querySelector('[aria-current="true"]')?.scrollIntoView({ block: "nearest" });
export {};
