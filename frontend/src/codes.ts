// A code that was opened stays on the phone until its time is over: the offline page shows it. Text and path only.
interface Kept {
  until: string;
  code: string;
  size: string;
  path: string;
  lines: [string, string][];
}

const KEY = "huipai:codes";
const SVG = "http://www.w3.org/2000/svg";

function all(): Record<string, Kept> {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "{}") as Record<string, Kept>;
  } catch {
    return {};
  }
}

function save(kept: Record<string, Kept>): void {
  const now = new Date().toISOString();
  const living = Object.entries(kept).filter(([, one]) => new Date(one.until).toISOString() > now);
  try {
    localStorage.setItem(KEY, JSON.stringify(Object.fromEntries(living)));
  } catch {
    // A full or forbidden store: the page itself still shows the code.
  }
}

function read(card: HTMLElement): Kept | null {
  const drawing = card.querySelector("[data-qr]");
  const names = [...card.querySelectorAll("dt")];
  if (!drawing) return null;
  return {
    until: card.dataset.until ?? "",
    code: card.querySelector("[data-code]")?.textContent?.trim() ?? "",
    size: drawing.getAttribute("viewBox")?.split(" ").pop() ?? "",
    path: drawing.querySelector("path")?.getAttribute("d") ?? "",
    lines: names.map((name) => [name.textContent ?? "", name.nextElementSibling?.textContent?.trim() ?? ""]),
  };
}

function drawn(kept: Kept): SVGSVGElement {
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("viewBox", `0 0 ${kept.size} ${kept.size}`);
  drawing.setAttribute("class", "w-52 h-52 bg-white rounded-2xl");
  drawing.setAttribute("role", "img");
  drawing.setAttribute("aria-label", kept.code);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", kept.path);
  path.setAttribute("fill", "#1a1714");
  drawing.append(path);
  return drawing;
}

function shown(kept: Kept): HTMLElement {
  const card = document.createElement("section");
  card.className = "card p-5 grid justify-items-center gap-3";
  const code = document.createElement("p");
  code.className = "text-[1.75rem] font-bold tracking-[.12em]";
  code.textContent = kept.code;
  const list = document.createElement("dl");
  list.className = "w-full grid grid-cols-[auto_1fr] gap-x-5 gap-y-1.5";
  for (const [name, value] of kept.lines) {
    const term = document.createElement("dt");
    term.className = "text-muted";
    term.textContent = name;
    const told = document.createElement("dd");
    told.textContent = value;
    list.append(term, told);
  }
  card.append(drawn(kept), code, list);
  return card;
}

const kept = all();
for (const card of document.querySelectorAll<HTMLElement>("[data-keep-code]")) {
  const found = read(card);
  if (found) kept[card.dataset.keepCode ?? ""] = found;
}
for (const card of document.querySelectorAll<HTMLElement>("[data-forget-code]")) delete kept[card.dataset.forgetCode ?? ""];
save(kept);
for (const place of document.querySelectorAll<HTMLElement>("[data-kept-codes]")) {
  const living = Object.values(all());
  place.hidden = living.length === 0;
  place.append(...living.map(shown));
}
