// While somebody writes: three types that it sounds like, each chosen with one press. Without a network, nothing.
const A_MOMENT = 600;
const SHORTEST = 4;

for (const box of document.querySelectorAll<HTMLElement>("[data-guess]")) {
  const form = box.closest("form");
  if (form) offerTypes(form, box);
}

/** Offer types for what is written; whoever writes chooses one of them, or does not. */
function offerTypes(form: HTMLFormElement, box: HTMLElement): void {
  const text = form.querySelector<HTMLTextAreaElement>("[name=text]");
  const csrf = form.querySelector<HTMLInputElement>("[name=csrfmiddlewaretoken]")?.value;
  if (!text || !csrf) return;
  let timer = 0;
  let asked = "";
  const ask = async (): Promise<void> => {
    const words = text.value.trim();
    if (words === asked) return;
    asked = words;
    if (words.length < SHORTEST || !navigator.onLine) return hide(box);
    try {
      const headers = { "X-CSRFToken": csrf, Accept: "text/html" };
      const body = new URLSearchParams({ text: words });
      const answer = await fetch(box.dataset.guess ?? "", { method: "POST", body, headers, redirect: "error" });
      if (words !== asked) return;
      if (answer.status !== 200) return hide(box);
      box.innerHTML = await answer.text();
      box.hidden = false;
      mark(form, box);
    } catch {
      hide(box); // the usual list stands there anyway
    }
  };
  text.addEventListener("input", () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void ask(), A_MOMENT);
  });
  box.addEventListener("click", (event) => {
    const button = (event.target as HTMLElement).closest<HTMLElement>("[data-guess-type]");
    if (button) choose(form, button.dataset.guessType ?? "");
  });
  form.addEventListener("input", () => mark(form, box));
}

function hide(box: HTMLElement): void {
  box.hidden = true;
  box.replaceChildren();
}

function choose(form: HTMLFormElement, code: string): void {
  const select = form.querySelector<HTMLSelectElement>("select[name=case_type]");
  const radio = form.querySelector<HTMLInputElement>(`input[name=case_type][value="${CSS.escape(code)}"]`);
  if (select) select.value = code;
  if (radio) {
    radio.checked = true;
    radio.closest("details")?.setAttribute("open", "");
  }
  (select ?? radio)?.dispatchEvent(new Event("input", { bubbles: true }));
}

function mark(form: HTMLFormElement, box: HTMLElement): void {
  const select = form.querySelector<HTMLSelectElement>("select[name=case_type]");
  const chosen = select?.value ?? form.querySelector<HTMLInputElement>("[name=case_type]:checked")?.value;
  for (const one of box.querySelectorAll<HTMLElement>("[data-guess-type]")) {
    one.setAttribute("aria-pressed", String(one.dataset.guessType === chosen));
  }
}
