// The claim form: one item of the rulebook, and what shows the deed. The page of an item holds that item alone; the empty
// page that a phone keeps holds them all, and shows of the form what the chosen one asks for.
import type { Fault } from "./faults";
import { KeptForm, type Fields } from "./kept_form";
import { parcelOf } from "./kept_parcel";
import type { Parcel } from "./outbox/store";
import type { Who } from "./outbox/who";

export class ClaimForm extends KeptForm {
  static async open(form: HTMLFormElement): Promise<ClaimForm> {
    const { here, parcel, isNew } = await parcelOf("claim", form.querySelector<HTMLInputElement>("[name=claim_id]")?.value);
    return new ClaimForm(form, here, parcel, isNew);
  }

  private constructor(form: HTMLFormElement, here: Who, parcel: Parcel, isNew: boolean) {
    super(form, here, parcel, isNew);
    if (isNew) this.chooseByAddress();
    this.start();
  }

  protected override title(): string {
    return this.item()?.dataset.title ?? "";
  }

  protected override isBegun(fields: Fields): boolean {
    return super.isBegun(fields) || !!fields.note?.trim();
  }

  protected override changed(): void {
    const item = this.item();
    const wanted = new Set((item?.dataset.asks ?? "").split(" "));
    for (const part of this.form.querySelectorAll<HTMLElement>("[data-asked]")) {
      part.hidden = !(part.dataset.asked ?? "").split(" ").some((one) => wanted.has(one));
    }
    for (const part of this.form.querySelectorAll<HTMLElement>("[data-asked-both]")) {
      // What was put there for another item stays to be seen, and to be taken off.
      part.hidden = !(part.dataset.askedBoth ?? "").split(" ").every((one) => wanted.has(one)) && !part.querySelector("li");
    }
    const code = this.form.querySelector<HTMLInputElement>("[name=code]")?.value;
    for (const note of this.form.querySelectorAll<HTMLElement>("[data-scanned]")) note.hidden = !code;
    for (const line of this.form.querySelectorAll<HTMLElement>("[data-of-item]")) line.hidden = line.dataset.ofItem !== item?.value;
  }

  protected override read(): Fields {
    const fields = super.read();
    // What was typed for another item is not said of this one.
    for (const part of this.form.querySelectorAll<HTMLElement>("[data-asked][hidden]")) {
      for (const input of part.querySelectorAll<HTMLInputElement>("[name]")) delete fields[input.name];
    }
    return fields;
  }

  protected override faults(fields: Fields): Fault[] {
    const item = this.item();
    const words = (key: string): string => this.form.getAttribute(`data-words-${key}`) ?? "";
    if (!item) return [["pick-item", words("no-item")]];
    const found: Fault[] = [];
    const asks = (item.dataset.asks ?? "").split(" ");
    for (const measure of (item.dataset.measures ?? "").split(" ")) {
      if (measure && !fields[measure]?.trim()) found.push([`f-${measure}`, words("no-amount")]);
    }
    const takesPictures = asks.includes("photo") || asks.includes("screenshot");
    const shown = (takesPictures && this.prints.length > 0) || (asks.includes("note") && !!fields.note?.trim()) || (asks.includes("on_site_code") && !!fields.code);
    if (!shown) found.push([takesPictures ? "upload-photo" : "f-note", words("no-evidence")]);
    return found;
  }

  /** The one of this page, or the one that is chosen. */
  private item(): HTMLInputElement | null {
    return this.form.querySelector<HTMLInputElement>("[name=item][type=hidden], [name=item]:checked");
  }

  /** The worker shows the page of all items in place of one's page, or of a port's, that cannot be fetched. */
  private chooseByAddress(): void {
    const [, place, name] = /\/points\/(items|ports|on-site)\/([^/]+)\//.exec(location.pathname) ?? [];
    if (place === "on-site") {
      const code = this.form.querySelector<HTMLInputElement>("[name=code]");
      if (code) code.value = decodeURIComponent(name ?? "");
    }
    if (!place || this.item()?.type === "hidden") return;
    for (const group of this.form.querySelectorAll<HTMLDetailsElement>("details[data-port]")) {
      const input = place === "items" ? group.querySelector<HTMLInputElement>(`[name=item][value="${CSS.escape(name ?? "")}"]`) : null;
      if (input) input.checked = true;
      group.open = input !== null || group.dataset.port === name;
    }
  }
}
