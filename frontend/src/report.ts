// A form with photos and a place: reads them before shrinking, sends photos at once, and waits for them before it goes.
import { streetOf, take } from "./pending";
import { PlacePicker } from "./place";
import { Uploads } from "./upload";

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-report]")) {
  const place = form.querySelector<HTMLElement>("[data-place-picker]");
  if (place) new PlacePicker(place, form);

  const uploads = [...form.querySelectorAll<HTMLElement>("[data-upload]")].map((box) => new Uploads(box, form));
  const first = uploads[0];
  if (first && place) void take(streetOf(location.pathname)).then((files) => first.add(files));

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
