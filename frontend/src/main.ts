// What every page needs: htmx without eval, buttons that say they are busy, words that are not lost, the service worker.
import htmx from "htmx.org";
import { makeBusy } from "./busy";
import { forgetCodes, forgetCodesOfOthers } from "./kept_codes";
import { whenLeaving } from "./leaving";
import { watch } from "./outbox/watch";
import { streetOf } from "./outbox/who";
import { dropTyped, giveBackTyped, keepTyped, loseTyped } from "./typed";

htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;
htmx.config.allowScriptTags = false;
htmx.config.selfRequestsOnly = true;
htmx.config.historyCacheSize = 0; // pages are private: none is kept in the browser's storage
htmx.config.responseHandling = [
  { code: "204", swap: false },
  { code: "[23]..", swap: true },
  { code: "[45]..", swap: true, error: true }, // a refusal is a page too
];

/** After a send the button keeps its width and says what it does; a second press sends nothing. */
function sayBusy(event: SubmitEvent): void {
  const form = event.target as HTMLFormElement;
  if (form.dataset.busy === "yes") {
    event.preventDefault();
    return;
  }
  const pressed = event.submitter ?? form.querySelector<HTMLButtonElement>("button[data-busy-text]");
  if (event.defaultPrevented || form.hasAttribute("hx-post")) return;
  keepTyped(form);
  form.dataset.busy = "yes";
  if (pressed instanceof HTMLButtonElement) makeBusy(pressed);
}

/** Prints this page; the style sheet says what of it. */
function printWhenAsked(event: MouseEvent): void {
  if ((event.target as Element).closest?.("[data-print]")) window.print();
}

function closeNote(event: MouseEvent): void {
  const close = (event.target as Element).closest?.("[data-close]");
  close?.closest(".note")?.remove();
}

function focusFirstError(): void {
  const summary = document.querySelector<HTMLElement>("[data-error-summary]");
  summary?.focus();
}

/** A page that comes back from the browser's memory must be able to send again. */
function wakeForms(event: PageTransitionEvent): void {
  if (!event.persisted) return;
  loseTyped();
  window.location.reload();
}

/** 读给我听: the phone's own voice reads the page; a second press stops it. Hidden where there is no voice. */
function offerReading(): void {
  const buttons = document.querySelectorAll<HTMLButtonElement>("[data-read-aloud]");
  if (!("speechSynthesis" in window)) return;
  buttons.forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => {
      if (speechSynthesis.speaking) {
        speechSynthesis.cancel();
        return;
      }
      const words = new SpeechSynthesisUtterance(document.querySelector("main")?.innerText ?? "");
      words.lang = document.documentElement.lang;
      words.rate = 0.9;
      speechSynthesis.speak(words);
    });
  });
}

function sayWhenOffline(): void {
  const strip = document.querySelector<HTMLElement>("[data-offline]");
  const show = (): void => {
    if (strip) strip.hidden = navigator.onLine;
  };
  window.addEventListener("online", show);
  window.addEventListener("offline", show);
  show();
}

/** In a row of doors that can be pushed sideways, the door one has come through stands in sight. */
function showWhereOneIs(): void {
  document.querySelectorAll<HTMLElement>("nav > [aria-current]").forEach((door) => {
    const row = door.parentElement as HTMLElement;
    if (row.scrollWidth <= row.clientWidth) return;
    const [inner, outer] = [door.getBoundingClientRect(), row.getBoundingClientRect()];
    row.scrollLeft += inner.left + inner.width / 2 - outer.left - outer.width / 2;
  });
}

document.addEventListener("submit", sayBusy);
whenLeaving(dropTyped);
whenLeaving(forgetCodes);
document.addEventListener("click", closeNote);
document.addEventListener("click", printWhenAsked);
window.addEventListener("pageshow", wakeForms);
giveBackTyped();
forgetCodesOfOthers(streetOf(location.pathname), document.documentElement.dataset.person);
focusFirstError();
showWhereOneIs();
offerReading();
sayWhenOffline();

if ("serviceWorker" in navigator && window.isSecureContext) {
  // Without one, as under a certificate that the phone does not trust, everything works but where there is no network.
  navigator.serviceWorker.register("/sw.js", { scope: "/" }).catch(() => undefined);
}
if ("indexedDB" in window) watch().catch(() => undefined); // a browser that keeps nothing has nothing that waits
