// It lies safe on the phone: said in place of the form, with the reason and what to do about it.
import { ALIKE, NOT_NOW } from "./outbox/deliver";
import { editAt, nameOf, receivedPage } from "./outbox/kinds";
import { renewed } from "./outbox/renewing";
import { get, listen, sentAs, type Parcel, type Why } from "./outbox/store";

export function showKept(parcel: Parcel, why: Why, parts: HTMLElement[]): void {
  const kept = document.querySelector<HTMLElement>("[data-kept]");
  if (!kept) return;
  tell(kept, known(why.code));
  const told = kept.querySelector<HTMLElement>("[data-kept-reason]");
  if (told) told.textContent = known(why.code) === "told" ? why.reason : "";
  const settle = kept.querySelector<HTMLAnchorElement>("[data-kept-settle]");
  if (settle) {
    settle.hidden = !why.url;
    const back = encodeURIComponent(`/s/${parcel.street}/mine/`);
    if (why.url) settle.href = `${why.url}?next=${back}`;
  }
  for (const part of parts) part.hidden = true;
  for (const said of document.querySelectorAll("[data-draft],[data-faults]")) said.setAttribute("hidden", ""); // what was missing is there now
  kept.hidden = false;
  spareThePage();
  window.scrollTo(0, 0);
  kept.querySelector<HTMLElement>("h2")?.focus();
  // When it goes while this page is still open, the page says so.
  listen(() => void sendOnIfGone(kept, parcel));
}

function tell(kept: HTMLElement, which: string): void {
  for (const part of kept.querySelectorAll<HTMLElement>("[data-when]")) {
    part.hidden = !(part.dataset.when ?? "").split(" ").includes(which);
  }
}

/** The second press of a double click was meant for the button that stood there, not for what has come in its place. */
function spareThePage(): void {
  document.body.style.pointerEvents = "none";
  window.setTimeout(() => {
    document.body.style.pointerEvents = "";
  }, 600);
}

/** Sent, or thrown away in another page: then there is nothing to be received. */
async function sendOnIfGone(kept: HTMLElement, parcel: Parcel): Promise<void> {
  if (await get(parcel.id)) return;
  const fresh = await renewed(parcel.id);
  const sent = await sentAs(parcel.id);
  if (sent) return location.assign(fresh ? editAt(fresh) : receivedPage(parcel.street, sent.kind ?? nameOf(parcel), parcel.id));
  kept.querySelector("[data-kept-settle]")?.setAttribute("hidden", "");
  tell(kept, "dropped");
}

/** Which sentence belongs to a reason. */
function known(code: string): string {
  if (["offline", "unreachable", "street_gone", "sign_in_first", "other_person", ALIKE].includes(code)) return code;
  return code.endsWith("_first") ? "settle" : code.endsWith("too_many") || code === NOT_NOW ? "told" : "unreachable";
}
