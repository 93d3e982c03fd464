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
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement && /^(checkbox|radio)$/.test(target.type)) return false;
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

// --- Ticking: Space ticks the row that is shown; what is ticked is counted beside the button that sends it.
const ticks = (): HTMLInputElement[] => [...document.querySelectorAll<HTMLInputElement>(".tick input")];

// Each case of the list is a page of its own: what was ticked stays so from one to the next, in this tab and this list, for
// whoever ticked it: at a machine of several people the next one ticks for themselves.
const LIST = ((): string => {
  const first = links()[0];
  if (!first) return "";
  const at = new URL(first.href);
  at.searchParams.delete("case");
  return `huipai-ticks ${document.documentElement.dataset.person ?? ""} ${at.pathname}?${at.searchParams.toString()}`;
})();

function keepTicks(): void {
  if (LIST) sessionStorage.setItem(LIST, JSON.stringify(ticks().filter((box) => box.checked).map((box) => box.value)));
}

function bringTicks(): void {
  const kept = new Set<string>(JSON.parse((LIST && sessionStorage.getItem(LIST)) || "[]") as string[]);
  for (const box of ticks()) if (kept.has(box.value)) box.checked = true;
  // A form that came back carries its ticks by itself.
  if (!ticks().some((box) => box.checked)) return;
  count();
  keepTicks();
}

function tick(): void {
  const row = queue?.querySelector('[aria-current="true"]')?.closest("li");
  const box = row?.querySelector<HTMLInputElement>(".tick input");
  if (!box) return;
  box.checked = !box.checked;
  count();
  keepTicks();
}

function count(): void {
  const bulk = document.querySelector<HTMLDetailsElement>("[data-bulk]");
  const said = bulk?.querySelector("[data-bulk-count]");
  const jump = document.querySelector<HTMLElement>("[data-bulk-said]");
  const ticked = ticks().filter((box) => box.checked).length;
  if (!bulk || !said || !jump) return;
  said.textContent = ticked ? String(ticked) : "";
  if (ticked) bulk.open = true;
  // The panel lies below a long list: how many are ticked is said above it, with the way there.
  jump.hidden = !ticked;
  jump.textContent = (jump.dataset.words ?? "").replace("{}", String(ticked));
}

// A key on a fold opens it and puts the cursor where one types; on anything else it is a click.
function press(found: HTMLElement): void {
  if (found.tagName !== "SUMMARY") return found.click();
  const fold = found.closest("details");
  if (!fold) return;
  fold.open = true;
  fold.querySelector<HTMLElement>("select, textarea, input:not([type=hidden])")?.focus();
}

document.addEventListener("keydown", (event) => {
  // Out of the search, with what is typed there: the keys of the list count again.
  if (event.key === "Escape" && !event.isComposing && event.target instanceof HTMLElement && event.target.matches("[data-search]")) {
    event.preventDefault();
    return event.target.blur();
  }
  if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || help?.open) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  // Enter and Space on a link, a button or a box are its own.
  const own = event.target instanceof HTMLElement && event.target.closest("a, button, summary, input");
  if (own && (key === " " || (key === "Enter" && !event.target.closest("input")))) return;
  if (key === "j") step(1);
  else if (key === "k") step(-1);
  // A key that is held down goes through the list and does nothing else: nobody has seen what it would judge.
  else if (event.repeat) {
    if (key !== " ") return;
  } else if (key === "?") help?.showModal();
  else if (key === " ") tick();
  else if (key === "/") document.querySelector<HTMLElement>("[data-search]")?.focus();
  else {
    const found = document.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);
    if (found) press(found);
    else return;
  }
  event.preventDefault();
});

// A button that asks for one of a group first: without it the press leads there, and says what is missing.
document.addEventListener("click", (event) => {
  const button = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>("[data-asks]") : null;
  const group = button && document.getElementById(button.dataset["asks"] ?? "");
  if (!group || group.querySelector("input:checked")) return;
  event.preventDefault();
  const words = group.querySelector<HTMLElement>("[data-asks-words]");
  if (words) words.hidden = false;
  group.querySelector<HTMLElement>("input")?.focus();
});

document.addEventListener("change", (event) => {
  if (event.target instanceof HTMLInputElement && event.target.closest(".tick")) {
    count();
    keepTicks();
  }
  if (event.target instanceof HTMLSelectElement && "submit" in event.target.dataset) event.target.form?.submit();
});

document.getElementById("bulk")?.addEventListener("submit", () => sessionStorage.removeItem(LIST));
bringTicks();
queue?.querySelector('[aria-current="true"]')?.scrollIntoView({ block: "nearest" });
export {};
