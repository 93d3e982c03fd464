// A good deed as somebody tells of it: what it was, who did it, where; a photo only where there is one.
import type { Fault } from "./faults";
import { KeptForm, type Fields } from "./kept_form";
import { parcelOf } from "./kept_parcel";
import type { Parcel } from "./outbox/store";
import type { Who } from "./outbox/who";
import { PlacePicker } from "./place";

export class GoodDeedForm extends KeptForm {
  static async open(form: HTMLFormElement): Promise<GoodDeedForm> {
    const { here, parcel, isNew } = await parcelOf("good_deed", form.querySelector<HTMLInputElement>("[name=good_deed_id]")?.value);
    return new GoodDeedForm(form, here, parcel, isNew);
  }

  private constructor(form: HTMLFormElement, here: Who, parcel: Parcel, isNew: boolean) {
    super(form, here, parcel, isNew);
    this.start();
    new PlacePicker(form.querySelector<HTMLElement>("[data-place-picker]") as HTMLElement, form);
    form.addEventListener("huipai:placed", () => this.look());
  }

  protected override title(): string {
    return this.form.querySelector<HTMLInputElement>("[name=title]")?.value.trim() || (this.form.dataset.title ?? "");
  }

  protected override isBegun(fields: Fields): boolean {
    return super.isBegun(fields) || ["title", "who", "text"].some((name) => !!fields[name]?.trim());
  }

  protected override changed(): void {}

  protected override faults(fields: Fields): Fault[] {
    const words = (key: string): string => this.form.getAttribute(`data-words-${key}`) ?? "";
    const found: Fault[] = [];
    if (!fields.title?.trim()) found.push(["f-title", words("no-title")]);
    if (!fields.doer) found.push(["pick-doer", words("no-doer")]);
    if (!fields.lng && !fields.spot) found.push(["place", words("no-place")]);
    return found;
  }
}
