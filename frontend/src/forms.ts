// Forms with photos and a place. A report, a claim and a worker's deed are kept on the phone first and sent from there; other
// forms (a checker's look, an answer of a unit) send their photos at once and wait for them before they go.
import { PlacePicker } from "./place";
import { followType } from "./questions";
import { Uploads } from "./upload";

interface Kept {
  open(form: HTMLFormElement): Promise<unknown>;
}

/** Take up every form of the page: those that this island keeps on the phone by their kind, all others with a network. */
export function takeUp(kinds: Record<string, Kept>): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-report]")) {
    const kept = kinds[form.dataset.report ?? ""];
    if (kept && "indexedDB" in window) {
      kept.open(form).catch((problem: unknown) => {
        console.warn("nothing can be kept here", problem); // then as a form, with its photos
        plain(form);
      });
    } else plain(form);
  }
}

function plain(form: HTMLFormElement): void {
  const place = form.querySelector<HTMLElement>("[data-place-picker]");
  if (place) new PlacePicker(place, form);
  followType(form);
  const uploads = [...form.querySelectorAll<HTMLElement>("[data-upload]")].map((box) => new Uploads(box, form));

  // A press while a photo is on its way is kept, and goes when the photo has arrived.
  let pressed: HTMLElement | null | undefined;
  form.addEventListener(
    "submit",
    (event) => {
      if (!uploads.some((one) => one.busy || one.stuck)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      pressed = event.submitter;
    },
    { capture: true },
  );
  form.addEventListener("huipai:uploaded", () => {
    if (pressed === undefined || uploads.some((one) => one.busy)) return;
    const button = pressed;
    pressed = undefined;
    form.requestSubmit(button);
  });
}
