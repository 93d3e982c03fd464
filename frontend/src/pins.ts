// Pins and clusters from the items of a list; the list stays the truth, the map only shows where.
import { Marker, type Map as GlMap } from "maplibre-gl";

export interface Item {
  row: HTMLElement;
  at: [number, number];
  family: string;
  words: string;
  number: string | undefined;
  mark: SVGElement | null;
}

export const worstFirst = ["red", "orange", "amber", "teal", "violet", "blue", "slate", "stone", "yellow", "green"];
const space = "http://www.w3.org/2000/svg";

export function itemsOf(list: HTMLElement | null): Item[] {
  const rows = list?.querySelectorAll<HTMLElement>("[data-lng][data-lat]") ?? [];
  return [...rows].map((row) => {
    const chip = row.querySelector<HTMLElement>(".chip");
    const family = [...(chip?.classList ?? [])].find((name) => /^chip-(?!lg|waiting)/.test(name))?.slice(5) ?? "slate";
    return {
      row,
      at: [Number(row.dataset.lng), Number(row.dataset.lat)],
      family,
      words: [row.dataset.title, chip?.textContent?.trim()].filter(Boolean).join("，"),
      number: row.dataset.number,
      mark: chip?.querySelector<SVGElement>("svg.i") ?? null,
    };
  });
}

/** The body of a pin with what stands on it: a number, an icon, or a white dot. */
export function drawing(icon: SVGElement | null, digits?: string): SVGElement {
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "-22 -40 44 48");
  svg.setAttribute("aria-hidden", "true");
  svg.innerHTML =
    '<circle class="pin-halo" r="20" cy="-4"/><ellipse cy="1" rx="7" ry="2.5" opacity=".25"/>' +
    '<path class="pin-body" d="M0 0C-4-7-15-12-15-22a15 15 0 0 1 30 0C15-12 4-7 0 0z"/>';
  if (digits) {
    const number = document.createElementNS(space, "text");
    number.setAttribute("class", "pin-number-on");
    number.setAttribute("y", "-17");
    number.textContent = digits;
    svg.append(number);
  } else if (icon) {
    const mark = icon.cloneNode(true) as SVGElement;
    mark.setAttribute("class", "pin-mark");
    for (const [name, value] of [["x", "-9"], ["y", "-31"], ["width", "18"], ["height", "18"]] as const) mark.setAttribute(name, value);
    svg.append(mark);
  } else {
    svg.insertAdjacentHTML("beforeend", '<circle cy="-22" r="5" fill="#fff"/>');
  }
  return svg;
}

/** Draws the pins of `items` on `map`; those that would touch become one with the worst state's colour and their number. */
export class Pins {
  private shown: Marker[] = [];
  private chosen: Item | null = null;

  constructor(
    private readonly map: GlMap,
    private readonly numbered: boolean,
    private items: Item[],
  ) {
    map.on("moveend", () => this.draw());
    this.draw();
  }

  replace(items: Item[]): void {
    this.items = items;
    this.draw();
  }

  choose(item: Item | null): void {
    this.chosen = item;
    this.items.forEach(({ row }) => row.classList.toggle("is-chosen", row === item?.row));
    this.draw();
  }

  private draw(): void {
    this.shown.forEach((marker) => marker.remove());
    this.shown = this.heaps().map((heap) => (heap.length === 1 ? this.pin(heap[0] as Item) : this.cluster(heap)));
  }

  private heaps(): Item[][] {
    const heaps: { x: number; y: number; items: Item[] }[] = [];
    for (const item of this.items) {
      const { x, y } = this.map.project(item.at);
      const near = heaps.find((heap) => Math.hypot(heap.x - x, heap.y - y) < 34);
      if (near) near.items.push(item);
      else heaps.push({ x, y, items: [item] });
    }
    return heaps.map((heap) => heap.items);
  }

  private pin(item: Item): Marker {
    const button = document.createElement("button");
    button.type = "button";
    button.tabIndex = -1; // the list beside the map is the way by keyboard
    button.className = `pin pin-${item.family}`;
    // The number that stands on the pin is part of its name.
    button.setAttribute("aria-label", [this.numbered ? item.number : "", item.words].filter(Boolean).join("，"));
    button.setAttribute("aria-pressed", String(item.row === this.chosen?.row));
    button.append(drawing(item.mark, this.numbered ? item.number : undefined));
    button.addEventListener("click", () => this.lead(item));
    return new Marker({ element: button, anchor: "bottom", offset: [0, 8] }).setLngLat(item.at).addTo(this.map);
  }

  /** Where several of the list lie side by side their numbers stand together; each press leads on to the next of them. */
  private number(button: HTMLButtonElement, heap: Item[]): void {
    const numbers = heap.map((item) => item.number ?? "");
    button.textContent = numbers.length > 3 ? `${numbers.slice(0, 2).join("·")} +${numbers.length - 2}` : numbers.join("·");
    // Begins with what stands on it, so that whoever speaks to their device can say what they see (WCAG 2.5.3).
    const each = heap.map((item) => [item.number, item.words].filter(Boolean).join("，"));
    button.setAttribute("aria-label", [button.textContent, ...each].join("；"));
    button.addEventListener("click", () => {
      const at = heap.findIndex((item) => item.row === this.chosen?.row);
      this.lead(heap[(at + 1) % heap.length] as Item);
    });
  }

  private lead(item: Item): void {
    this.choose(item);
    item.row.scrollIntoView({ block: "nearest", behavior: "smooth" });
    item.row.querySelector<HTMLElement>("a")?.focus({ preventScroll: true });
  }

  private cluster(heap: Item[]): Marker {
    const worst = worstFirst.find((family) => heap.some((item) => item.family === family)) ?? "slate";
    const button = document.createElement("button");
    button.type = "button";
    button.tabIndex = -1;
    button.className = `cluster cluster-${worst}`;
    const first = heap[0] as Item;
    if (this.numbered) this.number(button, heap);
    else {
      button.textContent = String(heap.length);
      button.addEventListener("click", () => this.map.easeTo({ center: first.at, zoom: this.map.getZoom() + 1.6 }));
    }
    return new Marker({ element: button }).setLngLat(first.at).addTo(this.map);
  }
}
