// What waits on this phone, as cards: on 'my items' and on the page without a network. Nobody sees another's.
import "./alike";
import { ALIKE, type Verdict } from "./deliver";
import { editAt, nameOf, receivedAt } from "./kinds";
import { drop, sendOne } from "./run";
import { all, isLoose, listen, pictureOf, update, type Parcel } from "./store";
import { who } from "./who";

const shown = new Map<string, string>(); // the picture of each parcel, made once

export function showList(box: HTMLElement): void {
  let again = 0;
  const draw = (): void => {
    window.clearTimeout(again); // many changes in a row are drawn once
    again = window.setTimeout(() => void render(box), 60);
  };
  listen(draw);
  for (const event of ["online", "offline"]) window.addEventListener(event, draw);
  box.querySelector("[data-outbox-all]")?.addEventListener("click", () => {
    void all().then((parcels) => parcels.filter(isMine).forEach((parcel) => void tryNow(parcel)));
  });
  void render(box);
}

function isMine(parcel: Parcel): boolean {
  const here = who(parcel.street);
  return parcel.owner === "" || parcel.owner === here?.person;
}

async function render(box: HTMLElement): Promise<void> {
  const only = box.dataset.outbox; // one kind, or all of them
  const waiting = (await all()).filter((parcel) => parcel.state !== "draft" && (!only || only === nameOf(parcel)));
  const mine = waiting.filter(isMine);
  const others = waiting.length - mine.length;
  const template = box.querySelector<HTMLTemplateElement>("[data-outbox-row]");
  const list = box.querySelector<HTMLElement>("[data-outbox-list]");
  if (!template || !list) return;
  const rows = await Promise.all(mine.map((parcel) => row(box, template, parcel)));
  // Under a finger nothing is replaced: between down and up the press would be lost.
  if (list.querySelector(":active")) return void window.setTimeout(() => void render(box), 60);
  const focused = document.activeElement?.closest<HTMLElement>("[data-parcel]")?.dataset.parcel;
  const verb = (document.activeElement as HTMLElement | null)?.dataset.verb;
  list.replaceChildren(...rows);
  if (focused && verb) list.querySelector<HTMLElement>(`[data-parcel="${focused}"] [data-verb="${verb}"]`)?.focus({ preventScroll: true }); // nor is the page moved
  part(box, "[data-outbox-offline]", !navigator.onLine && mine.length > 0, count(box, "offline", mine.length));
  part(box, "[data-outbox-others]", others > 0, count(box, "others", others));
  box.hidden = waiting.length === 0;
}

function part(box: HTMLElement, selector: string, isShown: boolean, words: string): void {
  const one = box.querySelector<HTMLElement>(selector);
  if (!one) return;
  one.hidden = !isShown;
  const line = one.querySelector("[data-line]");
  if (line && line.textContent !== words) line.textContent = words;
}

async function row(box: HTMLElement, template: HTMLTemplateElement, parcel: Parcel): Promise<HTMLElement> {
  const one = (template.content.firstElementChild as HTMLElement).cloneNode(true) as HTMLElement;
  const find = <T extends HTMLElement>(selector: string): T => one.querySelector<T>(selector) as T;
  one.dataset.parcel = parcel.id;
  const total = parcel.shots.reduce((sum, shot) => sum + shot.size, 0);
  const sent = parcel.shots.reduce((sum, shot) => sum + shot.sent, 0);
  const half = sent > 0 && sent < total;
  find("[data-word]").textContent = words(box, parcel.state === "waiting" ? (half ? "half" : "waiting") : parcel.state);
  find("[data-title]").textContent = parcel.title || words(box, "untitled");
  find("[data-when]").textContent = (words(box, `when-${nameOf(parcel)}`) || words(box, "when")).replace("{}", moment(parcel.madeAt));
  const why = find("[data-why]");
  why.textContent = reason(box, parcel);
  why.hidden = why.textContent === "";
  const progress = find("[data-progress]");
  progress.hidden = !half;
  if (half) {
    find<HTMLProgressElement>("progress").value = sent / total;
    const done = parcel.shots.filter((shot) => shot.sent >= shot.size).length;
    find("[data-left]").textContent = words(box, "left")
      .replace("{of}", String(parcel.shots.length))
      .replace("{n}", String(done))
      .replace("{mb}", `${Math.max(0.1, (total - sent) / 1_048_576).toFixed(1)}\u00a0MB`);
  }
  offerSame(find("[data-same]"), parcel);
  await picture(find("[data-picture]"), parcel);
  verbs(box, one, parcel);
  return one;
}

