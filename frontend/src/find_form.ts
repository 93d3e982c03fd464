// A find of a worker's own: before and after, which kind, where. What somebody else reported nearby stops it once.
import type { Fault } from "./faults";
import { KeptForm, type Fields } from "./kept_form";
import { parcelOf } from "./kept_parcel";
import { APART, unsorted } from "./outbox/apart";
import { editAt } from "./outbox/kinds";
import { update, type Parcel, type Why } from "./outbox/store";
import type { Who } from "./outbox/who";
import { PlacePicker } from "./place";

export class FindForm extends KeptForm {
  private readonly near = this.form.querySelector<HTMLElement>("[data-another]");
  private readonly isAnother = this.form.querySelector<HTMLInputElement>("[name=another]");
  private asked = "";

  static async open(form: HTMLFormElement): Promise<FindForm | undefined> {
    const { here, parcel, isNew } = await parcelOf("find", form.querySelector<HTMLInputElement>("[name=find_id]")?.value);
    if (here.person) return new FindForm(form, here, parcel, isNew);
    // The page out of the phone's store, and nobody is signed in: whose find would it be?
    for (const part of document.querySelectorAll<HTMLElement>("[data-find-part]")) part.hidden = part.dataset.findPart !== "nobody";
    return undefined;
  }

  private constructor(form: HTMLFormElement, here: Who, parcel: Parcel, isNew: boolean) {
    super(form, here, parcel, isNew);
    this.start();
    new PlacePicker(form.querySelector<HTMLElement>("[data-place-picker]") as HTMLElement, form);
    form.addEventListener("huipai:placed", () => this.look());
    this.door?.addEventListener("click", (event) => {
      event.preventDefault(); // everything lies on the phone already
      void this.asReport();
    });
  }

  private get door(): HTMLButtonElement | null {
    return this.form.querySelector<HTMLButtonElement>("[data-elsewhere]");
  }

  /** It lies in another's grid: everything goes along into the form of a report, to be looked over and sent from there. */
  private async asReport(): Promise<void> {
    const { another: _another, ...fields } = this.read();
    const fresh = await this.become((now) => ({ ...now, kind: "report", fields }));
    await update(fresh.id, ({ why, was, ...now }) => ({
      ...now, ...(why?.code === APART && { why, ...(was && { was }) }), shots: unsorted(now.shots),
    }));
    location.assign(editAt(fresh));
  }

  protected override title(): string {
    const chosen = this.form.querySelector<HTMLSelectElement>("[name=case_type]")?.selectedOptions[0];
    return (chosen?.value && chosen.textContent?.trim()) || (this.form.dataset.title ?? "");
  }

  protected override isBegun(fields: Fields): boolean {
    return super.isBegun(fields) || !!fields.text?.trim();
  }

  /** 'None of those' was said of one kind in one place, and of no other. */
  protected override changed(): void {
    const { case_type = "", lng = "", lat = "" } = this.read();
    const now = `${case_type} ${lng} ${lat}`;
    if (this.asked && this.asked !== now && this.near && this.isAnother) {
      this.isAnother.checked = false;
      this.near.hidden = true;
    } else if (this.near && this.isAnother?.checked) this.near.hidden = false;
    this.asked = now;
  }

  protected override refused(why: Why): void {
    if (this.door) this.door.hidden = !why.near && why.code !== "find_elsewhere";
    const list = this.near?.querySelector("ul");
    const row = this.near?.querySelector("template")?.content.firstElementChild;
    if (!this.near || !list || !row || !why.near) return;
    this.near.hidden = false;
    const moment = new Intl.DateTimeFormat(document.documentElement.lang || "zh-CN", { month: "long", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    list.replaceChildren(
      ...why.near.map((one) => {
        const line = row.cloneNode(true) as HTMLElement;
        (line.querySelector("a") as HTMLAnchorElement).href = one.url;
        for (const [part, words] of Object.entries({ words: one.words, when: moment.format(new Date(one.when)) })) {
          (line.querySelector(`[data-${part}]`) as HTMLElement).textContent = words;
        }
        return line;
      }),
    );
  }

  protected override faults(fields: Fields): Fault[] {
    const words = (key: string): string => this.form.getAttribute(`data-words-${key}`) ?? "";
    const found: Fault[] = [];
    for (const side of ["photo", "after"]) {
      if (!this.prints.some((one) => one.tray.name === side)) found.push([`upload-${side}`, words(`no-${side}`)]);
    }
    if (!fields.case_type) found.push(["pick-case_type", words("no-type")]);
    // Without a network there is no map to put a pin on: an address will do until there is one.
    if (!fields.lng && (navigator.onLine || !fields.address?.trim())) found.push(["place", words("no-place")]);
    return found;
  }
}
