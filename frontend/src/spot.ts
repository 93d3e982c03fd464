// A form of the desk with one place in it: the map writes into the two fields beside it.
import { PlacePicker } from "./place";

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-spot]")) {
  const box = form.querySelector<HTMLElement>("[data-place-picker]");
  if (box) new PlacePicker(box, form);
}
