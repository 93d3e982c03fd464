// What the phone reads from a photo, and the smaller copy it sends. Reading comes first: shrinking loses all of it.
import exifr from "exifr/dist/lite.esm.mjs";

// Named by block: a plain list of tags makes this build look for blocks that it does not carry.
const TIMES_ONLY = { ifd0: false, gps: false, interop: false, exif: ["DateTimeOriginal", "CreateDate"] };
const LONGEST = 2048;
const SMALL_ENOUGH = 600_000;

export interface Claims {
  lng?: number;
  lat?: number;
  takenAt?: string;
  source: "exif" | "device" | "none";
}

/** Place and time as the photo itself says; a messenger has often taken both away. */
export async function readClaims(file: File): Promise<Claims> {
  try {
    const [place, times] = await Promise.all([exifr.gps(file), exifr.parse(file, TIMES_ONLY)]);
    const taken: unknown = times?.DateTimeOriginal ?? times?.CreateDate;
    const claims: Claims = { source: "none" };
    if (taken instanceof Date && !Number.isNaN(taken.valueOf())) claims.takenAt = taken.toISOString();
    if (place && Number.isFinite(place.latitude) && Number.isFinite(place.longitude)) {
      Object.assign(claims, { lat: place.latitude, lng: place.longitude, source: "exif" });
    }
    return claims;
  } catch {
    return { source: "none" };
  }
}

/** A JPEG of at most 2048 px, or the file itself where the browser cannot open it (HEIC on most phones but Apple's). */
export async function shrink(file: File): Promise<Blob> {
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
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
