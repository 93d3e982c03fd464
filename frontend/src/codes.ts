// A code that was opened stays on the phone until its time, or what it is for, is over: the offline page shows it to whoever opened it, while
// they are the last who were here. Text and path only.
import { keepCodes, keptCodes, ownerOf, type Codes } from "./kept_codes";
import { recall } from "./outbox/recall";
import { noted, said } from "./outbox/who";

interface Kept {
  until: string;
  code: string;
  size: string;
  path: string;
  lines: [string, string][];
}

const SVG = "http://www.w3.org/2000/svg";

function living(codes: Codes<Kept>): Codes<Kept> {
  const now = new Date().toISOString();
  const isLiving = ([, one]: [string, Kept]): boolean => new Date(one.until).toISOString() > now;
  const left = Object.entries(codes).map(([owner, own]) => [owner, Object.fromEntries(Object.entries(own).filter(isLiving))] as const);
  return Object.fromEntries(left.filter(([, own]) => Object.keys(own).length > 0));
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

/** What this page shows of one's own is kept; what it says is over goes. */
function keepWhatIsHere(street: string, person: string): void {
  const codes = keptCodes<Kept>();
  const own = (codes[ownerOf(street, person)] ??= {});
  for (const card of document.querySelectorAll<HTMLElement>("[data-keep-code]")) {
    const found = read(card);
    if (found) own[card.dataset.keepCode ?? ""] = found;
  }
  for (const card of document.querySelectorAll<HTMLElement>("[data-forget-code]")) delete own[card.dataset.forgetCode ?? ""];
  // The list of all that waits: what is not in it was fetched, called off or forfeited.
  const waiting = document.querySelector<HTMLElement>("[data-waiting-codes]")?.dataset.waitingCodes;
  if (waiting !== undefined) for (const id of Object.keys(own)) if (!waiting.split(" ").includes(id)) delete own[id];
  keepCodes(living(codes));
}

/** Of whoever was last here in its street. The page without a network knows nobody: the phone's own store has the word. */
async function show(place: HTMLElement): Promise<void> {
  await recall();
  const theirs = Object.entries(living(keptCodes<Kept>())).filter(([owner]) => {
    const [street = "", person = ""] = owner.split(" ");
    return person !== "" && noted(street)[1] === person;
  });
  const codes = theirs.flatMap(([, own]) => Object.values(own));
  place.hidden = codes.length === 0;
  place.append(...codes.map(shown));
}

const here = said();
if (here?.person) keepWhatIsHere(here.street, here.person);
for (const place of document.querySelectorAll<HTMLElement>("[data-kept-codes]")) show(place).catch(() => undefined);
