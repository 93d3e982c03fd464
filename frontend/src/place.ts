// Where it happened: the photo's own place or the phone's, offered and shown; moving the map is the last word.
type Source = "exif" | "device" | "pin" | "address";

interface Spot {
  lng: number;
  lat: number;
  source: Source;
}

const weight: Record<Source | "", number> = { "": 0, device: 1, exif: 2, pin: 3, address: 3 };

/** What was chosen from the list before the list is drawn: held in the form, so that it is neither lost nor unsaid. */
export function holdSpot(form: HTMLFormElement, chosen: string): void {
  const box = form.querySelector<HTMLElement>("[data-place-picker]");
  if (!box || !chosen || box.querySelector("[name=spot]")) return;
  const held = document.createElement("input");
  held.type = "hidden";
  held.name = "spot";
  held.value = chosen;
  box.append(held);
}

export class PlacePicker {
  private readonly words: HTMLElement;
  private readonly mapBox: HTMLElement;
  private goTo: ((lng: number, lat: number) => void) | null = null;
  private asking = 0;

  constructor(
    private readonly box: HTMLElement,
    private readonly form: HTMLFormElement,
  ) {
    this.words = box.querySelector<HTMLElement>("[data-place-words]") as HTMLElement;
    this.mapBox = box.querySelector<HTMLElement>("[data-map-pick]") as HTMLElement;
    form.addEventListener("huipai:place", (event) => this.offer((event as CustomEvent<Spot>).detail));
    form.addEventListener("huipai:placeless", () => this.askPhone(false));
    if (this.source) this.say(this.words.dataset[this.source] ?? "");
    this.offerPhone();
    this.offerList();
    if (this.held) void this.openList();
    this.watch();
  }

  private field(name: string): HTMLInputElement {
    return this.box.querySelector<HTMLInputElement>(`[name=${name}]`) as HTMLInputElement;
  }

  /** The system that lng and lat are written in; a form that came back may hold another than the map's. */
  private get system(): HTMLInputElement | null {
    return this.form.querySelector<HTMLInputElement>("[name=crs]");
  }

  private get source(): Source | "" {
    return this.field("position_source").value as Source | "";
  }

  /** A better source replaces a worse one; what a person has put down stays. */
  private offer(spot: Spot): void {
    if (weight[spot.source] < weight[this.source] || this.hasArea) return;
    this.put(spot);
    this.goTo?.(spot.lng, spot.lat);
  }

  private put({ lng, lat, source }: Spot): void {
    this.field("lng").value = lng.toFixed(7);
    this.field("lat").value = lat.toFixed(7);
    if (this.system) this.system.value = "wgs84";
    this.field("position_source").value = source;
    this.say(this.words.dataset[source] ?? "");
    this.form.dispatchEvent(new Event("huipai:placed"));
    void this.askWhere(lng, lat);
  }

  private say(words: string, wrong = false): void {
    const line = this.words.querySelector("span");
    if (line) line.textContent = words;
    this.words.classList.toggle("text-error", wrong);
    this.words.classList.toggle("font-semibold", wrong);
  }

  private offerPhone(): void {
    const button = this.box.querySelector<HTMLButtonElement>("[data-locate]");
    if (!button || !("geolocation" in navigator)) return;
    button.hidden = false;
    button.addEventListener("click", () => {
      this.field("position_source").value = "";
      this.askPhone(true);
    });
  }

  /** Beside the map stands a list of places by name; where no map draws it opens by itself. */
  private offerList(): void {
    const button = this.box.querySelector<HTMLButtonElement>("[data-spot-button]");
    if (button) button.hidden = false;
    button?.addEventListener("click", () => void this.openList(true));
    this.box.addEventListener("change", ({ target }) => {
      if (target instanceof HTMLSelectElement && target.name === "spot") this.choose(target.value);
      if (target === this.field("address") && this.box.querySelector("[data-spot-list]")) void this.openList();
    });
  }

  private get held(): HTMLInputElement | null {
    return this.box.querySelector<HTMLInputElement>("input[name=spot]");
  }

  private choose(value: string): void {
    this.held?.remove();
    const [west, north, area] = value.split(",");
    const [lng, lat] = [Number(west), Number(north)];
    if (!west || !north) return;
    if (area && "roughly" in this.box.dataset) return this.chooseArea(lng, lat);
    this.put({ lng, lat, source: "address" });
    this.goTo?.(lng, lat);
  }

  /** Whether somebody said which area it is, where that is all that is known. */
  private get hasArea(): boolean {
    const chosen = this.box.querySelector<HTMLSelectElement>("[name=spot]")?.value ?? "";
    return "roughly" in this.box.dataset && chosen.split(",").length > 2;
  }

  /** Somewhere in an area is no position: the list says which, and nothing else is sent. */
  private chooseArea(lng: number, lat: number): void {
    for (const name of ["lng", "lat", "position_source"]) this.field(name).value = "";
    const list = this.box.querySelector<HTMLSelectElement>("[name=spot]");
    this.say(`${this.words.dataset.address ?? ""}${this.words.dataset.both ?? ""}${list?.selectedOptions[0]?.textContent ?? ""}`);
    this.goTo?.(lng, lat);
    this.form.dispatchEvent(new Event("huipai:placed"));
  }

