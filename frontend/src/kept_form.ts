// A form on a phone: everything goes into the phone's own store as it is taken and typed, and is sent from there. What
// is special to a kind is in `report_form`, `claim_form`, `deed_form`, `find_form` and `good_deed_form`.
import { makeBusy } from "./busy";
import { offerDraft } from "./drafts";
import { showFaults, type Fault } from "./faults";
import { showKept } from "./kept_note";
import type { Verdict } from "./outbox/deliver";
import { ADD_TO, APART, partFrom, putAgain, rejoined, settled, takeOff, wentWith } from "./outbox/apart";
import { holdOpen } from "./outbox/editing";
import { askToKeep } from "./outbox/keep";
import { editAt, receivedAt } from "./outbox/kinds";
import { CAME_BEFORE, renewed } from "./outbox/renewing";
import { sendOne, sendShotsOf, takeBack } from "./outbox/run";
import { addShot, dropShot, edit, get, isLoose, listen, pictureOf, put, update, wasSent, type Parcel, type Why } from "./outbox/store";
import type { Who } from "./outbox/who";
import { holdSpot } from "./place";
import { Tray, type Print } from "./tray";

const NOT_FIELDS = new Set([
  "csrfmiddlewaretoken", "report_id", "claim_id", "deed_id", "find_id", "good_deed_id", "addition_id", "photo_id", "photo", "photo_album", "after_id", "screenshot_id", "screenshot_album",
]);
const FOUND = new Set(["lng", "lat", "position_source"]);
const AGAIN = 15_000;
export type Fields = Record<string, string>;

export abstract class KeptForm {
  /** One for each part of the form that takes photos. */
  private readonly trays: Tray[];
  protected readonly actions: HTMLElement | null;
  private saved: Promise<unknown> = Promise.resolve();
  private sending: Promise<unknown> = Promise.resolve();
  private again = 0;
  private left = false; // the form has been sent, or is kept: nothing is written into it any more
  private isGoing = false; // it is being sent from here
  private opened: Fields = {}; // what stood in the form when it was opened
  private readonly off: string[] = []; // photos that were taken off in it

  constructor(
    protected readonly form: HTMLFormElement,
    private readonly here: Who,
    protected parcel: Parcel,
    private isNew: boolean,
  ) {
    this.actions = document.querySelector<HTMLElement>("[data-report-actions]");
    this.trays = [...form.querySelectorAll<HTMLElement>("[data-upload]")].map(
      (box) =>
        new Tray(box, form, {
          added: (print) => this.added(print),
          removed: (print) => this.removed(print),
          moved: () => this.keep((now) => ({ ...now, shots: this.prints.flatMap((one) => now.shots.filter((shot) => shot.id === one.id)) })),
        }),
    );
  }

  protected get tray(): Tray {
    return this.trays[0] as Tray;
  }

  protected get prints(): Print[] {
    return this.trays.flatMap((one) => one.prints);
  }

  private say(words: string, wrong?: boolean): void {
    for (const one of this.trays) if (one.prints.length > 0) one.say(words, wrong);
  }

  // --- What a kind of form knows by itself.
  /** What the parcel is called in a list. */
  protected abstract title(): string;
  /** What is missing, said at once; the server looks again. */
  protected abstract faults(fields: Fields): Fault[];
  /** Something was put back, typed or chosen: what depends on it is shown anew. */
  protected abstract changed(): void;
  /** Whether there is something in it that nobody would want to lose. */
  protected isBegun(_fields: Fields): boolean {
    return this.prints.length > 0;
  }
  /** Whether something has to be answered before it is sent. */
  protected async stops(_button: HTMLButtonElement | null): Promise<boolean> {
    return false;
  }
  /** The moment by which it is told and sent: when it was begun. */
  protected madeAt(begun: number): number {
    return begun;
  }
  /** What was only shown before sending makes way. */
  protected back(): void {}
  /** The server said no: what comes with it is shown beside what was typed. */
  protected refused(_why: Why): void {}

