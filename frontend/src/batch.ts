// Today's list with a network: what is ticked is kept on the phone and sent from there.
import { openTicks } from "./ticks";

const form = document.querySelector<HTMLFormElement>("form[data-ticks]");
// Where nothing can be kept it goes as a form.
if (form && "indexedDB" in window) openTicks(form).catch((problem: unknown) => console.warn("nothing can be kept here", problem));
