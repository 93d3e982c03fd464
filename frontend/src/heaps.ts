// Pins and heaps of a view, counted in the database; asked for anew when the view has come to rest.
import { Marker, type Map as GlMap } from "maplibre-gl";
import { drawing, worstFirst } from "./pins";

interface Thing {
  state: string;
  code: string;
  href: string;
  title: string;
  place: string;
  src: string | null;
}

interface Heap {
  n: number;
  at: [number, number];
  states: string[];
  more?: boolean;
  title?: string; // what a square is called that holds no things of its own
  things?: Thing[]; // what lies on one spot, where no nearer view parts it
}

/** The chip of a state as the page has written it: colour, icon and words in one place. */
function chipOf(state: string): HTMLElement | null {
  const marks = document.querySelector<HTMLTemplateElement>("template[data-marks]");
  return marks?.content.querySelector<HTMLElement>(`[data-state="${CSS.escape(state)}"] .chip`) ?? null;
}

function familyOf(state: string): string {
  return [...(chipOf(state)?.classList ?? [])].find((name) => /^chip-(?!lg|waiting)/.test(name))?.slice(5) ?? "slate";
}

export class Heaps {
  private shown: Marker[] = [];
  private asking: AbortController | null = null;

  constructor(
    private readonly map: GlMap,
    private readonly box: HTMLElement,
    private readonly list: HTMLElement | null,
  ) {
    map.on("moveend", () => void this.ask());
    // A page that fetches itself asks for them; nobody has moved the map.
    document.addEventListener("huipai:heaps", () => void this.ask({ "X-By-Itself": "yes" }));
    void this.ask();
  }

  private async ask(more: Record<string, string> = {}): Promise<void> {
    this.asking?.abort();
    const asking = new AbortController();
    this.asking = asking;
    const address = new URL(this.box.dataset.heaps ?? "", window.location.href);
    const bounds = this.map.getBounds();
    address.searchParams.set("bbox", [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()].map((edge) => edge.toFixed(5)).join(","));
    address.searchParams.set("zoom", this.map.getZoom().toFixed(2));
    try {
      const answer = await fetch(address, { signal: asking.signal, headers: { Accept: "application/json", ...more } });
      if (!answer.ok) throw new Error(String(answer.status));
      this.draw(((await answer.json()) as { heaps: Heap[] }).heaps);
      document.dispatchEvent(new CustomEvent("huipai:heaps-came"));
    } catch {
      // Without a network the pins stay as they were; the list says the same, and a page that tells its age hears of it.
      if (!asking.signal.aborted) document.dispatchEvent(new CustomEvent("huipai:heaps-missed"));
    }
  }

  private draw(heaps: Heap[]): void {
    this.shown.forEach((marker) => marker.remove());
    this.shown = heaps.map((heap) => (heap.n === 1 ? this.pin(heap, heap.things?.[0]) : this.heap(heap, heap.things ?? [])));
    this.box.dataset.heapsDrawn = String(heaps.length);
  }

  private pin(heap: Heap, thing: Thing | undefined): Marker {
    const state = thing?.state ?? heap.states[0] ?? "reported";
    const chip = chipOf(state);
    const button = document.createElement("button");
    button.type = "button";
    button.tabIndex = -1; // the list beside the map is the way by keyboard
    button.className = `pin pin-${familyOf(state)}`;
    button.setAttribute("aria-label", [thing?.title ?? heap.title, chip?.textContent?.trim()].filter(Boolean).join("，"));
    button.append(drawing(chip?.querySelector<SVGElement>("svg.i") ?? null));
    button.addEventListener("click", () => this.open(thing ? [thing] : [], button));
    return new Marker({ element: button, anchor: "bottom", offset: [0, 8] }).setLngLat(heap.at).addTo(this.map);
  }

  private heap(heap: Heap, things: Thing[]): Marker {
    const families = heap.states.map(familyOf);
    const button = document.createElement("button");
    button.type = "button";
    button.tabIndex = -1;
    button.className = `cluster cluster-${worstFirst.find((family) => families.includes(family)) ?? "slate"}`;
    button.textContent = heap.more ? `${heap.n - 1}+` : String(heap.n);
    button.addEventListener("click", () => {
      if (things.length > 0) this.open(things, button);
      else this.map.easeTo({ center: heap.at, zoom: this.map.getZoom() + 1.6 });
    });
    return new Marker({ element: button }).setLngLat(heap.at).addTo(this.map);
  }

  /** The row in the list where it is one and is there, else a card over the map with each. */
  private open(things: Thing[], button: HTMLElement): void {
    this.shown.forEach((marker) => marker.getElement().setAttribute("aria-pressed", String(marker.getElement() === button)));
    this.list?.querySelectorAll(".is-chosen").forEach((row) => row.classList.remove("is-chosen"));
    const card = document.querySelector<HTMLElement>("[data-map-card]");
    const row = things.length === 1 ? this.list?.querySelector<HTMLElement>(`[data-id="${CSS.escape(things[0]?.code ?? "")}"]`) : null;
    if (row) {
      if (card) card.hidden = true;
      row.classList.add("is-chosen");
      row.scrollIntoView({ block: "nearest", behavior: "smooth" });
      row.querySelector<HTMLElement>("a")?.focus({ preventScroll: true });
      return;
    }
    if (!card || things.length === 0) return;
    card.replaceChildren(...things.map(linkOf));
    card.hidden = false;
    card.scrollTop = 0;
    card.querySelector("a")?.focus({ preventScroll: true });
  }
}

function linkOf(thing: Thing): HTMLAnchorElement {
  const link = document.createElement("a");
  link.href = thing.href;
  link.className = "card card-lift flex gap-3 items-center p-3";
  if (thing.src) {
    const picture = document.createElement("img");
    picture.src = thing.src;
    picture.alt = "";
    link.append(picture);
  }
  const words = document.createElement("span");
  const [title, place] = [document.createElement("strong"), document.createElement("span")];
  title.textContent = thing.title;
  place.textContent = thing.place;
  const chip = chipOf(thing.state);
  if (chip) words.append(chip.cloneNode(true));
  words.append(title, place);
  link.append(words);
  return link;
}