  /** Put back what was kept, and listen. */
  protected start(): void {
    this.fill();
    queueMicrotask(() => (this.opened = this.read())); // as the kind has laid it out
    this.form.addEventListener("submit", (event) => this.submit(event), { capture: true });
    this.form.addEventListener("input", () => this.look());
    listen(() => void this.refresh());
    window.addEventListener("online", () => this.sendShots());
    if (this.isNew) void offerDraft(this.parcel, this.here, (fields) => this.isBegun(fields));
    else void this.showShots();
    const why = this.parcel.why;
    if (why?.code === APART) void this.goesOn();
    if (why?.code === CAME_BEFORE || why?.code === ADD_TO) this.tell({ ...why, reason: this.words(why.code.replace("_", "-")) });
    else if (why?.reason && this.parcel.state === "draft") this.tell(why, why.at);
  }

  /** Something was typed or chosen. */
  protected look(): void {
    this.changed();
    this.typed();
  }

  // --- What is written goes into the store as it is written.
  private keep(change: (now: Parcel) => Parcel): void {
    if (this.left) return;
    this.saved = this.saved.then(async () => {
      if (this.isNew) {
        this.isNew = false;
        await holdOpen(this.parcel.id);
        await put(change(this.parcel));
      } else if (this.isGoing) await update(this.parcel.id, change);
      else if (!(await edit(this.parcel.id, change))) await this.lostIt(change);
    });
  }

  /** Another page that had the same in its form has sent it on its way, or thrown it away. */
  private async lostIt(change: (now: Parcel) => Parcel): Promise<void> {
    const went = await wentWith(this.parcel.id);
    if (!went || this.isChanged(went) || (await this.hasTakenOff())) await this.goOnApart(change);
  }

  private async goOnApart(change: (now: Parcel) => Parcel): Promise<void> {
    const written = { ...this.parcel, fields: this.read(), title: this.title() };
    if (await wentWith(this.parcel.id)) this.parcel = await partFrom(change(written), this.opened, this.prints, this.off);
    else await putAgain(written, this.prints, change);
  }

  /** Whether a photo was taken off in this page that still waits in the other's. */
  private async hasTakenOff(): Promise<boolean> {
    return !!(await get(this.parcel.id))?.shots.some((shot) => this.off.includes(shot.id));
  }

  /** Everything that stands here becomes what `change` makes of it; apart where another page has sent it on its way. */
  protected async become(change: (now: Parcel) => Parcel): Promise<Parcel> {
    this.look();
    this.saved = this.saved.then(async () => {
      if (!(await edit(this.parcel.id, change))) await this.goOnApart(change);
    });
    await this.saved;
    this.left = true;
    return (await get(this.parcel.id)) ?? this.parcel;
  }

  /** Whether anything in this form was not there when it was opened, and no photo of that kind went with the other page. */
  private isChanged(went: string[]): boolean {
    const now = this.read();
    // A place that the phone found by itself is nobody's word.
    const isMine = (name: string): boolean => !!this.opened[name] || !FOUND.has(name);
    const isSame = [...Object.keys(now), ...Object.keys(this.opened)].every((name) => !isMine(name) || (now[name] ?? "") === (this.opened[name] ?? ""));
    const known = new Set([...went, ...this.parcel.shots.map((shot) => shot.id)]);
    return !isSame || this.prints.some((print) => !known.has(print.id));
  }

  /** What was parted from one that another page sent: joined to it while that waits; once it has arrived, its person sees so
   *  first. Whether this page is left for that. */
  private async goesOn(): Promise<boolean> {
    if (this.parcel.why?.code !== APART) return false;
    const now = await settled(this.parcel);
    if (now === this.parcel) return false;
    this.left = true;
    location.replace(editAt(now));
    return true;
  }

  /** Between the words of two pages in one field: where they may be many lines, a new one. A number is no word, and an
   *  address says the one place that is meant. */
  private between(name: string): string | undefined {
    const field = this.form.querySelector<HTMLInputElement | HTMLTextAreaElement>(`[name="${name}"]`);
    if (field instanceof HTMLTextAreaElement) return "\n";
    return field instanceof HTMLInputElement && field.type === "text" && !field.inputMode && name !== "address" ? "；" : undefined;
  }

  private async joinsAgain(): Promise<void> {
    const whole = this.parcel.why?.code === APART ? await rejoined(this.parcel, this.prints, (name) => this.between(name)) : undefined;
    if (!whole) return;
    this.parcel = whole;
    for (const box of this.form.querySelectorAll<HTMLInputElement>("input[type=checkbox]")) box.checked = whole.fields[box.name] === box.value;
    this.fill();
  }

  private typed(): void {
    const fields = this.read();
    // A form that was only looked at leaves nothing behind.
    if (this.isNew && !this.isBegun(fields)) return;
    this.keep((now) => ({ ...now, fields, title: this.title() }));
  }

