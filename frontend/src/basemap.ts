// The map as we draw it ourselves, from the street's own data: no foreign tiles, no glyph server.
import {
  Map as GlMap,
  setWorkerUrl,
  type ExpressionSpecification,
  type LayerSpecification,
  type MapOptions,
  type StyleSpecification,
} from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import "./map.css";

setWorkerUrl(workerUrl);

type Kind = "land" | "block" | "park" | "water" | "road" | "main_road" | "bridge" | "tram" | "building" | "place" | "micro_grid";

export interface Base {
  layers: Partial<Record<Kind, GeoJSON.FeatureCollection>>;
  bounds: [number, number, number, number] | null;
  tiles: string;
}

const kinds: Kind[] = ["land", "block", "park", "water", "road", "main_road", "bridge", "tram", "building", "place", "micro_grid"];
const nothing: GeoJSON.FeatureCollection = { type: "FeatureCollection", features: [] };
const fonts = ["PingFang SC", "HarmonyOS Sans SC", "Noto Sans SC", "Noto Sans CJK SC", "Microsoft YaHei UI", "sans-serif"];

const day = {
  land: "#F4EFE5", block: "#EDE6D8", building: "#DFD5C2", park: "#D9E6C7", water: "#BFDBDF", road: "#FFFFFF", casing: "#DED3BF",
  main: "#FFF4D6", mainCasing: "#DCCBA3", lane: "#F8F4EC", label: "#6B5F4B", halo: "#FFFDF9", place: "#4A4133", edge: "#0E5F68",
  waterLabel: "#2F6C77", tram: "#B9AE97",
};
const night: typeof day = {
  land: "#0F1817", block: "#15211F", building: "#1D2B29", park: "#182A1E", water: "#12343A", road: "#273634", casing: "#0B1211",
  main: "#364643", mainCasing: "#0B1211", lane: "#1B2826", label: "#93A39E", halo: "#0F1817", place: "#C9D2CC", edge: "#63C4C4",
  waterLabel: "#7FB6BD", tram: "#42544F",
};

