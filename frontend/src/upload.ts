// Photos of a form that is sent as a form: each goes out in pieces as soon as it is taken; the form then carries the ids.
import { sendInPieces, type Told } from "./outbox/pieces";
import { Tray, type Print } from "./tray";

type State = "sending" | "sent" | "failed";
const AGAIN = 15_000;

export class Uploads {
  private readonly tray: Tray;
  private readonly states = new Map<Print, State>();
  private readonly arrived = new Map<Print, number>();
  private why = "failed"; // what was said of the last one that did not go
  private next = 0;

  constructor(
    private readonly box: HTMLElement,
    private readonly form: HTMLFormElement,
  ) {
    this.tray = new Tray(box, form, {
      added: (print) => this.send(print),
      removed: (print) => {
        this.states.delete(print);
        this.settle();
      },
      moved: () => undefined, // the ids stand in the thumbnails, so they move with them
    });
    window.addEventListener("online", () => this.again());
  }

  get busy(): boolean {
    return this.has("sending");
  }

  /** Whether something still lies here because the network is gone; says so, and tries once more. */
  get stuck(): boolean {
    const stuck = !navigator.onLine || this.has("failed");
    if (!stuck) return false;
    this.tray.say(navigator.onLine ? this.why : "offline", true);
    if (navigator.onLine) this.again();
    return true;
  }

  private has(state: State): boolean {
    return [...this.states.values()].includes(state);
  }

  private send(print: Print): void {
    this.states.set(print, "sending");
    this.tray.say("sending");
    const arrived = async (bytes: number): Promise<boolean> => {
      this.arrived.set(print, bytes);
      this.tray.progress(print, bytes);
      return this.states.has(print);
    };
    sendInPieces((path, init) => this.call(path, init), print.id, print.blob, print.claims, this.arrived.get(print) ?? 0, arrived)
      .then((refusal) => {
        if (!refusal) this.sent(print);
        else if (refusal.status >= 400 && refusal.status < 500) this.refused(print, refusal.told);
        else this.failed(print, refusal.told.reason || "unreachable");
      })
      .catch(() => this.failed(print, navigator.onLine ? "unreachable" : "offline"));
  }

  private async call(path: string, init: RequestInit): Promise<{ status: number; told: Told }> {
    const token = this.form.querySelector<HTMLInputElement>("[name=csrfmiddlewaretoken]")?.value ?? "";
    const headers = { Accept: "application/json", "X-CSRFToken": token, ...(init.headers as Record<string, string>) };
    const answer = await fetch((this.box.dataset.upload ?? "").replace(/photos\/$/, path), { ...init, headers });
    return { status: answer.status, told: (await answer.json().catch(() => ({}))) as Told };
  }

  private sent(print: Print): void {
    this.states.set(print, "sent");
    this.tray.progress(print, print.blob.size);
    const id = document.createElement("input");
    id.type = "hidden";
    id.name = `${this.box.dataset.name}_id`;
    id.value = print.id;
    print.item.append(id);
    this.settle();
  }

  /** The server said no, and why: the same photo would get the same answer. */
  private refused(print: Print, told: Told): void {
    this.tray.remove(print);
    this.tray.refuse(this.tray.reason(told.reason, told.error));
  }

  private failed(print: Print, words: string): void {
    if (!this.states.has(print)) return; // taken off meanwhile
    this.states.set(print, "failed");
    this.why = words;
    this.settle();
    this.tray.say(words, true);
    window.clearTimeout(this.next);
    this.next = window.setTimeout(() => this.again(), AGAIN);
  }

  private again(): void {
    for (const [print, state] of this.states) if (state === "failed") this.send(print);
  }

  private settle(): void {
    if (this.busy) return;
    if (this.has("sent")) this.tray.say("sent");
    this.form.dispatchEvent(new CustomEvent("huipai:uploaded"));
  }
}
