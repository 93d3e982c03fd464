/** The button keeps its width and says what it does; what is answered makes it as it was. */
export function makeBusy(button: HTMLButtonElement): () => void {
  if (!button.dataset.busyText) return () => undefined;
  const before = [...button.childNodes];
  button.style.minWidth = `${button.offsetWidth}px`;
  button.setAttribute("aria-busy", "true");
  const spin = document.createElement("span");
  spin.className = "spin";
  spin.setAttribute("aria-hidden", "true");
  button.replaceChildren(spin, button.dataset.busyText);
  return () => {
    button.removeAttribute("aria-busy");
    button.replaceChildren(...before);
  };
}
