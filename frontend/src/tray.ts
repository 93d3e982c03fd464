// The photos of a form as thumbnails: taken, looked at, put in order, taken off. What becomes of a photo is the owner's.
import type { Claims } from "./claims";
import { readClaims, shrink } from "./photo";
import { uuid7 } from "./uuid7";

export interface Print {
  id: string;
  blob: Blob;
  claims: Claims;
  item: HTMLLIElement;
  bar: HTMLProgressElement;
  tray: Tray;
}

export interface Owner {
  added(print: Print): void;
  removed(print: Print): void;
  moved(prints: readonly Print[]): void;
}

const MOST = 9;

const A_DAY = 86_400_000;

/** Whether a photo says of itself that it was taken at another time than about now. */
function isOdd(takenAt: string | undefined): takenAt is string {
  return takenAt !== undefined && Math.abs(Date.now() - Date.parse(takenAt)) > A_DAY;
}

function inWords(takenAt: string): string {
  return new Date(takenAt).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
}

export class Tray {
  readonly prints: Print[] = [];
  /** Under which its photos are sent. */
  readonly name: string;
  private readonly list: HTMLElement;
  private readonly status: HTMLElement;
  private readonly dialog: HTMLDialogElement | null;
  private looked: Print | undefined;
  private unfit = false; // a photo was not taken: said until the next one is chosen

  constructor(
    readonly box: HTMLElement,
    private readonly form: HTMLFormElement,
    private readonly owner: Owner,
  ) {
    this.name = box.dataset.name ?? "photo";
    this.list = box.querySelector<HTMLElement>("[data-upload-list]") as HTMLElement;
    this.status = box.querySelector<HTMLElement>("[data-upload-status]") as HTMLElement;
    this.dialog = box.querySelector<HTMLDialogElement>("[data-upload-dialog]");
    for (const input of box.querySelectorAll<HTMLInputElement>("[data-upload-input]")) {
      input.removeAttribute("name"); // the form sends ids, not the file a second time
      input.addEventListener("change", () => this.takeFrom(input));
      this.takeFrom(input); // a quick thumb on a slow phone: chosen before this script was here
    }
    for (const button of box.querySelectorAll<HTMLButtonElement>("[data-shot-remove]")) {
      button.hidden = false; // sent before; without a script it stays
      button.addEventListener("click", () => button.closest("li")?.remove());
    }
    for (const button of this.dialog?.querySelectorAll<HTMLButtonElement>("[data-move]") ?? []) {
      button.addEventListener("click", () => this.move(Number(button.dataset.move)));
    }
    this.dialog?.querySelector("[data-done]")?.addEventListener("click", () => this.dialog?.close());
    this.dialog?.querySelector("[data-remove]")?.addEventListener("click", () => {
      if (this.looked) this.remove(this.looked);
      this.dialog?.close();
    });
  }

  private takeFrom(input: HTMLInputElement): void {
    const files = [...(input.files ?? [])];
    if (files.length === 0) return;
    void this.add(files);
    input.value = "";
  }

  async add(files: File[]): Promise<void> {
    this.unfit = false;
    for (const file of files) {
      if (this.list.children.length >= Number(this.box.dataset.most ?? MOST)) return this.say("most", true);
      if (file.size === 0) {
        this.refuse("empty");
        continue;
      }
      this.say("reading");
      const claims = await readClaims(file);
      if (claims.source === "exif") this.tellPlace(claims);
      else this.form.dispatchEvent(new CustomEvent("huipai:placeless"));
      this.owner.added(this.show(uuid7(), await shrink(file), claims));
    }
  }

