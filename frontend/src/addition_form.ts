// What a reporter adds to what is in hand: a word or photos, kept on the phone and sent from there.
import type { Fault } from "./faults";
import { KeptForm, type Fields } from "./kept_form";
import { parcelOf } from "./kept_parcel";
import type { Parcel } from "./outbox/store";
import type { Who } from "./outbox/who";

/** The case and the elder that a page without a network stands in for, as its address says. */
function named(): Fields {
  const asked = new URLSearchParams(location.search);
  const code = asked.get("code") ?? /\/(?:mine|cases)\/([^/]+)\//.exec(location.pathname)?.[1] ?? "";
  const elder = asked.get("for");
  return { code, ...(elder ? { for: elder } : {}) };
}

export class AdditionForm extends KeptForm {
  static async open(form: HTMLFormElement): Promise<AdditionForm> {
    const { here, parcel, isNew } = await parcelOf("addition", form.querySelector<HTMLInputElement>("[name=addition_id]")?.value);
    return new AdditionForm(form, here, parcel, isNew);
  }

  private constructor(form: HTMLFormElement, here: Who, parcel: Parcel, isNew: boolean) {
    super(form, here, parcel, isNew);
    const known = { ...(form.querySelector("[data-of-page]") ? {} : named()), ...parcel.fields };
    for (const name of ["code", "for", "beside"]) {
      const input = form.querySelector<HTMLInputElement>(`input[name=${name}]`);
      if (input && known[name]) input.value = known[name];
    }
    for (const line of document.querySelectorAll("[data-addition-code]")) line.textContent = this.code;
    for (const part of document.querySelectorAll<HTMLElement>("[data-addition-part]")) {
      part.hidden = (part.dataset.additionPart === "nobody") === !!this.code;
    }
    this.start();
  }

  private get code(): string {
    return this.form.querySelector<HTMLInputElement>("input[name=code]")?.value ?? "";
  }

  protected override title(): string {
    return `${this.form.dataset.title ?? ""} · ${this.code}`;
  }

  protected override isBegun(fields: Fields): boolean {
    return super.isBegun(fields) || !!fields.text?.trim();
  }

  protected override changed(): void {}

  protected override faults(fields: Fields): Fault[] {
    return this.isBegun(fields) ? [] : [["f-text", this.form.dataset.wordsNothing ?? ""]];
  }
}
