// A form with photos and a place. A report and a claim are kept on the phone first and sent from there; other forms (a
// handler's answer, a checker's look) send their photos at once and wait for them before they go.
import { ClaimForm } from "./claim_form";
import { DeedForm } from "./deed_form";
import { offerTypes } from "./guess";
import { PlacePicker } from "./place";
import { followType } from "./questions";
import { ReportForm } from "./report_form";
import { Uploads } from "./upload";

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-report]")) {
  const kept = { kept: ReportForm, claim: ClaimForm, deed: DeedForm }[form.dataset.report ?? ""];
  if (kept && "indexedDB" in window) {
    kept.open(form).catch((problem: unknown) => {
      console.warn("nothing can be kept here", problem); // then as a form, with its photos
      plain(form);
    });
  } else plain(form);
}

function plain(form: HTMLFormElement): void {
  const place = form.querySelector<HTMLElement>("[data-place-picker]");
  if (place) new PlacePicker(place, form);
  followType(form);
  offerTypes(form);
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