  show(id: string, blob: Blob, claims: Claims): Print {
    const item = document.createElement("li");
    item.className = "shot-done";
    const look = document.createElement("button");
    look.type = "button";
    look.className = "shot-look";
    look.setAttribute("aria-label", this.words("photo"));
    const picture = document.createElement("img");
    picture.src = URL.createObjectURL(blob);
    picture.alt = "";
    // A HEIC that this browser cannot show is sent all the same.
    picture.onerror = () => {
      const tile = this.box.querySelector<HTMLTemplateElement>("[data-upload-blind]")?.content.cloneNode(true);
      picture.replaceWith(...(tile ? [tile] : []));
    };
    look.append(picture);
    const bar = document.createElement("progress");
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", this.words("sending"));
    const remove = document.createElement("button");
    remove.type = "button";
    remove.className = "shot-remove";
    remove.textContent = "✕";
    remove.setAttribute("aria-label", this.words("remove"));
    item.append(look, bar, remove);
    if (isOdd(claims.takenAt)) item.append(this.dated(claims.takenAt));
    this.list.append(item);
    const print: Print = { id, blob, claims, item, bar, tray: this };
    look.addEventListener("click", () => this.look(print));
    remove.addEventListener("click", () => this.remove(print));
    this.prints.push(print);
    return print;
  }

  /** An old photo is seen to be one before it is sent. */
  private dated(takenAt: string): HTMLElement {
    const line = document.createElement("small");
    line.className = "shot-dated";
    line.textContent = new Date(takenAt).toLocaleDateString(document.documentElement.lang);
    return line;
  }

  remove(print: Print): void {
    const at = this.prints.indexOf(print);
    if (at < 0) return;
    print.item.remove();
    this.prints.splice(at, 1);
    this.owner.removed(print);
  }

  /** How many bytes of a photo have been acknowledged. */
  progress(print: Print, bytes: number): void {
    const part = print.blob.size > 0 ? Math.min(1, bytes / print.blob.size) : 1;
    print.bar.value = part;
    print.bar.hidden = part >= 1;
  }

  /** Why a photo is not taken: stays to be read while the others are sent. */
  refuse(words: string): void {
    this.say(words, true);
    this.unfit = true;
  }

  /** The sentence of a refusal: the server's own, ours for its code where a proxy had none. */
  reason(said: string | undefined, code = ""): string {
    return said || this.words(code) || this.words("failed");
  }

  words(key: string): string {
    return this.box.getAttribute(`data-words-${key}`) ?? "";
  }

  say(words: string, wrong = false): void {
    if (this.unfit && !wrong) return;
    this.status.textContent = this.words(words) || words;
    this.status.classList.toggle("text-error", wrong);
    this.status.classList.toggle("font-semibold", wrong);
  }

  private look(print: Print): void {
    if (!this.dialog) return;
    this.looked = print;
    const seen = print.item.querySelector("img");
    const picture = this.dialog.querySelector("img") as HTMLImageElement;
    picture.src = seen?.src ?? "";
    picture.hidden = !seen;
    (this.dialog.querySelector("[data-unseen]") as HTMLElement).hidden = !!seen;
    this.count();
    const taken = this.dialog.querySelector("[data-upload-taken]");
    if (taken) taken.textContent = print.claims.takenAt ? this.words("taken").replace("{when}", inWords(print.claims.takenAt)) : "";
    this.dialog.showModal();
  }

  private move(by: number): void {
    const print = this.looked;
    const from = print ? this.prints.indexOf(print) : -1;
    const to = from + by;
    if (!print || from < 0 || to < 0 || to >= this.prints.length) return;
    this.prints.splice(from, 1);
    this.prints.splice(to, 0, print);
    this.prints.forEach((one) => this.list.append(one.item));
    this.count();
    this.owner.moved(this.prints);
  }

  private count(): void {
    const at = this.looked ? this.prints.indexOf(this.looked) + 1 : 0;
    const line = this.dialog?.querySelector("[data-upload-which]");
    if (line) line.textContent = this.words("which").replace("{n}", String(at)).replace("{of}", String(this.prints.length));
    for (const button of this.dialog?.querySelectorAll<HTMLButtonElement>("[data-move]") ?? []) {
      const to = at + Number(button.dataset.move);
      button.hidden = to < 1 || to > this.prints.length;
    }
  }

  private tellPlace(claims: Claims): void {
    this.form.dispatchEvent(new CustomEvent("huipai:place", { detail: { lng: claims.lng, lat: claims.lat, source: "exif" } }));
  }
}
