// Before sending: what neighbours have reported already right here, asked as soon as kind and place are known, and shown
// before anything is sent. Asked in a body: words of any length get there, and no address holds a draft. Without a
// network nothing is asked, and the report goes as one of its own.
import type { Tray } from "./tray";

const A_MOMENT = 400;
const PATIENCE = 2_500;

export class Alike {
  private readonly box: HTMLElement | null = document.querySelector<HTMLElement>("[data-alike]");
  private readonly hint: HTMLElement | null;
  private key = "";
  private answered = false;
  private found = false;
  private asking: Promise<void> = Promise.resolve();
  private timer = 0;

  constructor(
    private readonly form: HTMLFormElement,
    private readonly tray: Tray,
    private readonly others: () => HTMLElement[],
    private readonly token: () => Promise<string>,
  ) {
    this.hint = form.querySelector<HTMLElement>("[data-alike-hint]");
    this.hint?.addEventListener("click", () => this.show());
    this.box?.querySelector("[data-alike-back]")?.addEventListener("click", () => this.hide());
  }

  /** Kind or place may have changed: ask again, a moment after the last change. */
  look(): void {
    const key = this.now();
    if (key === this.key) return;
    this.key = key;
    this.answered = this.found = false;
    if (this.hint) this.hint.hidden = true;
    window.clearTimeout(this.timer);
    if (!key || !navigator.onLine) return;
    this.asking = new Promise((done) => {
      this.timer = window.setTimeout(() => void this.ask(key).then(done), A_MOMENT);
    });
  }

  /** Whether something has to be looked at before this goes; then it is on the screen. */
  async stops(submitter: HTMLElement | null): Promise<boolean> {
    if (submitter instanceof HTMLButtonElement && ["same", "not_same"].includes(submitter.name)) this.answered = true;
    if (this.answered || !navigator.onLine) return false;
    this.look();
    await Promise.race([this.asking, new Promise((done) => setTimeout(done, PATIENCE))]);
    if (this.found) this.show();
    return this.found;
  }

  hide(): void {
    if (this.box) this.box.hidden = true;
    for (const one of this.parts()) one.hidden = false;
  }

  /** The form and the bar of the page: the comparison has one of its own. */
  private parts(): HTMLElement[] {
    return [...this.others(), ...document.querySelectorAll<HTMLElement>(".phone > .topbar")];
  }

  private now(): string {
    const value = (name: string): string => this.form.querySelector<HTMLInputElement>(`[name=${name}]`)?.value ?? "";
    const type = this.form.querySelector<HTMLInputElement>("[name=case_type]:checked")?.value ?? "";
    return type && value("lng") ? new URLSearchParams({ case_type: type, lng: value("lng"), lat: value("lat") }).toString() : "";
  }

  private async ask(key: string): Promise<void> {
    const body = new URLSearchParams(key);
    body.set("text", this.form.querySelector<HTMLTextAreaElement>("[name=text]")?.value ?? "");
    for (const print of this.tray.prints) body.append("photo_id", print.id);
    try {
      const headers = { "X-CSRFToken": await this.token(), Accept: "text/html" };
      const answer = await fetch(this.box?.dataset.alike ?? "", { method: "POST", body, headers, redirect: "error" });
      if (answer.status !== 200 || key !== this.key) return;
      this.put(await answer.text());
    } catch {
      // not asked, so not offered: whoever works on it can still put two together
    }
  }

  private put(html: string): void {
    const part = this.box?.querySelector<HTMLElement>("[data-alike-part]");
    if (!part) return;
    part.innerHTML = html;
    const metres = part.querySelector<HTMLElement>("[data-alike-found]")?.dataset.metres;
    this.found = metres !== undefined;
    const line = this.hint?.querySelector<HTMLElement>("[data-words]");
    if (!this.hint || !line || !metres) return;
    line.textContent = (line.dataset.words ?? "").replace("{}", metres);
    this.hint.hidden = false;
  }

  private show(): void {
    if (!this.box) return;
    const mine = this.tray.prints[0];
    for (const picture of this.box.querySelectorAll<HTMLImageElement>("[data-mine]")) {
      if (!mine) continue;
      picture.onerror = () => (picture.hidden = true); // a HEIC that this browser cannot show: the icon stands for it
      picture.src = URL.createObjectURL(mine.blob);
      picture.hidden = false;
    }
    for (const one of this.parts()) one.hidden = true;
    this.box.hidden = false;
    window.scrollTo(0, 0);
    this.box.querySelector<HTMLElement>("h2")?.focus();
  }
}
