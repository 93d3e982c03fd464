// The page of a round without a network: the kept list in walking order, or one case of it with what can be done there.
import { DeedForm } from "./deed_form";
import { showFaults } from "./faults";
import { askToKeep } from "./outbox/keep";
import { receivedAt } from "./outbox/kinds";
import { drop, sendOne, takeBack } from "./outbox/run";
import { all, edit, get, isLoose, listen, put, wasSent, type Parcel } from "./outbox/store";
import { recall } from "./outbox/recall";
import { who, type Who } from "./outbox/who";
import { start } from "./rounds/order";
import { roundOf, type Round, type Stop } from "./rounds/store";
import { openTicks } from "./ticks";
import { uuid7 } from "./uuid7";

const box = document.querySelector<HTMLElement>("[data-rounds]");
if (box) void open(box).catch(() => show(box, "[data-rounds-none]"));

async function open(page: HTMLElement): Promise<void> {
  await recall();
  const here = who();
  const wanted = new URLSearchParams(location.search).get("parcel");
  const named = wanted ? await get(wanted) : undefined;
  // An address may be left behind by somebody else on this phone.
  const parcel = named && here?.street === named.street && here.person === named.owner ? named : undefined;
  const round = here?.person ? await roundOf(here.street, here.person) : undefined;
  const code = parcel?.fields.code ?? /\/cases\/([^/]+)\//.exec(location.pathname)?.[1];
  if (here?.person && !round && /\/today\/$/.test(location.pathname)) show(page, "[data-rounds-find]");
  if (!here || (!round && !parcel)) return showNone(page, code);
  if (!code) return round ? showList(page, here, round) : show(page, "[data-rounds-none]");
  const stop = round?.stops.find((one) => one.code === code);
  if (!stop && !parcel) return showNone(page, code);
  await showCase(page, here, round, stop, code, parcel ?? (await questionLeft(here, code)));
}

/** Not of a round that is kept here: whoever reported it may add to it. */
function showNone(page: HTMLElement, code: string | undefined): void {
  const add = page.querySelector<HTMLAnchorElement>("[data-rounds-add]");
  if (add && code) add.href = `${add.pathname}?code=${encodeURIComponent(code)}`;
  if (add) add.hidden = !code;
  show(page, "[data-rounds-none]");
}

/** A question that was taken back to change it, and left there. */
async function questionLeft(here: Who, code: string): Promise<Parcel | undefined> {
  return (await all()).find(
    (one) => one.kind === "deed" && one.state === "draft" && one.fields.deed === "ask" && one.fields.code === code &&
      one.street === here.street && one.owner === here.person,
  );
}

function show(page: HTMLElement, part: string): void {
  const one = page.querySelector<HTMLElement>(part);
  if (one) one.hidden = false;
}

function words(page: HTMLElement, key: string): string {
  return page.getAttribute(`data-words-${key}`) ?? "";
}

