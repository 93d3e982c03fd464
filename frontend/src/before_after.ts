// Before and after: one picture over the other, cut where the finger is. The range input gives arrow keys and its name.
for (const box of document.querySelectorAll<HTMLElement>("[data-before-after]")) {
  const range = box.querySelector<HTMLInputElement>(".ba-range");
  const line = box.querySelector<HTMLElement>(".ba-line");
  if (!range || !line) continue;
  const cut = (): void => box.style.setProperty("--cut", `${range.value}%`);
  range.addEventListener("input", cut);
  range.hidden = false;
  line.hidden = false;
  box.classList.add("is-live");
  cut();
}
export {};
