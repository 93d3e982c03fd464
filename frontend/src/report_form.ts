// The report form: a place, a category, and what neighbours have reported already.
import { Alike } from "./alike";
import { KeptForm, parcelOf, type Fault, type Fields } from "./kept_form";
import type { Parcel } from "./outbox/store";
import type { Who } from "./outbox/who";
import { PlacePicker } from "./place";
import { followType, unanswered } from "./questions";

export class ReportForm extends KeptForm {
  private readonly alike: Alike;

  static async open(form: HTMLFormElement): Promise<ReportForm> {
    const { here, parcel, isNew } = await parcelOf("report", form.querySelector<HTMLInputElement>("[name=report_id]")?.value);
    return new ReportForm(form, here, parcel, isNew);
  }

  private constructor(form: HTMLFormElement, here: Who, parcel: Parcel, isNew: boolean) {
    super(form, here, parcel, isNew);
    this.alike = new Alike(form, this.tray, () => this.parts());
    this.start();
    followType(form);
    new PlacePicker(form.querySelector<HTMLElement>("[data-place-picker]") as HTMLElement, form);
    form.addEventListener("huipai:placed", () => this.look());
  }

  protected override title(): string {
    return this.chosen()?.closest("label")?.querySelector("strong")?.textContent?.trim() ?? "";
  }

  protected override changed(): void {
    this.tellWhoSees();
    this.alike.look();
  }

  protected override stops(button: HTMLButtonElement | null): Promise<boolean> {
    return this.alike.stops(button);
  }

  protected override back(): void {
    this.alike.hide();
  }

  protected override faults(fields: Fields): Fault[] {
    const words = (key: string): string => this.form.getAttribute(`data-words-${key}`) ?? "";
    const found: Fault[] = [];
    if (this.tray.prints.length === 0) found.push(["upload-photo", words("no-photo")]);
    if (!fields.case_type) found.push(["pick-case_type", words("no-type")]);
    // Without a network there is no map to put a pin on: an address will do until there is one.
    if (!fields.lng && (navigator.onLine || !fields.address?.trim())) found.push(["place", words("no-place")]);
    for (const [at, label] of unanswered(this.form)) found.push([at, words("question").replace("{}", label)]);
    return found;
  }

  private chosen(): HTMLInputElement | null {
    return this.form.querySelector<HTMLInputElement>("[name=case_type]:checked");
  }

  /** One line, always true of what is chosen: who will see what. */
  private tellWhoSees(): void {
    const on = (name: string): boolean => this.form.querySelector<HTMLInputElement>(`[name=${name}]`)?.checked ?? false;
    const hidden = on("keep_private") || this.chosen()?.dataset.private !== undefined;
    for (const line of document.querySelectorAll<HTMLElement>("[data-sees]")) {
      const about = line.dataset.sees;
      line.hidden = about === "public" ? hidden : about === "private" ? !hidden : (about === "named") !== on("show_name");
    }
  }
}
