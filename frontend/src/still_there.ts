// 还在, said of what one reported: kept on the phone with the moment at which it was said, and sent from there.
import { makeBusy } from "./busy";
import { askToKeep } from "./outbox/keep";
import { drop, sendOne } from "./outbox/run";
import { put } from "./outbox/store";
import { who, type Who } from "./outbox/who";
import { uuid7 } from "./uuid7";

async function keep(form: HTMLFormElement, here: Who): Promise<void> {
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
  if (verdict?.kind === "sent") return location.assign(verdict.url ?? location.href);
  if (verdict?.kind === "refused") {
    await drop(id);
    return form.submit(); // the page says why, in its own words
  }
  const said = document.createElement("p");
  said.className = "text-[.9375rem] text-muted self-center";
  said.setAttribute("role", "status");
  said.textContent = form.dataset.wordsKept ?? "";
  form.replaceWith(said);
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
      keep(form, here).catch(() => {
        calm();
        form.submit();
      });
    }, { capture: true });
  }
}
