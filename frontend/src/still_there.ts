// 还在, said of what one reported: kept on the phone with the moment at which it was said, and sent from there.
import { makeBusy } from "./busy";
import { askToKeep } from "./outbox/keep";
import { drop, sendOne } from "./outbox/run";
import { isLoose, put } from "./outbox/store";
import { who, type Who } from "./outbox/who";
import { uuid7 } from "./uuid7";

/** Whether it was noted: sent, or put away. */
async function keep(form: HTMLFormElement, here: Who): Promise<boolean> {
  const { code = "", elder, title = "" } = form.dataset;
  const input = document.querySelector<HTMLInputElement>("form[data-report=addition] input[name=code]");
  const named = code || input?.value || "";
  const helped = elder || document.querySelector<HTMLInputElement>("form[data-report=addition] input[name=for]")?.value || "";
  const now = Date.now();
  const id = uuid7();
  await put({
    id, kind: "addition", street: here.street, streetId: here.streetId, owner: here.person, state: "waiting",
    fields: { code: named, seen_at: String(now), ...(helped ? { for: helped } : {}) },
    title: `${title} · ${named}`, shots: [], madeAt: now, tries: 0, nextAt: 0, asked: false,
  });
  askToKeep();
  const verdict = navigator.onLine ? await sendOne(id) : undefined;
  if (verdict?.kind === "sent") location.assign(verdict.url ?? location.href);
  else if (verdict?.kind === "refused") {
    await drop(id);
    form.submit(); // the page says why, in its own words
  } else if (isLoose(id) && (await drop(id))) {
    // No room for it on the phone: it would be lost with this page.
    form.querySelector("[role=alert]")?.remove();
    form.append(line(form.dataset.wordsFull, "alert", "errline"));
    return false;
  } else form.replaceWith(line(form.dataset.wordsKept, "status", "text-[.9375rem] text-muted self-center"));
  return true;
}

function line(words = "", role: string, look: string): HTMLElement {
  const said = document.createElement("p");
  said.className = look;
  said.setAttribute("role", role);
  said.textContent = words;
  return said;
}

/** Take up the buttons of the page; without a script, or where nothing can be kept, each is a plain form. */
export function takeUpStill(): void {
  if (!("indexedDB" in window)) return;
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-still]")) {
    form.addEventListener("submit", (event) => {
      const here = who();
      if (!here || form.dataset.busy === "yes") return;
      event.preventDefault();
      event.stopImmediatePropagation();
      form.dataset.busy = "yes";
      const calm = event.submitter instanceof HTMLButtonElement ? makeBusy(event.submitter) : () => undefined;
      keep(form, here)
        .then((isNoted) => {
          if (isNoted) return;
          delete form.dataset.busy;
          calm();
        })
        .catch(() => {
          calm();
          form.submit();
        });
    }, { capture: true });
  }
}
