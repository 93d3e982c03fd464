// Every map on the page: our own drawing, with the pins of the list that stands beside it. Loaded when it comes into view.
import { LngLatBounds, Marker, type Map as GlMap } from "maplibre-gl";
import { draw } from "./basemap";
import { Heaps } from "./heaps";
import { itemsOf, Pins, type Item } from "./pins";

function fit(map: GlMap, items: Item[], me?: [number, number], top = 52): void {
  const spots = [...items.map((item) => item.at), ...(me ? [me] : [])];
  if (spots.length === 0) return;
  const bounds = spots.reduce((box, spot) => box.extend(spot), new LngLatBounds(spots[0], spots[0]));
  map.fitBounds(bounds, { padding: { top, bottom: 16, left: 32, right: 32 }, maxZoom: 16.5, animate: false });
}

/** To a whole area that the page names; true where it names one. */
function fitEdges(map: GlMap, edges: string | undefined): boolean {
  const [west, south, east, north] = (edges ?? "").split(",").map(Number);
  if (!edges || west === undefined || south === undefined || east === undefined || north === undefined) return false;
  const show = (): unknown => map.fitBounds([west, south, east, north], { padding: 24, animate: false });
  show();
  map.on("resize", show);
  return true;
}

function showRoute(map: GlMap, items: Item[], me?: [number, number]): void {
  const line: GeoJSON.Feature = {
    type: "Feature",
    properties: {},
    geometry: { type: "LineString", coordinates: [...(me ? [me] : []), ...items.map((item) => item.at)] },
  };
  const source = map.getSource("route");
  if (source && "setData" in source) (source as { setData(data: GeoJSON.Feature): void }).setData(line);
  else {
    map.addSource("route", { type: "geojson", data: line });
    map.addLayer({ id: "route", type: "line", source: "route", layout: { "line-cap": "round", "line-join": "round" },
      paint: { "line-color": getComputedStyle(document.documentElement).getPropertyValue("--color-primary").trim(), "line-width": 5, "line-dasharray": [0.1, 1.8] } });
  }
}

function addLocate(box: HTMLElement, map: GlMap): void {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "map-locate";
  button.setAttribute("aria-label", box.dataset.locateLabel ?? "");
  button.innerHTML =
    '<svg class="i" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" aria-hidden="true"><path d="M9 12a3 3 0 1 0 6 0a3 3 0 1 0 -6 0"/><path d="M4 12a8 8 0 1 0 16 0a8 8 0 1 0 -16 0"/><path d="M12 2l0 2"/><path d="M12 20l0 2"/><path d="M20 12l2 0"/><path d="M2 12l2 0"/></svg>';
  const dot = document.createElement("div");
  dot.className = "me";
  const here = new Marker({ element: dot });
  button.addEventListener("click", () => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        here.setLngLat([coords.longitude, coords.latitude]).addTo(map);
        map.easeTo({ center: [coords.longitude, coords.latitude], zoom: 16 });
      },
      () => button.remove(),
      { enableHighAccuracy: true, timeout: 10_000 },
    );
  });
  box.append(button);
}

function showMe(map: GlMap, at: [number, number] | undefined): void {
  if (!at) return;
  const dot = document.createElement("div");
  dot.className = "me";
  new Marker({ element: dot }).setLngLat(at).addTo(map);
}

/** Where the phone is, as today.ts has found out; it stays on this page. */
function meOf(list: HTMLElement | null): [number, number] | undefined {
  const [lng, lat] = (list?.dataset.me ?? "").split(",").map(Number);
  return list?.dataset.me && lng !== undefined && lat !== undefined ? [lng, lat] : undefined;
}

/** A map whose pins come by the view; the list beside it is one page of the same. */
function openHeaps(box: HTMLElement, map: GlMap, list: HTMLElement | null, items: Item[]): void {
  const whole = fitEdges(map, box.dataset.edges);
  if (!whole && "fit" in box.dataset) fit(map, items, undefined, 120); // below the search field
  if (!("still" in box.dataset)) addLocate(box, map); // nobody stands in front of a screen on a wall with a phone
  new Heaps(map, box, list);
  box.dataset.drawn = "yes";
}

async function open(box: HTMLElement): Promise<void> {
  const still = "still" in box.dataset;
  const map = await draw(box, { interactive: !still });
  const list = document.getElementById(box.dataset.map ?? "");
  let items = itemsOf(list); // only now: the list may have been put in order while the map was drawn
  box.querySelector("[data-map-fallback]")?.remove();
  if (box.dataset.heaps) {
    openHeaps(box, map, list, items);
    return;
  }
  const pins = new Pins(map, "numbered" in box.dataset, items);
  const arrange = (): void => {
    if ("fit" in box.dataset) fit(map, items, meOf(list));
    // A way is drawn only where there is one: without a position the list is in the order of its hours.
    if ("route" in box.dataset && meOf(list)) showRoute(map, items, meOf(list));
    showMe(map, meOf(list));
  };
  arrange();
  if ("locate" in box.dataset && !still) addLocate(box, map);
  list?.addEventListener("focusin", (event) => {
    const row = (event.target as HTMLElement).closest("[data-lng]");
    pins.choose(items.find((item) => item.row === row) ?? null);
  });
  // today.ts puts the list into walking order; htmx may bring another list.
  document.addEventListener("huipai:order", () => {
    items = itemsOf(list);
    pins.replace(items);
    arrange();
  });
  document.addEventListener("htmx:afterSettle", () => {
    items = itemsOf(document.getElementById(box.dataset.map ?? ""));
    pins.replace(items);
  });
  box.dataset.drawn = "yes";
}

const seen = new IntersectionObserver(
  (entries) => {
    for (const entry of entries.filter(({ isIntersecting }) => isIntersecting)) {
      seen.unobserve(entry.target);
      open(entry.target as HTMLElement).catch(() => {
        entry.target.setAttribute("data-drawn", "no"); // the list says the same
      });
    }
  },
  { rootMargin: "120px" },
);
document.querySelectorAll<HTMLElement>("[data-map]").forEach((box) => seen.observe(box));