async function picture(frame: HTMLElement, parcel: Parcel): Promise<void> {
  const first = parcel.shots[0];
  frame.hidden = !first;
  if (!first) return;
  if (!shown.has(first.id)) {
    const blob = await pictureOf(first.id);
    if (blob) shown.set(first.id, URL.createObjectURL(blob));
  }
  const address = shown.get(first.id);
  const image = frame.querySelector("img");
  if (!address || !image) return;
  image.onerror = () => (image.hidden = true); // a HEIC that this browser cannot show: the icon stands for it
  image.src = address;
  image.hidden = false;
}

/** What neighbours have reported here already: the same, or not. */
function offerSame(part: HTMLElement, parcel: Parcel): void {
  const near = parcel.why?.code === ALIKE ? (parcel.why.near ?? []) : [];
  const blank = part.querySelector<HTMLTemplateElement>("template")?.content.firstElementChild;
  part.hidden = near.length === 0;
  if (!blank || near.length === 0) return;
  part.querySelector("[data-same-list]")?.replaceChildren(
    ...near.map(({ code = "", url, words: said }) => {
      const line = blank.cloneNode(true) as HTMLElement;
      const link = line.querySelector<HTMLAnchorElement>("a");
      if (link) [link.href, link.textContent] = [url, said];
      line.querySelector("button")?.addEventListener("click", () => void settle(parcel.id, { same: code }).then((verdict) => arrived(parcel, verdict)));
      return line;
    }),
  );
  part.querySelector("[data-verb=not_same]")?.addEventListener("click", () => void settle(parcel.id, { not_same: "on" }).then((verdict) => arrived(parcel, verdict)));
}

/** Its person says whether it is one that neighbours have reported: then it goes. */
async function settle(id: string, answer: { same: string } | { not_same: string }): Promise<Verdict> {
  await update(id, ({ why: _why, ...now }) => (now.state === "draft" ? undefined : { ...now, fields: { ...now.fields, ...answer }, state: "waiting", nextAt: 0 }));
  return sendOne(id);
}

function arrived(parcel: Parcel, verdict: Verdict): void {
  if (verdict.kind === "sent") location.assign(verdict.url ?? receivedAt(parcel));
}

function verbs(box: HTMLElement, one: HTMLElement, parcel: Parcel): void {
  const now = one.querySelector<HTMLButtonElement>("[data-verb=now]");
  const edit = one.querySelector<HTMLAnchorElement>("[data-verb=edit]");
  const throwAway = one.querySelector<HTMLButtonElement>("[data-verb=drop]");
  const settle = one.querySelector<HTMLAnchorElement>("[data-verb=settle]");
  const address = parcel.why?.url ?? (parcel.why?.code === "sign_in_first" ? `/s/${parcel.street}/sign-in/` : "");
  if (settle) {
    settle.hidden = !address;
    if (address) settle.href = `${address}?next=${encodeURIComponent(`/s/${parcel.street}/mine/`)}`;
  }
  if (now) {
    now.hidden = parcel.state === "refused";
    now.addEventListener("click", () => void tryNow(parcel));
  }
  if (edit) edit.href = editAt(parcel);
  throwAway?.addEventListener("click", () => ask(box, parcel));
}

async function tryNow(parcel: Parcel): Promise<void> {
  const here = who(parcel.street);
  if (!parcel.owner && here?.person) await update(parcel.id, (now) => ({ ...now, owner: here.person }));
  arrived(parcel, await sendOne(parcel.id));
}

/** Thrown away only after a second word. */
function ask(box: HTMLElement, parcel: Parcel): void {
  const dialog = box.querySelector<HTMLDialogElement>("[data-outbox-dialog]");
  if (!dialog) return;
  const yes = dialog.querySelector<HTMLButtonElement>("[data-yes]");
  if (yes) {
    yes.onclick = () => {
      dialog.close();
      void drop(parcel.id).then((gone) => {
        if (!gone) location.assign(receivedAt(parcel));
      });
    };
  }
  dialog.showModal();
}

function reason(box: HTMLElement, parcel: Parcel): string {
  const why = parcel.why;
  if (isLoose(parcel.id)) return words(box, "why-full");
  if (!navigator.onLine) return "";
  if (!why) return parcel.owner ? "" : words(box, "why-sign_in_first");
  return words(box, `why-${why.code}`) || why.reason || words(box, "why-unreachable");
}

function words(box: HTMLElement, key: string): string {
  return box.getAttribute(`data-words-${key}`) ?? "";
}

function count(box: HTMLElement, key: string, number: number): string {
  return (words(box, number === 1 ? `${key}-1` : key) || words(box, key)).replace("{}", String(number));
}

/** 今天 16:42, or 11 月 23 日 16:42, in the language of the page. */
function moment(at: number): string {
  const day = new Date(at);
  const language = document.documentElement.lang || "zh-CN";
  const time = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(day);
  if (day.toDateString() !== new Date().toDateString()) {
    return `${new Intl.DateTimeFormat(language, { month: "long", day: "numeric" }).format(day)} ${time}`;
  }
  const today = new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(0, "day");
  return `${today} ${time}`;
}
