// The report form: a place, a category, and what neighbours have reported already.
import { Alike } from "./alike";
import type { Fault } from "./faults";
import { KeptForm, type Fields } from "./kept_form";
import { parcelOf } from "./kept_parcel";
import "./outbox/alike";
import { greet } from "./outbox/deliver";
import { eldersOf, keepElders } from "./outbox/elders";
import type { Parcel, Why } from "./outbox/store";
import type { Who } from "./outbox/who";
import { PlacePicker } from "./place";
import { followType, unanswered } from "./questions";

function nameBeside(input: HTMLInputElement | null): string {
  return input?.closest("label")?.querySelector("strong")?.textContent?.trim() ?? "";
}

/** A page for somebody says for whom they may report, which is kept; the form for everybody offers what was kept. */
function offerElders(form: HTMLFormElement, here: Who, parcel: Parcel): void {
  const template = form.querySelector<HTMLTemplateElement>("[data-elders]");
  if (!template) {
    const elders = [...form.querySelectorAll<HTMLInputElement>("[name=for_elder]")].filter((one) => one.value);
    return keepElders(here, elders.map((one) => ({ id: one.value, name: nameBeside(one) })));
  }
  const elders = eldersOf(here);
  const asked = new URLSearchParams(location.search).get("for");
  const meant = parcel.fields.for_elder || asked;
  // For somebody whom this phone does not know, or no more: the report is theirs, and the server says what becomes of it.
  if (meant && !elders.some((one) => one.id === meant)) elders.push({ id: meant, name: "" });
  if (elders.length === 0) return;
  const choice = template.content.cloneNode(true) as DocumentFragment;
  const last = choice.querySelector("label:last-of-type") as HTMLLabelElement;
  for (const { id, name } of elders) {
    const row = last.cloneNode(true) as HTMLLabelElement;
    if (name) (row.querySelector("strong") as HTMLElement).textContent = name;
    const input = row.querySelector("input") as HTMLInputElement;
    input.value = id;
    if (id === asked) input.toggleAttribute("checked", true);
    last.before(row);
  }
  last.remove();
  form.querySelector("input[type=hidden][name=for_elder]")?.remove();
  template.replaceWith(choice);
}

export class ReportForm extends KeptForm {
  private readonly alike: Alike;

  static async open(form: HTMLFormElement): Promise<ReportForm> {
    const { here, parcel, isNew } = await parcelOf("report", form.querySelector<HTMLInputElement>("[name=report_id]")?.value);
    return new ReportForm(form, here, parcel, isNew);
  }

  private constructor(form: HTMLFormElement, here: Who, parcel: Parcel, isNew: boolean) {
    super(form, here, parcel, isNew);
    offerElders(form, here, parcel);
    // The form that a phone keeps holds no token: whoever is there now is asked for theirs, as before sending.
    const held = form.querySelector<HTMLInputElement>("[name=csrfmiddlewaretoken]")?.value;
    this.alike = new Alike(form, this.tray, () => this.parts(), async () => held ?? greet(parcel));
    this.start();
    followType(form);
    new PlacePicker(form.querySelector<HTMLElement>("[data-place-picker]") as HTMLElement, form);
    form.addEventListener("huipai:placed", () => this.look());
  }

  protected override title(): string {
    const elder = this.form.querySelector<HTMLInputElement>("[name=for_elder]:checked");
    const whose = elder?.value ? (this.form.dataset.wordsFor ?? "").replace("{}", nameBeside(elder)) : "";
    return [whose, nameBeside(this.chosen())].filter(Boolean).join(" · ");
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

  protected override refused(why: Why): void {
    if (why.code === "own_is_open") this.form.querySelector("[data-own-open]")?.removeAttribute("hidden");
    if (why.at === "place") this.form.querySelector<HTMLButtonElement>("[data-spot-button]")?.click();
  }

  protected override faults(fields: Fields): Fault[] {
    const words = (key: string): string => this.form.getAttribute(`data-words-${key}`) ?? "";
    const found: Fault[] = [];
    if (this.tray.prints.length === 0) found.push(["upload-photo", words("no-photo")]);
    if (!fields.case_type) found.push(["pick-case_type", words("no-type")]);
    // No map, no position: a place from the list, or an address that the server looks up.
    if (!fields.lng && !fields.spot && !fields.address?.trim()) found.push(["place", words("no-place")]);
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