export function isNight(): boolean {
  const asked = document.documentElement.dataset.theme;
  return asked ? asked === "huipai-dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

/** A width given in metres on the ground; `least` pixels when far away. */
function metres(width: ExpressionSpecification | number, least: number): ExpressionSpecification {
  return ["interpolate", ["exponential", 2], ["zoom"], 11, least, 20, ["*", width, 7.9]] as ExpressionSpecification;
}

const width: ExpressionSpecification = ["coalesce", ["get", "width"], 13];
const isMain: ExpressionSpecification = ["==", ["get", "way"], "main"];
const isSmall: ExpressionSpecification = ["in", ["get", "way"], ["literal", ["lane", "path"]]];

function roads(source: Kind, c: typeof day): LayerSpecification[] {
  const all = source === "main_road" ? true : isMain;
  const colour = (main: string, small: string, other: string): ExpressionSpecification =>
    ["case", all, main, isSmall, small, other] as ExpressionSpecification;
  const round = { "line-cap": "round", "line-join": "round" } as const;
  return [
    { id: `${source}-case`, type: "line", source, layout: round, filter: ["!", isSmall],
      paint: { "line-color": colour(c.mainCasing, c.casing, c.casing), "line-width": metres(["*", width, 1.28], 1.6) } },
    { id: source, type: "line", source, layout: round,
      paint: { "line-color": colour(c.main, c.lane, c.road), "line-width": metres(width, 1) } },
  ] as LayerSpecification[];
}

function labels(c: typeof day): LayerSpecification[] {
  const along = (source: Kind): LayerSpecification => ({
    id: `${source}-name`, type: "symbol", source, minzoom: 13.5, filter: ["!", isSmall],
    layout: { "symbol-placement": "line", "symbol-spacing": 340, "text-field": ["get", "name"], "text-font": fonts, "text-size": 12.5, "text-letter-spacing": 0.12 },
    paint: { "text-color": c.label, "text-halo-color": c.halo, "text-halo-width": 1.6 },
  });
  return [
    along("road"),
    along("main_road"),
    { id: "water-name", type: "symbol", source: "water", minzoom: 13, filter: ["!=", ["get", "kind"], "pond"],
      layout: { "text-field": ["get", "name"], "text-font": fonts, "text-size": 13, "text-letter-spacing": 0.3 },
      paint: { "text-color": c.waterLabel, "text-halo-color": c.water, "text-halo-width": 1 } },
    { id: "place-name", type: "symbol", source: "place", minzoom: 13.6,
      layout: { "text-field": ["get", "name"], "text-font": fonts, "text-size": ["interpolate", ["linear"], ["zoom"], 14, 12, 17, 15],
        "text-padding": 6, "symbol-sort-key": ["coalesce", ["get", "rank"], 3] },
      paint: { "text-color": c.place, "text-halo-color": c.land, "text-halo-width": 2 } },
  ];
}

function style(base: Base): StyleSpecification {
  const c = isNight() ? night : day;
  const sources: StyleSpecification["sources"] = {};
  for (const kind of kinds) sources[kind] = { type: "geojson", data: base.layers[kind] ?? nothing };
  const fill = (source: Kind, color: string, minzoom = 0): LayerSpecification => ({ id: source, type: "fill", source, minzoom, paint: { "fill-color": color } });
  const tiles: LayerSpecification[] = [];
  if (base.tiles) {
    const tiled = base.tiles.startsWith("/") ? location.origin + base.tiles : base.tiles;
    sources["tiles"] = { type: "raster", tiles: [tiled], tileSize: 256, maxzoom: 18 };
    tiles.push({ id: "tiles", type: "raster", source: "tiles" });
  }
  const drawn: LayerSpecification[] = [
    fill("land", c.land), fill("block", c.block), fill("park", c.park), fill("water", c.water), fill("building", c.building, 13.5),
    ...roads("road", c), ...roads("main_road", c),
    { id: "bridge", type: "line", source: "bridge", paint: { "line-color": c.road, "line-width": metres(width, 1) } },
    { id: "tram", type: "line", source: "tram", paint: { "line-color": c.tram, "line-width": 1.5, "line-dasharray": [4, 3] } },
  ];
  return {
    version: 8,
    sources,
    layers: [
      { id: "paper", type: "background", paint: { "background-color": c.land } },
      ...(base.tiles ? tiles : drawn),
      { id: "micro_grid", type: "line", source: "micro_grid", minzoom: 12.5, layout: { "line-cap": "round" },
        paint: { "line-color": c.edge, "line-opacity": ["interpolate", ["linear"], ["zoom"], 12.5, 0.15, 15, 0.6], "line-width": ["interpolate", ["linear"], ["zoom"], 13, 1.2, 16, 2.4], "line-dasharray": [0.1, 3] } },
      ...(base.tiles ? [] : labels(c)),
    ],
  };
}

export async function draw(box: HTMLElement, options: Partial<MapOptions>): Promise<GlMap> {
  const answer = await fetch(box.dataset.base ?? "", { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`map data: ${answer.status}`);
  const base = (await answer.json()) as Base;
  const map = new GlMap({
    container: box,
    style: style(base),
    center: [Number(box.dataset.lng), Number(box.dataset.lat)],
    zoom: Number(box.dataset.zoom ?? 14),
    minZoom: 11,
    maxZoom: 19,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    ...(base.bounds ? { maxBounds: spread(base.bounds) } : {}),
    locale: { "Map.Title": box.dataset.label ?? "" },
    ...options,
  });
  map.touchZoomRotate.disableRotation();
  await map.once("load");
  return map;
}

function spread([west, south, east, north]: [number, number, number, number]): [number, number, number, number] {
  const [x, y] = [(east - west) * 1.5, (north - south) * 1.5]; // a wide strip shows much beside a small street
  return [west - x, south - y, east + x, north + y];
}
