// A worker's answer to a case: what was done, with a photo of how it looks now.
import type { Fault } from "./faults";
import { KeptForm, type Fields } from "./kept_form";
import { parcelOf } from "./kept_parcel";
import type { Parcel } from "./outbox/store";
import type { Who } from "./outbox/who";

export class DeedForm extends KeptForm {
  static async open(form: HTMLFormElement): Promise<DeedForm | undefined> {
    if (form.hasAttribute("data-later")) return undefined; // rounds.ts opens it when it knows which case
    const { here, parcel, isNew } = await parcelOf("deed", undefined);
    return new DeedForm(form, here, parcel, isNew);
  }

  private constructor(form: HTMLFormElement, here: Who, parcel: Parcel, isNew: boolean) {
    super(form, here, parcel, isNew);
    form.addEventListener("submit", (event) => this.addPhrase(event), { capture: true }); // before anything is sent
    this.start();
  }

  /** An answer kept ready goes behind what is typed, here, without a network too. */
  private addPhrase(event: SubmitEvent): void {
    const button = event.submitter;
    const field = this.form.querySelector<HTMLTextAreaElement>("[name=text]");
    if (!(button instanceof HTMLButtonElement) || button.name !== "phrase" || !field) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    field.value = [field.value.trim(), button.querySelector("span")?.textContent?.trim()].filter(Boolean).join("\n");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  }

  protected override title(): string {
    return this.form.dataset.title ?? "";
  }

  protected override isBegun(fields: Fields): boolean {
    return super.isBegun(fields) || !!fields.text?.trim();
  }

  /** When it was pressed: the page was opened before the case was taken on, which has to arrive first. */
  protected override madeAt(): number {
    return Date.now();
  }

  protected override changed(): void {}

  protected override faults(fields: Fields): Fault[] {
    const words = (key: string): string => this.form.getAttribute(`data-words-${key}`) ?? "";
    const found: Fault[] = [];
    if (this.form.hasAttribute("data-needs-photo") && this.tray.prints.length === 0) found.push(["upload-photo", words("no-photo")]);
    if (!fields.text?.trim()) found.push(["f-text", words("no-text")]);
    return found;
  }
}
