/** What a photo says of its place and time; a claim, never a fact. */
export interface Claims {
  lng?: number;
  lat?: number;
  takenAt?: string;
  source: "exif" | "device" | "none";
}
