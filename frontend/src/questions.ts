// What a type asks besides stands there once the type is chosen: the same on a phone without a network.

/** Show the questions of the chosen type, now and whenever another is chosen. */
export function followType(form: HTMLFormElement): void {
  const show = (): void => {
    const chosen = chosenType(form);
    for (const part of form.querySelectorAll<HTMLElement>("[data-asked-by]")) part.hidden = part.dataset.askedBy !== chosen;
  };
  form.addEventListener("input", show);
  form.addEventListener("huipai:type", show);
  show();
}

/** What has to be answered and is not: where, and the words of the question. */
export function unanswered(form: HTMLFormElement): [at: string, label: string][] {
  const part = form.querySelector<HTMLElement>(`[data-asked-by="${CSS.escape(chosenType(form))}"]`);
  const open = [...(part?.querySelectorAll<HTMLInputElement | HTMLSelectElement>("[data-required]") ?? [])];
  return open.filter((one) => !one.value.trim()).map((one) => [one.id, one.dataset.required ?? ""]);
}

function chosenType(form: HTMLFormElement): string {
  const select = form.querySelector<HTMLSelectElement>("select[name=case_type]");
  return select?.value ?? form.querySelector<HTMLInputElement>("[name=case_type]:checked")?.value ?? "";
}
