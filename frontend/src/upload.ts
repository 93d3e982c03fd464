// Photos go out as soon as they are taken, one by one, each under an id made here; the form then carries only the ids.
import { readClaims, shrink, type Claims } from "./photo";
import { uuid7 } from "./uuid7";

type State = "sending" | "sent" | "failed";

interface Shot {
  id: string;
  blob: Blob;
  claims: Claims;
  state: State;
  item: HTMLLIElement;
  bar: HTMLProgressElement;
}

export class Uploads {
  private readonly shots: Shot[] = [];
  private readonly list: HTMLElement;
  private readonly status: HTMLElement;

  constructor(
    private readonly box: HTMLElement,
    private readonly form: HTMLFormElement,
  ) {
    this.list = box.querySelector<HTMLElement>("[data-upload-list]") as HTMLElement;
    this.status = box.querySelector<HTMLElement>("[data-upload-status]") as HTMLElement;
    for (const input of box.querySelectorAll<HTMLInputElement>("[data-upload-input]")) {
      input.removeAttribute("name"); // the form sends ids, not the file a second time
      input.addEventListener("change", () => this.takeFrom(input));
      this.takeFrom(input); // a quick thumb on a slow phone: chosen before this script was here
    }
    window.addEventListener("online", () => this.again());
  }

  get busy(): boolean {
    return this.shots.some((shot) => shot.state === "sending");
  }

  /** Whether something still lies here because the network is gone; says so, and tries once more. */
  get stuck(): boolean {
    const stuck = !navigator.onLine || this.shots.some((shot) => shot.state === "failed");
    if (!stuck) return false;
    this.say("offline", true);
    if (navigator.onLine) this.again();
    return true;
  }

  private takeFrom(input: HTMLInputElement): void {
    const files = [...(input.files ?? [])];
    if (files.length === 0) return;
    void this.add(files);
    input.value = "";
  }

  async add(files: File[]): Promise<void> {
    for (const file of files) {
      this.say("reading");
      const claims = await readClaims(file);
      if (claims.source === "exif") this.tellPlace(claims);
      else this.form.dispatchEvent(new CustomEvent("huipai:placeless"));
      const shot = this.show(await shrink(file), claims);
      this.send(shot);
    }
  }

  private show(blob: Blob, claims: Claims): Shot {
    const item = document.createElement("li");
    item.className = "shot-done";
    const picture = document.createElement("img");
    picture.src = URL.createObjectURL(blob);
    picture.alt = this.words("photo");
    picture.onerror = () => picture.remove(); // a HEIC that this browser cannot show is sent all the same
    const bar = document.createElement("progress");
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", this.words("sending"));
    const remove = document.createElement("button");
    remove.type = "button";
    remove.textContent = "✕";
    remove.setAttribute("aria-label", this.words("remove"));
    item.append(picture, bar, remove);
    this.list.append(item);
    const shot: Shot = { id: uuid7(), blob, claims, state: "sending", item, bar };
    remove.addEventListener("click", () => {
      item.remove();
      this.shots.splice(this.shots.indexOf(shot), 1);
      this.settle();
    });
    this.shots.push(shot);
    return shot;
  }

  private send(shot: Shot): void {
    shot.state = "sending";
    this.say("sending");
    const data = new FormData();
    data.append("photo_id", shot.id);
    data.append("position_source", shot.claims.source);
    if (shot.claims.lng !== undefined && shot.claims.lat !== undefined) {
      data.append("lng", String(shot.claims.lng));
      data.append("lat", String(shot.claims.lat));
    }
    if (shot.claims.takenAt) data.append("taken_at", shot.claims.takenAt);
    data.append("file", shot.blob, "photo.jpg");
    const call = new XMLHttpRequest();
    call.open("POST", this.box.dataset.upload ?? "");
    call.setRequestHeader("Accept", "application/json");
    call.setRequestHeader("X-CSRFToken", this.form.querySelector<HTMLInputElement>("[name=csrfmiddlewaretoken]")?.value ?? "");
    call.upload.onprogress = (event) => {
      if (event.lengthComputable) shot.bar.value = event.loaded / event.total;
    };
    call.onload = () => (call.status < 300 ? this.sent(shot) : this.refused(shot, call.responseText));
    call.onerror = () => this.failed(shot, this.words(navigator.onLine ? "failed" : "offline"));
    call.send(data);
  }

  private sent(shot: Shot): void {
    shot.state = "sent";
    shot.bar.remove();
    const id = document.createElement("input");
    id.type = "hidden";
    id.name = `${this.box.dataset.name}_id`;
    id.value = shot.id;
    shot.item.append(id);
    this.settle();
  }

  /** The server said no, and why: the same photo would get the same answer. */
  private refused(shot: Shot, body: string): void {
    let reason = this.words("failed");
    try {
      reason = (JSON.parse(body) as { reason?: string }).reason ?? reason;
    } catch {
      // not our JSON: the general sentence says enough
    }
    shot.item.remove();
    this.shots.splice(this.shots.indexOf(shot), 1);
    this.settle();
    this.say(reason, true);
  }

  private failed(shot: Shot, words: string): void {
    shot.state = "failed";
    this.settle();
    this.say(words, true);
  }

  private again(): void {
    this.shots.filter((shot) => shot.state === "failed").forEach((shot) => this.send(shot));
  }

  private settle(): void {
    if (this.busy) return;
    if (this.shots.some((shot) => shot.state === "sent")) this.say("sent");
    this.form.dispatchEvent(new CustomEvent("huipai:uploaded"));
  }

  private tellPlace(claims: Claims): void {
    this.form.dispatchEvent(new CustomEvent("huipai:place", { detail: { lng: claims.lng, lat: claims.lat, source: "exif" } }));
  }

  private words(key: string): string {
    return this.box.getAttribute(`data-words-${key}`) ?? "";
  }

  private say(words: string, wrong = false): void {
    this.status.textContent = this.words(words) || words;
    this.status.classList.toggle("text-error", wrong);
    this.status.classList.toggle("font-semibold", wrong);
  }
}
