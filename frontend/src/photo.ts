// What the phone reads from a photo, and the smaller copy it sends. Reading comes first: shrinking loses all of it.
import type { Claims } from "./claims";

// Fetched with the page, after what is needed first: a photo may be taken where there is no network.
const fetched = import("exifreader").catch(() => undefined);

const LONGEST = 2048;
// A long screenshot keeps a width at which it can be read; from so many times as long as wide on, and up to so many.
const [LONG, ENDLESS, READABLE, MOST] = [3, 30, 720, 12_000];
const SMALL_ENOUGH = 600_000;

/** Place and time as the photo itself says; a messenger has often taken both away. */
export async function readClaims(file: File): Promise<Claims> {
  try {
    const { default: reader } = ((await fetched) ?? (await import("exifreader")));
    const { exif, gps } = reader.load(await file.arrayBuffer(), { expanded: true });
    const claims: Claims = { source: "none" };
    const taken = instant(exif?.DateTimeOriginal?.description, exif?.OffsetTimeOriginal?.description);
    if (taken) claims.takenAt = taken;
    if (Number.isFinite(gps?.Latitude) && Number.isFinite(gps?.Longitude)) {
      Object.assign(claims, { lat: gps?.Latitude, lng: gps?.Longitude, source: "exif" });
    }
    return claims;
  } catch {
    return { source: "none" };
  }
}

/** "2026:03:02 08:15:30", in the zone that the camera names, else in the phone's own. */
function instant(written: string | undefined, zone: string | undefined): string | undefined {
  const [day, clock] = (written ?? "").split(" ");
  if (!day || !clock) return undefined;
  const at = new Date(`${day.replaceAll(":", "-")}T${clock}${/^[+-]\d\d:\d\d$/.test(zone ?? "") ? zone : ""}`);
  return Number.isNaN(at.valueOf()) ? undefined : at.toISOString();
}

/** How long the longer side of a picture may stay; the same as `longest_side` where its copies are made. */
function longestSide(width: number, height: number): number {
  const times = Math.max(width, height) / Math.min(width, height);
  return times > LONG && times <= ENDLESS ? Math.min(MOST, Math.max(LONGEST, Math.floor(READABLE * times))) : LONGEST;
}

/** A JPEG of at most 2048 px, a long one of more, or the file itself where the browser cannot open it (HEIC on most phones but Apple's). */
export async function shrink(file: File): Promise<Blob> {
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, longestSide(picture.width, picture.height) / Math.max(picture.width, picture.height));
    if (scale === 1 && file.type === "image/jpeg" && file.size <= SMALL_ENOUGH) return file;
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const smaller = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    return smaller ?? file;
  } catch {
    return file;
  }
}