  protected read(): Fields {
    const fields: Fields = {};
    for (const [name, value] of new FormData(this.form)) {
      if (!NOT_FIELDS.has(name) && typeof value === "string") fields[name] = value;
    }
    return fields;
  }

  /** Put back what was typed before. */
  private fill(): void {
    for (const [name, value] of Object.entries(this.parcel.fields)) {
      // Whoever mends it has the page before them: it speaks of what stands, and is asked, there now.
      if (name === "round" || name === "editions") continue;
      if (name === "spot") holdSpot(this.form, value);
      for (const input of this.form.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>(`[name="${name}"]`)) {
        if (input instanceof HTMLInputElement && ["radio", "checkbox"].includes(input.type)) {
          input.checked = input.value === value;
          if (input.checked) input.closest("details")?.setAttribute("open", "");
        } else input.value = value;
      }
    }
    this.changed();
  }

  private async showShots(): Promise<void> {
    for (const shot of (await get(this.parcel.id))?.shots ?? []) {
      const picture = await pictureOf(shot.id);
      if (!picture) continue;
      const tray = this.trays.find((one) => one.name === shot.part) ?? this.tray;
      if (shot.raw || shot.size === 0) {
        await tray.add([new File([picture], "photo", { type: picture.type })]);
        await this.saved;
        await dropShot(this.parcel.id, shot.id);
      } else tray.progress(tray.show(shot.id, picture, shot.claims), shot.sent);
    }
    if (this.parcel.why?.shot) this.takeOff(this.parcel.why);
    this.sendShots();
  }

  // --- Photos.
  private added(print: Print): void {
    const fields = this.read();
    this.keep((now) => ({ ...now, fields, title: this.title() }));
    this.saved = this.saved.then(async () => {
      if ((await get(this.parcel.id))?.shots.some((shot) => shot.id === print.id)) return; // put away with all the others
      await addShot(this.parcel.id, { id: print.id, claims: print.claims, size: print.blob.size, sent: 0, part: print.tray.name }, print.blob);
    });
    void this.saved.then(() => this.sendShots());
  }

  private removed(print: Print): void {
    this.saved = this.saved.then(async () => {
      const like = (await get(this.parcel.id))?.shots.find((shot) => shot.id === print.id)?.like;
      this.off.push(print.id);
      // On its way from here it is this page's still: nothing parts from it.
      if (this.isGoing) await dropShot(this.parcel.id, print.id);
      else if (!(await takeOff(this.parcel.id, print.id))) await this.lostIt((now) => now);
      else if (like) await edit(this.parcel.id, (now) => ({ ...now, off: [...(now.off ?? []), like] }));
    });
    void this.saved.then(() => this.refresh()).then(() => this.sendShots());
  }

  private sendShots(): void {
    if (this.left || this.prints.length === 0) return;
    if (!navigator.onLine) return this.say(this.offline);
    this.say("sending");
    this.sending = this.sending
      .then(() => this.saved)
      .then(() => sendShotsOf(this.parcel.id))
      .then((verdict) => {
        if (verdict.kind === "refused") this.takeOff(verdict.why);
        else if (verdict.kind === "later") this.sendLater(verdict.why);
        else if (verdict.kind === "held") this.say(verdict.why.reason || "offline");
        return this.refresh();
      });
  }

  /** No network, or a server that cannot take it now: said, kept, and tried again while the form is open. */
  private sendLater(why: Why): void {
    this.say(why.code === "offline" ? this.offline : why.reason || "unreachable", why.code !== "offline");
    window.clearTimeout(this.again);
    this.again = window.setTimeout(() => this.sendShots(), AGAIN);
  }

  /** The server will not have this photo: the same one would get the same answer. */
  private takeOff(why: Why): Tray {
    const print = this.print(why.shot);
    const tray = print?.tray ?? this.tray;
    if (print) tray.remove(print);
    tray.refuse(tray.reason(why.reason, why.code));
    // The others may go on.
    if (this.prints.length > 0) void this.saved.then(() => sendShotsOf(this.parcel.id)).then(() => this.refresh());
    return tray;
  }

  /** What becomes of photos where there is no network. */
  private get offline(): string {
    return isLoose(this.parcel.id) ? "full" : "offline";
  }

  private print(id: string | undefined): Print | undefined {
    return this.prints.find((one) => one.id === id);
  }

