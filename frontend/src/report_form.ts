// The report form on a phone: everything goes into the phone's own store as it is taken and typed, and is sent from there.
import { Alike } from "./alike";
import { makeBusy } from "./busy";
import type { Verdict } from "./outbox/deliver";
import { askToKeep } from "./outbox/keep";
import { drop, sendOne, sendShotsOf, takeBack } from "./outbox/run";
import { addShot, all, dropShot, get, listen, pictureOf, put, update, wasSent, type Parcel, type Why } from "./outbox/store";
import { who, type Who } from "./outbox/who";
import { PlacePicker } from "./place";
import { Tray, type Print } from "./tray";
import { uuid7 } from "./uuid7";

const NOT_FIELDS = new Set(["csrfmiddlewaretoken", "report_id", "photo_id", "photo", "photo_album"]);
const A_WEEK = 7 * 86_400_000;
type Fault = [at: string, words: string];

export class ReportForm {
  private readonly tray: Tray;
  private readonly actions: HTMLElement | null;
  private readonly alike: Alike;
  private saved: Promise<unknown> = Promise.resolve();
  private sending: Promise<unknown> = Promise.resolve();
  private left = false; // the form has been sent, or is kept: nothing is written into it any more

  /** The form for one parcel: the one that is named in the address, or a new one. */
  static async open(form: HTMLFormElement): Promise<ReportForm> {
    const here = who();
    if (!here) throw new Error("no street");
    const wanted = new URLSearchParams(location.search).get("parcel");
    const found = wanted ? await get(wanted) : undefined;
    if (wanted && !found && (await wasSent(wanted))) location.replace(`/s/${here.street}/reports/${wanted}/received/`);
    const theirs = found && found.street === here.street && (!found.owner || found.owner === here.person);
    if (found && theirs && (await takeBack(found.id))) return new ReportForm(form, here, (await get(found.id)) as Parcel, false);
    if (found && theirs) location.replace(`/s/${found.street}/reports/${found.id}/received/`);
    const own = form.querySelector<HTMLInputElement>("[name=report_id]")?.value || uuid7();
    const fresh: Parcel = {
      id: own, street: here.street, streetId: here.streetId, owner: here.person, state: "draft", fields: {}, title: "",
      shots: [], madeAt: Date.now(), tries: 0, nextAt: 0, asked: false,
    };
    return new ReportForm(form, here, fresh, true);
  }

  private constructor(
    private readonly form: HTMLFormElement,
    private readonly here: Who,
    private parcel: Parcel,
    private isNew: boolean,
  ) {
    this.actions = document.querySelector<HTMLElement>("[data-report-actions]");
    const box = form.querySelector<HTMLElement>("[data-upload]") as HTMLElement;
    this.tray = new Tray(box, form, {
      added: (print) => this.added(print),
      removed: (print) => this.removed(print),
      moved: (prints) => this.keep((now) => ({ ...now, shots: prints.flatMap((one) => now.shots.filter((shot) => shot.id === one.id)) })),
    });
    this.alike = new Alike(form, this.tray, () => this.parts());
    this.fill();
    new PlacePicker(form.querySelector<HTMLElement>("[data-place-picker]") as HTMLElement, form);
    form.addEventListener("submit", (event) => this.submit(event), { capture: true });
    form.addEventListener("input", () => {
      this.tellWhoSees();
      this.alike.look();
      this.typed();
    });
    form.addEventListener("huipai:placed", () => {
      this.alike.look();
      this.typed();
    });
    listen(() => void this.refresh());
    window.addEventListener("online", () => this.sendShots());
    if (this.isNew) void this.offerDraft();
    else void this.showShots();
    if (parcel.why?.reason && parcel.state === "draft") this.showFaults([[parcel.why.at ?? "", parcel.why.reason]]);
  }

  // --- What is written goes into the store as it is written.
  private keep(change: (now: Parcel) => Parcel): void {
    if (this.left) return;
    this.saved = this.saved.then(async () => {
      if (this.isNew) {
        this.isNew = false;
        await put(change(this.parcel));
      } else await update(this.parcel.id, change);
    });
  }

  private typed(): void {
    // A form that was only looked at leaves nothing behind.
    if (this.isNew && this.tray.prints.length === 0) return;
    const { fields, title } = this.read();
    this.keep((now) => ({ ...now, fields, title }));
  }

  private read(): { fields: Record<string, string>; title: string } {
    const fields: Record<string, string> = {};
    for (const [name, value] of new FormData(this.form)) {
      if (!NOT_FIELDS.has(name) && typeof value === "string") fields[name] = value;
    }
    const chosen = this.form.querySelector<HTMLInputElement>("[name=case_type]:checked");
    return { fields, title: chosen?.closest("label")?.querySelector("strong")?.textContent?.trim() ?? "" };
  }