function moment(at: Date): string {
  const language = document.documentElement.lang || "zh-CN";
  return new Intl.DateTimeFormat(language, { month: "long", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(at);
}

function pictureOf(round: Round | undefined, code: string): string {
  const found = round?.pictures[code];
  return found ? URL.createObjectURL(new Blob([found.bytes], { type: found.type })) : "";
}

function isLate(stop: Stop): boolean {
  return stop.due_at !== "" && Date.parse(stop.due_at) <= Date.now();
}

/** What this person has noted here about cases and is to be sent. */
async function noted(here: Who): Promise<Parcel[]> {
  const mine = (await all()).filter((one) => one.street === here.street && one.owner === here.person && one.state !== "draft");
  return mine.filter((one) => one.kind === "deed" || one.kind === "bundle");
}

async function isTakenOn(here: Who, code: string): Promise<boolean> {
  return (await noted(here)).some(({ fields }) => fields.deed === "accept" && (fields.code ?? fields.codes ?? "").split(" ").includes(code));
}

/** What of a case waits on this phone, in words: 我来办、办好了 待发送. */
async function waiting(page: HTMLElement, here: Who): Promise<Map<string, string>> {
  const found = new Map<string, string[]>();
  for (const one of await noted(here)) {
    for (const code of (one.fields.code ?? one.fields.codes ?? "").split(" ")) {
      found.set(code, [...(found.get(code) ?? []), words(page, one.fields.deed ?? "")]);
    }
  }
  return new Map([...found].map(([code, deeds]) => [code, `${deeds.join("、")} · ${words(page, "waits")}`]));
}

async function showList(page: HTMLElement, here: Who, round: Round): Promise<void> {
  show(page, "[data-rounds-list]");
  const list = page.querySelector<HTMLElement>("[data-today-kept]") as HTMLElement;
  const template = page.querySelector<HTMLTemplateElement>("[data-rounds-row]") as HTMLTemplateElement;
  const when = page.querySelector("[data-rounds-when]");
  if (when) when.textContent = words(page, "kept").replace("{when}", moment(new Date(round.keptAt))).replace("{}", String(round.stops.length));
  const sorted = [...round.stops].sort((one, other) => (one.due_at || "9").localeCompare(other.due_at || "9"));
  list.replaceChildren(...sorted.map((stop, index) => row(template, here, round, stop, index)));
  const mark = async (): Promise<void> => {
    const waits = await waiting(page, here);
    for (const one of list.querySelectorAll<HTMLElement>("[data-id]")) tell(one, waits.get(one.dataset.id ?? ""));
  };
  await mark();
  listen(() => void mark());
  if ("geolocation" in navigator) start(list);
  const together = page.querySelector<HTMLFormElement>("form[data-ticks]");
  if (!together || sorted.length < 2) return;
  together.hidden = false;
  for (const tick of list.querySelectorAll<HTMLElement>("[data-tick]")) tick.hidden = false;
  await openTicks(together);
}

function row(template: HTMLTemplateElement, here: Who, round: Round, stop: Stop, index: number): HTMLElement {
  const one = (template.content.firstElementChild as HTMLElement).cloneNode(true) as HTMLElement;
  Object.assign(one.dataset, { id: stop.code, lng: String(stop.lng), lat: String(stop.lat) });
  if (isLate(stop)) one.dataset.overdue = "";
  const link = one.querySelector("a") as HTMLAnchorElement;
  link.href = `/s/${here.street}/cases/${stop.code}/`;
  const tick = one.querySelector<HTMLInputElement>("[name=tick]") as HTMLInputElement;
  tick.value = stop.code;
  fill(one, "[data-tick-words]", (tick.dataset.words ?? "").replace("{}", stop.title));
  fill(one, "[data-title]", stop.title);
  fill(one, "[data-place]", stop.place);
  fill(one, "[data-word]", stop.word);
  fill(one, "[data-row-number]", String(index + 1));
  (one.querySelector("[data-late]") as HTMLElement).hidden = !isLate(stop);
  picture(one.querySelector("img"), pictureOf(round, stop.code));
  return one;
}

function fill(within: HTMLElement, selector: string, text: string): void {
  const one = within.querySelector(selector);
  if (one) one.textContent = text;
}

function picture(image: HTMLImageElement | null, address: string): void {
  if (!image || !address) return;
  image.src = address;
  image.hidden = false;
}

function tell(within: HTMLElement, text: string | undefined): void {
  const one = within.querySelector<HTMLElement>("[data-waits]");
  if (!one) return;
  one.hidden = !text;
  const line = one.querySelector("span");
  if (line && text) line.textContent = text;
}

async function showCase(page: HTMLElement, here: Who, round: Round | undefined, stop: Stop | undefined, code: string, parcel: Parcel | undefined): Promise<void> {
  const part = page.querySelector<HTMLElement>("[data-rounds-case]") as HTMLElement;
  const title = stop?.title ?? (parcel?.title ?? "").split(" · ").at(-1) ?? "";
  fill(part, "[data-title]", title);
  fill(part, "[data-place]", stop?.place ?? words(page, "gone"));
  fill(part, "[data-text]", stop?.text ?? "");
  if (stop?.due_at) fill(part, "[data-due]", isLate(stop) ? words(page, "overdue") : words(page, "due").replace("{}", moment(new Date(stop.due_at))));
  const standard = part.querySelector<HTMLElement>("[data-standard]");
  if (standard && stop?.standard) {
    standard.hidden = false;
    fill(standard, "span", stop.standard);
  }
  picture(part.querySelector<HTMLImageElement>("[data-picture]"), pictureOf(round, code));
  const mark = async (): Promise<void> => tell(part, (await waiting(page, here)).get(code));
  await mark();
  listen(() => void mark());
  await form(page, part, title, code, stop, parcel);
  deeds(page, part, here, code, title, stop, parcel, await isTakenOn(here, code));
  part.hidden = false;
  const actions = document.querySelector<HTMLElement>("[data-rounds-actions]");
  if (actions) actions.hidden = false;
}

async function form(page: HTMLElement, part: HTMLElement, title: string, code: string, stop: Stop | undefined, parcel: Parcel | undefined): Promise<void> {
  const one = part.querySelector<HTMLFormElement>("form[data-report]") as HTMLFormElement;
  one.dataset.title = title && `${words(page, "respond")} · ${title}`;
  if (stop?.needs_photo) one.dataset.needsPhoto = "";
  (one.querySelector("[name=code]") as HTMLInputElement).value = code;
  (one.querySelector("[name=round]") as HTMLInputElement).value = stop ? String(stop.round ?? 1) : (parcel?.fields.round ?? "");
  if (parcel && parcel.fields.deed !== "respond") {
    if (parcel.fields.deed === "ask") {
      if (!(await takeBack(parcel.id))) return location.replace(receivedAt(parcel));
      const field = part.querySelector<HTMLTextAreaElement>("[name=question]");
      if (field) field.value = parcel.fields.text ?? "";
      part.querySelector("[data-asking]")?.setAttribute("open", "");
    }
  }
  one.removeAttribute("data-later");
  const address = location.href;
  if (parcel && parcel.fields.deed !== "respond") history.replaceState(null, "", location.pathname); // the form below is for another deed
  await DeedForm.open(one);
  history.replaceState(null, "", address);
}

/** Taking on and asking hold no photo: noted with one press. */
function deeds(page: HTMLElement, part: HTMLElement, here: Who, code: string, title: string, stop: Stop | undefined, parcel: Parcel | undefined, isTaken: boolean): void {
  const accept = document.querySelector<HTMLButtonElement>("[data-accept]");
  if (accept) {
    // Taking on has nothing in it to be changed: it goes on waiting.
    accept.hidden = !stop || stop.mine || isTaken;
    accept.addEventListener("click", () => {
      accept.hidden = true;
      void note(page, here, `${words(page, "accept")} · ${title}`, { code, deed: "accept", text: "" }, undefined).then((fault) => {
        accept.hidden = !fault;
        if (fault) showFaults([["", fault]]);
      });
    });
  }
  part.querySelector<HTMLFormElement>("[data-ask-form]")?.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    const field = (event.target as HTMLFormElement).querySelector<HTMLTextAreaElement>("[name=question]");
    const text = field?.value.trim() ?? "";
    if (!text) return field?.focus();
    const again = parcel?.fields.deed === "ask" ? parcel : undefined;
    void note(page, here, `${words(page, "ask")} · ${title}`, { code, deed: "ask", text }, again).then((fault) => {
      if (fault) return showFaults([[field?.id ?? "", fault]]);
      part.querySelector("[data-asking]")?.removeAttribute("open");
      history.replaceState(null, "", location.pathname); // it waits again: a look at this address does not take it back
    });
  });
}

/** Why it was neither sent nor kept: there is no network, or the server said no, and the phone has no room for it. */
async function note(page: HTMLElement, here: Who, title: string, fields: Record<string, string>, again: Parcel | undefined): Promise<string> {
  const parcel: Parcel = {
    id: again?.id ?? uuid7(), kind: "deed", street: here.street, streetId: here.streetId, owner: here.person, state: "waiting",
    fields, title, shots: [], madeAt: Date.now(), tries: 0, nextAt: 0, asked: false,
  };
  if (!again) await put(parcel);
  else if (!(await edit(again.id, () => parcel))) {
    // Another page has sent it, or thrown it away: what is written here now goes for itself.
    if (fields.text === again.fields.text && ((await get(again.id)) || (await wasSent(again.id)))) return "";
    parcel.id = uuid7();
    await put(parcel);
  }
  askToKeep();
  const verdict = navigator.onLine ? await sendOne(parcel.id) : undefined;
  if (verdict?.kind === "sent" || !isLoose(parcel.id) || !(await drop(parcel.id))) return "";
  return verdict?.kind === "refused" ? verdict.why.reason : words(page, "full");
}
