// What is ticked on a worker's list, to be done with each: kept on the phone first, and sent from there, with or without a
// network. The list of the street's page and the one out of the phone's store are the same here.
import { makeBusy } from "./busy";
import { askToKeep } from "./outbox/keep";
import { receivedAt, receivedPage } from "./outbox/kinds";
import { heldOpen } from "./outbox/editing";
import { drop, sendOne, takeBack } from "./outbox/run";
import { all, didOf, edit, get, isLoose, listen, put, sentAs, wasSent, type Parcel } from "./outbox/store";
import { recall } from "./outbox/recall";
import { who, type Who } from "./outbox/who";
import { uuid7 } from "./uuid7";

/** Listen to the form of several at once; what was ticked before and not sent stands there again. */
export async function openTicks(form: HTMLFormElement): Promise<void> {
  await recall();
  const here = who();
  if (!here?.person) return; // then it goes as a form
  let begun = await begunBefore(here);
  if (begun) putBack(form, begun);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    const button = event.submitter;
    if (form.dataset.busy === "yes" || !(button instanceof HTMLButtonElement)) return;
    const bundle = bundleOf(form, here, button, begun?.id);
    const fault = faultOf(form, bundle);
    say(form, "fault", fault);
    if (fault) return;
    form.dataset.busy = "yes";
    const calm = makeBusy(button);
    void keepAndSend(form, bundle, begun)
      .then((left) => (begun = left))
      .finally(() => {
        delete form.dataset.busy;
        calm();
      });
  }, { capture: true });
  document.addEventListener("change", (event) => {
    if (!(event.target as Element).matches("[name=tick]")) return;
    say(form, "fault", "");
    if (!begun || ticked(form).length > 0) return;
    void dropDraft(begun.id); // nothing of it is left
    begun = undefined;
    say(form, "begun", "");
  });
}

/** What another page has sent on its way is not taken away by unticking it here. */
async function dropDraft(id: string): Promise<void> {
  if ((await get(id))?.state === "draft") await drop(id);
}

/** The one named in the address, or one that was taken back to change it and never sent. */
async function begunBefore(here: Who): Promise<Parcel | undefined> {
  const wanted = new URLSearchParams(location.search).get("parcel");
  if (wanted && (await wasSent(wanted))) location.replace(receivedPage(here.street, "bundle", wanted));
  const mine = (await all()).filter((one) => one.kind === "bundle" && one.street === here.street && one.owner === here.person);
  const isHeld = await heldOpen();
  const found = mine.find((one) => one.id === wanted) ?? mine.filter((one) => one.state === "draft" && !isHeld(one.id)).at(-1);
  if (!found || (await takeBack(found.id))) return found && (await get(found.id));
  location.replace(receivedAt(found));
  return undefined;
}

function boxes(form: HTMLFormElement): HTMLInputElement[] {
  return [...document.querySelectorAll<HTMLInputElement>(`[name=tick][form="${form.id}"]`)];
}

function ticked(form: HTMLFormElement): HTMLInputElement[] {
  return boxes(form).filter((box) => box.checked);
}

function putBack(form: HTMLFormElement, parcel: Parcel): void {
  const codes = (parcel.fields.codes ?? "").split(" ");
  for (const box of boxes(form)) box.checked = codes.includes(box.value);
  const gone = codes.length - ticked(form).length;
  const field = words(form);
  if (field) field.value = parcel.fields.text ?? "";
  if (parcel.fields.deed === "hand_up") field?.closest("details")?.setAttribute("open", "");
  say(form, "begun", said(form, "begun", codes.length) + (gone > 0 ? said(form, "gone", gone) : ""));
  if (parcel.why?.reason) say(form, "fault", parcel.why.reason);
  if (new URLSearchParams(location.search).has("parcel")) form.scrollIntoView({ block: "center" });
}

function words(form: HTMLFormElement): HTMLTextAreaElement | null {
  return form.querySelector<HTMLTextAreaElement>("[name=text]");
}