  /** Put back what was typed before. */
  private fill(): void {
    for (const [name, value] of Object.entries(this.parcel.fields)) {
      for (const input of this.form.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>(`[name="${name}"]`)) {
        if (input instanceof HTMLInputElement && ["radio", "checkbox"].includes(input.type)) {
          input.checked = input.value === value;
          if (input.checked) input.closest("details")?.setAttribute("open", "");
        } else input.value = value;
      }
    }
    this.tellWhoSees();
  }

  /** One line, always true of what is chosen: who will see what. */
  private tellWhoSees(): void {
    const on = (name: string): boolean => this.form.querySelector<HTMLInputElement>(`[name=${name}]`)?.checked ?? false;
    const chosen = this.form.querySelector<HTMLInputElement>("[name=case_type]:checked");
    const hidden = on("keep_private") || chosen?.dataset.private !== undefined;
    for (const line of this.actions?.querySelectorAll<HTMLElement>("[data-sees]") ?? []) {
      const about = line.dataset.sees;
      line.hidden = about === "public" ? hidden : about === "private" ? !hidden : (about === "named") !== on("show_name");
    }
  }

  private async showShots(): Promise<void> {
    for (const shot of (await get(this.parcel.id))?.shots ?? []) {
      const picture = await pictureOf(shot.id);
      if (!picture) continue;
      if (shot.raw) {
        await this.tray.add([new File([picture], "photo", { type: picture.type })]);
        await this.saved;
        await dropShot(this.parcel.id, shot.id);
      } else this.tray.progress(this.tray.show(shot.id, picture, shot.claims), shot.sent / shot.size);
    }
    if (this.parcel.why?.shot) this.takeOff(this.parcel.why);
    this.sendShots();
  }

  /** Something begun within a week and never sent: offered, not pressed on anybody. */
  private async offerDraft(): Promise<void> {
    const mine = (await all()).filter(
      (one) => one.state === "draft" && one.street === this.here.street && one.owner === this.here.person && one.shots.length > 0,
    );
    const last = mine.filter((one) => one.madeAt > Date.now() - A_WEEK).at(-1);
    for (const old of mine.filter((one) => one.madeAt <= Date.now() - A_WEEK)) void drop(old.id);
    const offer = document.querySelector<HTMLElement>("[data-draft]");
    if (!last || !offer) return;
    offer.hidden = false;
    const link = offer.querySelector<HTMLAnchorElement>("[data-draft-open]");
    if (link) link.href = `?parcel=${last.id}`;
    offer.querySelector("[data-draft-drop]")?.addEventListener("click", () => {
      offer.hidden = true;
      void drop(last.id);
    });
  }

  // --- Photos.
  private added(print: Print): void {
    const { fields, title } = this.read();
    this.keep((now) => ({ ...now, fields, title }));
    this.saved = this.saved.then(() => addShot(this.parcel.id, { id: print.id, claims: print.claims, size: print.blob.size, sent: 0 }, print.blob));
    void this.saved.then(() => this.sendShots());
  }

  private removed(print: Print): void {
    this.saved = this.saved.then(() => dropShot(this.parcel.id, print.id));
    void this.saved.then(() => this.refresh()).then(() => this.sendShots());
  }

  private sendShots(): void {
    if (this.left || this.tray.prints.length === 0) return;
    if (!navigator.onLine) return this.tray.say("offline");
    this.tray.say("sending");
    this.sending = this.sending
      .then(() => this.saved)
      .then(() => sendShotsOf(this.parcel.id))
      .then((verdict) => {
        if (verdict.kind === "refused") this.takeOff(verdict.why);
        else if (verdict.kind === "later") this.tray.say("offline");
        else if (verdict.kind === "held") this.tray.say(verdict.why.reason || this.tray.words("offline"));
        return this.refresh();
      });
  }

  /** The server will not have this photo: the same one would get the same answer. */
  private takeOff(why: Why): void {
    const print = this.tray.prints.find((one) => one.id === why.shot);
    if (print) this.tray.remove(print);
    this.tray.say(why.reason || this.tray.words("failed"), true);
    // The others may go on.
    if (this.tray.prints.length > 0) void this.saved.then(() => sendShotsOf(this.parcel.id)).then(() => this.refresh());
  }

  private async refresh(): Promise<void> {
    const now = await get(this.parcel.id);
    if (!now) return;
    for (const shot of now.shots) {
      const print = this.tray.prints.find((one) => one.id === shot.id);
      if (print) this.tray.progress(print, shot.sent / shot.size);
    }
    const left = now.shots.reduce((sum, shot) => sum + shot.size - shot.sent, 0);
    if (left === 0 && now.shots.length > 0 && now.state === "draft") this.tray.say("sent");
    const line = this.actions?.querySelector<HTMLElement>("[data-report-left]");
    if (line) line.textContent = left > 0 && now.state === "waiting" ? (line.dataset.words ?? "").replace("{}", megabytes(left)) : "";
  }

  // --- Sending.
  private submit(event: SubmitEvent): void {
    event.preventDefault();
    event.stopImmediatePropagation();
    if (this.form.dataset.busy === "yes") return;
    const faults = this.faults(this.read().fields);
    if (faults.length > 0) return this.showFaults(faults);
    this.form.dataset.busy = "yes";
    const button = event.submitter instanceof HTMLButtonElement ? event.submitter : null;
    const calm = button ? makeBusy(button) : () => undefined;
    void this.send(button).finally(() => {
      delete this.form.dataset.busy;
      calm();
    });
  }

