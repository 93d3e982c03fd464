// Metres between two places, worked out on the phone.
export type Spot = [number, number];

const RADIUS = 6_371_000;

export function metresBetween([lng1, lat1]: Spot, [lng2, lat2]: Spot): number {
  const rad = Math.PI / 180;
  const h = Math.sin(((lat2 - lat1) * rad) / 2) ** 2 + Math.cos(lat1 * rad) * Math.cos(lat2 * rad) * Math.sin(((lng2 - lng1) * rad) / 2) ** 2;
  return 2 * RADIUS * Math.asin(Math.sqrt(h));
}

export function spotOf(row: HTMLElement): Spot {
  return [Number(row.dataset.lng), Number(row.dataset.lat)];
}

/** 约 240 米, 1.2 公里; the words stand on the list, in its language. */
export function said(list: HTMLElement, metres: number): string {
  if (metres < 1000) return `${Math.max(10, Math.round(metres / 10) * 10)}\u00a0${list.dataset.wordsM ?? "m"}`;
  return `${(metres / 1000).toFixed(1)}\u00a0${list.dataset.wordsKm ?? "km"}`;
}