function bundleOf(form: HTMLFormElement, here: Who, button: HTMLButtonElement, id = uuid7()): Parcel {
  const codes = ticked(form).map((box) => box.value);
  const text = button.value === "hand_up" ? (words(form)?.value.trim() ?? "") : "";
  return {
    id, kind: "bundle", street: here.street, streetId: here.streetId, owner: here.person, state: "waiting",
    fields: { deed: button.value, codes: codes.join(" "), text }, title: said(form, button.value, codes.length),
    shots: [], madeAt: Date.now(), tries: 0, nextAt: 0, asked: false,
  };
}

function faultOf(form: HTMLFormElement, bundle: Parcel): string {
  if (!bundle.fields.codes) return said(form, "none", 0);
  if (bundle.fields.deed !== "hand_up" || bundle.fields.text) return "";
  words(form)?.focus();
  return said(form, "why", 0);
}

/** What is left to be changed, when the server says no to all of it. */
async function keepAndSend(form: HTMLFormElement, bundle: Parcel, begun: Parcel | undefined): Promise<Parcel | undefined> {
  if (!begun) await put(bundle);
  else if (!(await edit(bundle.id, () => bundle)) && !(await putApart(form, bundle, begun))) return leave(form, bundle);
  askToKeep();
  const verdict = navigator.onLine ? await sendOne(bundle.id) : undefined;
  if (verdict?.kind === "sent") location.assign(verdict.url ?? receivedAt(bundle));
  else if (verdict?.kind === "refused" && (await takeBack(bundle.id))) {
    say(form, "fault", verdict.why.reason);
    return bundle;
  } else if (isLoose(bundle.id) && (await takeBack(bundle.id))) {
    say(form, "fault", said(form, "full", 0));
    return bundle;
  } else lieSafe(form, bundle);
  return undefined;
}

/** Another page has sent on its way what was ticked before: what is ticked here besides goes for itself, and so does another
 *  reason, which the hub then reads of each; false where that is nothing. */
async function putApart(form: HTMLFormElement, bundle: Parcel, begun: Parcel): Promise<boolean> {
  const first = await get(bundle.id);
  const [deed, ...codes] = ((first ? didOf(first) : (await sentAs(bundle.id))?.did) ?? "").split(" ");
  const { fields } = bundle;
  const isReason = fields.text !== begun.fields.text;
  const left = (fields.codes ?? "").split(" ").filter((code) => isReason || deed !== fields.deed || !codes.includes(code));
  if (left.length === 0) return false;
  fields.codes = left.join(" ");
  bundle.id = uuid7();
  bundle.title = said(form, fields.deed ?? "", left.length);
  await put(bundle);
  return true;
}

/** Where the other page has sent it to, or that it waits. */
async function leave(form: HTMLFormElement, bundle: Parcel): Promise<undefined> {
  if (await wasSent(bundle.id)) location.assign(receivedAt(bundle));
  else lieSafe(form, bundle);
}

/** Said above the list, where it can be changed or dropped; when it goes while this page is open, the page says what came of it. */
function lieSafe(form: HTMLFormElement, bundle: Parcel): void {
  for (const box of boxes(form)) box.checked = false;
  const field = words(form);
  if (field) field.value = "";
  say(form, "begun", "");
  say(form, "kept", said(form, "kept", 0));
  listen(() => void wasSent(bundle.id).then((sent) => sent && location.assign(receivedAt(bundle))));
}

function said(form: HTMLFormElement, key: string, number: number): string {
  return (form.getAttribute(`data-words-${key}${number === 1 ? "-1" : ""}`) ?? form.getAttribute(`data-words-${key}`) ?? "").replace("{}", String(number));
}

function say(form: HTMLFormElement, part: string, text: string): void {
  const line = form.querySelector<HTMLElement>(`[data-ticks-${part}]`);
  if (!line) return;
  line.hidden = !text;
  const span = line.querySelector("span");
  if (span) span.textContent = text;
}