  private async send(button: HTMLButtonElement | null): Promise<void> {
    if (await this.alike.stops(button)) return;
    const { fields, title } = this.read();
    delete fields.same;
    if (button?.name) fields[button.name] = button.value;
    this.keep(({ why: _why, ...now }) => ({ ...now, fields, title, owner: now.owner || this.here.person, state: "waiting", tries: 0, nextAt: 0 }));
    await this.saved;
    askToKeep();
    const verdict = navigator.onLine ? await sendOne(this.parcel.id) : undefined;
    await this.after(verdict ?? { kind: "later", why: { code: "offline", reason: "" } });
  }

  private async after(verdict: Verdict): Promise<void> {
    if (verdict.kind === "sent") {
      this.left = true;
      location.assign(`/s/${this.parcel.street}/reports/${this.parcel.id}/received/`);
    } else if (verdict.kind === "refused") {
      await takeBack(this.parcel.id);
      if (verdict.why.shot) this.takeOff(verdict.why);
      this.alike.hide();
      this.showFaults([[verdict.why.shot ? "upload-photo" : (verdict.why.at ?? ""), verdict.why.reason]]);
    } else if (verdict.kind !== "stopped") this.showKept(verdict.why);
  }

  /** It lies safe on the phone: said in place of the form, which has done its part. */
  private showKept(why: Why): void {
    this.left = true;
    const kept = document.querySelector<HTMLElement>("[data-kept]");
    if (!kept) return;
    for (const part of kept.querySelectorAll<HTMLElement>("[data-when]")) {
      part.hidden = !(part.dataset.when ?? "").split(" ").includes(known(why.code));
    }
    const settle = kept.querySelector<HTMLAnchorElement>("[data-kept-settle]");
    if (settle) {
      settle.hidden = !why.url;
      const back = encodeURIComponent(`/s/${this.parcel.street}/mine/`);
      if (why.url) settle.href = `${why.url}?next=${back}`;
    }
    this.alike.hide();
    for (const part of this.parts()) part.hidden = true;
    document.querySelector<HTMLElement>("[data-draft]")?.setAttribute("hidden", "");
    kept.hidden = false;
    window.scrollTo(0, 0);
    kept.querySelector<HTMLElement>("h2")?.focus();
    // When it goes while this page is still open, the page says so.
    listen(() => void sendOnIfGone(this.parcel));
  }

  /** What makes way when something else has to be read. */
  private parts(): HTMLElement[] {
    return [this.form, ...document.querySelectorAll<HTMLElement>("[data-report-actions],[data-call-first]")];
  }

  // --- What is missing, said at once; the server looks again.
  private faults(fields: Record<string, string>): Fault[] {
    const words = (key: string): string => this.form.getAttribute(`data-words-${key}`) ?? "";
    const found: Fault[] = [];
    if (this.tray.prints.length === 0) found.push(["upload-photo", words("no-photo")]);
    if (!fields.case_type) found.push(["pick-case_type", words("no-type")]);
    // Without a network there is no map to put a pin on: an address will do until there is one.
    if (!fields.lng && (navigator.onLine || !fields.address?.trim())) found.push(["place", words("no-place")]);
    return found;
  }

  private showFaults(faults: Fault[]): void {
    const summary = document.querySelector<HTMLElement>("[data-faults]");
    const list = summary?.querySelector("ul");
    if (!summary || !list) return;
    const line = (summary.querySelector("template") as HTMLTemplateElement).content.firstElementChild as HTMLElement;
    list.replaceChildren(
      ...faults.map(([at, words]) => {
        const row = line.cloneNode(true) as HTMLElement;
        const link = row.querySelector("a") as HTMLAnchorElement;
        link.textContent = words;
        if (at) link.href = `#${at}`;
        else link.removeAttribute("href");
        return row;
      }),
    );
    const title = summary.querySelector("[data-faults-count]");
    if (title) title.textContent = (faults.length === 1 ? summary.dataset.one : (summary.dataset.more ?? "").replace("{}", String(faults.length))) ?? "";
    summary.hidden = false;
    const mark = summary.dataset.mark ?? "";
    if (!document.title.startsWith(mark)) document.title = mark + document.title;
    summary.focus();
  }
}

async function sendOnIfGone(parcel: Parcel): Promise<void> {
  if (!(await get(parcel.id))) location.assign(`/s/${parcel.street}/reports/${parcel.id}/received/`);
}

/** Which sentence belongs to a reason. */
function known(code: string): string {
  return ["offline", "unreachable", "street_gone", "sign_in_first", "other_person"].includes(code) ? code : code.endsWith("_first") ? "settle" : "unreachable";
}

function megabytes(bytes: number): string {
  return `${Math.max(0.1, bytes / 1_048_576).toFixed(1)}\u00a0MB`;
}