  /** The list as it is for the address that stands there; what was chosen in it stays chosen. */
  private async openList(byHand = false): Promise<void> {
    const button = this.box.querySelector<HTMLButtonElement>("[data-spot-button]");
    const before = this.box.querySelector<HTMLElement>("[data-spot-list]");
    const chosen = before?.querySelector("select")?.value || this.held?.value || "";
    try {
      const answer = await fetch(`${this.box.dataset.spots ?? ""}?address=${encodeURIComponent(this.field("address").value)}`, { headers: { Accept: "text/html" } });
      if (!answer.ok || answer.redirected) return;
      const list = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector<HTMLElement>("[data-spot-list]");
      const select = list?.querySelector("select");
      if (!list || !select) return;
      this.restore(select, chosen);
      (before ?? button)?.replaceWith(list);
      if (byHand) select.focus();
    } catch {
      this.openKept(before ?? button, chosen, byHand);
    }
  }

  /** Without a network: the list as the page was kept with it; where it was not, the button stays. */
  private openKept(place: HTMLElement | null, chosen: string, byHand: boolean): void {
    const kept = document.querySelector<HTMLTemplateElement>("template[data-spots-kept]");
    const list = kept?.content.querySelector<HTMLElement>("[data-spot-list]")?.cloneNode(true) as HTMLElement | undefined;
    const select = list?.querySelector("select");
    if (!place || !list || !select || place.matches("[data-spot-list]")) return; // the list that is there is as good
    this.restore(select, chosen);
    place.replaceWith(list);
    if (byHand) select.focus();
  }

  /** What was chosen is chosen in the list; where the list does not have it, it stays held. */
  private restore(select: HTMLSelectElement, chosen: string): void {
    select.value = chosen;
    if (select.value === chosen) this.held?.remove();
  }

  /** Asked when a photo carries no place, or by the button; a no of the phone is no error. */
  private askPhone(byHand: boolean): void {
    if (!("geolocation" in navigator)) return;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => this.offer({ lng: coords.longitude, lat: coords.latitude, source: "device" }),
      () => {
        if (byHand || !this.source) this.say(this.words.dataset.none ?? "");
      },
      { enableHighAccuracy: true, timeout: 10_000, maximumAge: 30_000 },
    );
  }

  /** 柳溪社区第 3 微网格, or 'outside', said before the form is sent. */
  private async askWhere(lng: number, lat: number): Promise<void> {
    const address = this.box.dataset.where;
    if (!address) return;
    this.asking += 1;
    const mine = this.asking;
    try {
      const answer = await fetch(`${address}?lng=${lng}&lat=${lat}`, { headers: { Accept: "application/json" } });
      if (!answer.ok || mine !== this.asking) return;
      const found = (await answer.json()) as { answer: string; words: string };
      const outside = found.answer === "outside"; // then only what to do about it is said
      const from = this.words.dataset[this.source];
      this.say((from && !outside ? from + this.words.dataset.both : "") + found.words, outside);
    } catch {
      // without the answer the place still stands; the server looks again when the form comes
    }
  }

  private watch(): void {
    const seen = new IntersectionObserver(([entry]) => {
      if (!entry?.isIntersecting) return;
      seen.disconnect();
      this.openMap().catch(() => this.openList());
    });
    seen.observe(this.mapBox);
  }

  private async openMap(): Promise<void> {
    const { draw } = await import("./basemap");
    if (this.field("lng").value && (this.system?.value ?? "wgs84") === "wgs84") {
      this.mapBox.dataset.lng = this.field("lng").value;
      this.mapBox.dataset.lat = this.field("lat").value;
    }
    const map = await draw(this.mapBox, {});
    this.mapBox.querySelector("[data-map-fallback]")?.remove();
    this.mapBox.insertAdjacentHTML(
      "beforeend",
      '<svg class="pick-here pin-teal" viewBox="-22 -40 44 48" aria-hidden="true"><ellipse cy="1" rx="7" ry="2.5" opacity=".25"/><path class="pin-body" d="M0 0C-4-7-15-12-15-22a15 15 0 0 1 30 0C15-12 4-7 0 0z"/><circle cy="-22" r="5" fill="#fff"/></svg>',
    );
    this.goTo = (lng, lat) => map.jumpTo({ center: [lng, lat], zoom: Math.max(map.getZoom(), 16) });
    if (this.field("lng").value) this.goTo(Number(this.mapBox.dataset.lng), Number(this.mapBox.dataset.lat));
    const pinned = (): void => {
      const { lng, lat } = map.getCenter();
      this.put({ lng, lat, source: "pin" });
    };
    map.on("click", (event) => {
      map.jumpTo({ center: event.lngLat });
      pinned();
    });
    map.on("moveend", (event) => {
      if ("originalEvent" in event && event.originalEvent) pinned();
    });
    this.mapBox.dataset.drawn = "yes";
  }
}
