// What was typed into a form that did not arrive, because the session had ended, the server refused it or there was no
// network: when the form's page comes again, in this tab and for the same person, it stands in the form as before. Files
// have to be chosen again.
// What waits in the outbox is not sent by the browser, and is no matter of this.
const KEPT_AS = "huipai:typed";
const AN_HOUR = 3_600_000;

interface Typed {
  page: string;
  person: string;
  form: { action: string; turn: number };
  values: [string, string][];
  at: number;
  isLost: boolean;
}

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

const here = (): string => location.pathname + location.search;
const person = (): string => document.documentElement.dataset.person ?? "";

/** A browser that keeps nothing has nothing to give back. */
function kept(): Typed | undefined {
  try {
    const found = sessionStorage.getItem(KEPT_AS);
    return found ? (JSON.parse(found) as Typed) : undefined;
  } catch {
    return undefined;
  }
}

function keep(typed: Typed | undefined): void {
  try {
    if (typed) sessionStorage.setItem(KEPT_AS, JSON.stringify(typed));
    else sessionStorage.removeItem(KEPT_AS);
  } catch {
    // full, or nothing can be kept here: the form goes all the same
  }
}

/**
 * The controls that somebody fills in. None of them is what the page itself put there, nor what it asks browsers not to
 * keep: secrets, whom a counter serves, the tick that somebody agreed. As what it was seen goes with what was typed: of
 * what has changed since, its writer has not read anything.
 */
function controls(form: HTMLFormElement): Control[] {
  return [...form.elements].filter((one): one is Control => {
    if (one.getAttribute("autocomplete") === "off") return false;
    if (one instanceof HTMLInputElement && one.type === "hidden") return ["seen", "looked_at"].includes(one.name);
    if (one instanceof HTMLInputElement) return !["file", "password", "submit", "button"].includes(one.type);
    return one instanceof HTMLTextAreaElement || one instanceof HTMLSelectElement;
  });
}

function isChanged(control: Control): boolean {
  if (control instanceof HTMLSelectElement) return [...control.options].some((one) => one.selected !== one.defaultSelected);
  return isTick(control) ? control.checked !== control.defaultChecked : control.value !== control.defaultValue;
}

/** What a page with faults holds was typed before, though the server has written it there. */
function isAskedAgain(): boolean {
  return document.querySelector("[data-error-summary]") !== null;
}

function asksForSecrets(form: HTMLFormElement): boolean {
  return form.querySelector("[type=password], [autocomplete=one-time-code]") !== null;
}

function alike(action: string): HTMLFormElement[] {
  return [...document.forms].filter((one) => one.method === "post" && one.action === action);
}

function isTick(control: Control): control is HTMLInputElement {
  return control instanceof HTMLInputElement && ["checkbox", "radio"].includes(control.type);
}

function valuesOf(control: Control): string[] {
  if (control instanceof HTMLSelectElement) return [...control.selectedOptions].map(({ value }) => value);
  return isTick(control) && !control.checked ? [] : [control.value];
}

/** Whether something lost waits for another page than this: what is agreed to on the way there does not replace it. */
function isWaitedFor(): boolean {
  const typed = kept();
  return typed !== undefined && typed.isLost && typed.page !== here();
}

/** As the form leaves. */
export function keepTyped(form: HTMLFormElement): void {
  if (form.method !== "post" || !person() || asksForSecrets(form) || isWaitedFor()) return;
  if (!controls(form).some(isChanged) && !isAskedAgain()) return keep(undefined);
  const values = controls(form).flatMap((one) => valuesOf(one).map((value): [string, string] => [one.name, value]));
  const turn = alike(form.action).indexOf(form);
  keep({ page: here(), person: person(), form: { action: form.action, turn }, values, at: Date.now(), isLost: false });
}

/** Whoever comes back while no page of ours has come since the form left: it never did, or its answer was not waited for. */
function isBack(): boolean {
  return performance.getEntriesByType("navigation").some((one) => (one as PerformanceNavigationTiming).type === "back_forward");
}

/** A page that comes out of the browser's memory is about to be asked for anew. */
export function loseTyped(): void {
  const typed = kept();
  if (typed) keep({ ...typed, isLost: true });
}

/** On every page that comes: an error page, or one that leads back to the form, says that it did not arrive. */
export function giveBackTyped(): void {
  const typed = kept();
  if (!typed) return;
  const isOthers = person() !== "" && person() !== typed.person;
  if (isOthers || typed.at < Date.now() - AN_HOUR) return keep(undefined);
  if (isBack()) typed.isLost = true;
  const leadsBack = new URLSearchParams(location.search).get("next") === typed.page;
  if (leadsBack || document.querySelector("[data-not-sent]")) return keep({ ...typed, isLost: true });
  if (!typed.isLost) return keep(undefined);
  if (here() !== typed.page || person() === "") return keep(typed);
  keep(undefined);
  const form = alike(typed.form.action)[typed.form.turn];
  if (form) fill(form, typed.values);
}

function fill(form: HTMLFormElement, values: Typed["values"]): void {
  const left = [...values];
  for (const control of controls(form)) {
    const own = left.filter(([name]) => name === control.name).map(([, value]) => value);
    if (control instanceof HTMLSelectElement) {
      for (const option of control.options) option.selected = own.includes(option.value);
    } else if (isTick(control)) {
      control.checked = own.includes(control.value);
    } else if (own.length > 0) {
      control.value = own[0] ?? "";
      left.splice(left.findIndex(([name]) => name === control.name), 1); // the next of this name has the next value
    }
    control.dispatchEvent(new Event("input", { bubbles: true }));
  }
  say(form);
}

function say(form: HTMLFormElement): void {
  const note = document.querySelector<HTMLTemplateElement>("template[data-typed]")?.content;
  const files = note?.querySelector<HTMLElement>("[data-files-again]");
  if (files) files.hidden = form.querySelector("[type=file]") === null;
  for (let at = form.closest("details"); at; at = at.parentElement?.closest("details") ?? null) at.open = true;
  if (note) form.prepend(note);
  form.scrollIntoView({ block: "center" });
}

/** Whoever leaves takes along what they typed. */
export function dropTyped(): void {
  keep(undefined);
}