  private async refresh(): Promise<void> {
    const now = await get(this.parcel.id);
    // Sent by another page: what stands here besides is put away at once.
    if (!now && !this.left && !this.isGoing && !this.isNew && (await wasSent(this.parcel.id))) this.typed();
    if (!now) return;
    for (const shot of now.shots) {
      const print = this.print(shot.id);
      print?.tray.progress(print, shot.sent);
    }
    const left = now.shots.reduce((sum, shot) => sum + shot.size - shot.sent, 0);
    if (left === 0 && now.shots.length > 0 && now.state === "draft") this.say("sent");
    const line = this.actions?.querySelector<HTMLElement>("[data-report-left]");
    if (line) line.textContent = left > 0 && now.state === "waiting" ? (line.dataset.words ?? "").replace("{}", megabytes(left)) : "";
  }

  // --- Sending.
  private submit(event: SubmitEvent): void {
    event.preventDefault();
    event.stopImmediatePropagation();
    if (this.form.dataset.busy === "yes") return;
    const asIs = (event.submitter as HTMLButtonElement | null)?.formNoValidate ?? false; // put aside as far as it is filled in
    const faults = asIs ? [] : this.faults(this.read());
    if (faults.length > 0) return showFaults(faults);
    this.form.dataset.busy = "yes";
    const button = event.submitter instanceof HTMLButtonElement ? event.submitter : null;
    const calm = button ? makeBusy(button) : () => undefined;
    void this.send(button).finally(() => {
      delete this.form.dataset.busy;
      calm();
    });
  }

  private async send(button: HTMLButtonElement | null): Promise<void> {
    if (await this.stops(button)) return;
    this.typed();
    await this.saved;
    await this.joinsAgain();
    if (await this.goesOn()) return;
    const fields = this.read();
    delete fields.same;
    const title = this.title();
    if (button?.name) fields[button.name] = button.value;
    this.keep(({ why: _why, alikeAt: _alikeAt, ...now }) => ({ ...now, fields, title, madeAt: this.madeAt(now.madeAt), owner: now.owner || this.here.person, state: "waiting", tries: 0, nextAt: 0 }));
    await this.saved;
    askToKeep();
    this.isGoing = true;
    try {
      const verdict = navigator.onLine || !(await get(this.parcel.id)) ? await sendOne(this.parcel.id) : undefined;
      await this.after(verdict ?? { kind: "later", why: { code: "offline", reason: "" } });
    } finally {
      this.isGoing = false;
    }
  }

  private async after(verdict: Verdict): Promise<void> {
    if (verdict.kind === "sent") {
      this.left = true;
      location.assign(verdict.url ?? receivedAt(this.parcel));
    } else if (verdict.kind === "edited") {
      this.left = true;
      const fresh = await renewed(this.parcel.id);
      location.assign(fresh ? editAt(fresh) : receivedAt(this.parcel));
    } else if (verdict.kind === "refused") {
      await takeBack(this.parcel.id);
      const why = verdict.why.shot ? { ...verdict.why, reason: this.tray.reason(verdict.why.reason, verdict.why.code) } : verdict.why;
      const at = why.shot ? `upload-${this.takeOff(why).name}` : why.at;
      this.back();
      this.tell(why, at);
    } else if (verdict.kind !== "stopped" && isLoose(this.parcel.id)) {
      await takeBack(this.parcel.id); // no room for it on the phone: it stays in its form
      this.back();
      this.tell({ ...verdict.why, reason: this.words("full") || verdict.why.reason });
    } else if (verdict.kind !== "stopped") {
      this.left = true;
      this.back();
      showKept(this.parcel, verdict.why, this.parts());
    } else {
      this.back();
      this.tell({ code: "", reason: this.words("elsewhere") });
    }
  }

  /** What makes way when something else has to be read. */
  protected parts(): HTMLElement[] {
    return [this.form, ...document.querySelectorAll<HTMLElement>("[data-report-actions],[data-call-first]")];
  }

  private words(key: string): string {
    return document.querySelector("[data-kept]")?.getAttribute(`data-words-${key}`) ?? "";
  }

  private tell(why: Why, at = ""): void {
    this.refused(why);
    showFaults([[at, why.reason]]);
  }
}

function megabytes(bytes: number): string {
  return `${Math.max(0.1, bytes / 1_048_576).toFixed(1)}\u00a0MB`;
}
