// A photo in pieces: what has arrived stays there, so a broken network costs one piece and not the photo. The shape is
// that of tus: an offset with each piece, and the server's own offset where the two differ.
import type { Claims } from "../claims";
import type { Near } from "./store";

export interface Told {
  error?: string;
  reason?: string;
  url?: string;
  at?: string;
  near?: Near[];
  offset?: number;
  sealed?: boolean;
}

export type Call = (path: string, init: RequestInit) => Promise<{ status: number; told: Told }>;

const FIRST = 256 * 1024;
const SMALLEST = 64 * 1024;
const LARGEST = 1024 * 1024;
/** What a refusal says that is none of the server's: a proxy before it takes not even the smallest piece. */
const TOO_LARGE = "too_large";

/** Send a photo from `sent` on until it is sealed there; answers the refusal, if it is refused. Throws when cut off. */
export async function sendInPieces(
  call: Call, id: string, photo: Blob, claims: Claims, sent: number, arrived: (bytes: number) => Promise<boolean>,
): Promise<{ status: number; told: Told } | undefined> {
  let offset = Math.min(sent, photo.size);
  let size = FIRST;
  let most = LARGEST;
  let moved = 0;
  for (;;) {
    const began = Date.now();
    const { status, told } = await call(`photos/${id}/pieces/`, {
      method: "PATCH",
      body: photo.slice(offset, offset + size),
      headers: {
        "Content-Type": "application/offset+octet-stream",
        "Upload-Offset": String(offset),
        "Upload-Length": String(photo.size),
        "Upload-Metadata": metadata(claims),
      },
    });
    if (status === 409 && told.error === "offset_moved" && moved < 5) {
      moved += 1;
      offset = told.offset ?? 0;
      continue;
    }
    if (status === 413 && !told.error) {
      if (size <= SMALLEST) return { status, told: { error: TOO_LARGE } };
      size = most = size / 2; // whatever stands between us takes less at once than the server does
      continue;
    }
    if (status !== 200 || told.offset === undefined) return { status, told };
    offset = told.offset;
    size = Math.min(most, paced(size, Date.now() - began));
    if (told.sealed) {
      await arrived(photo.size);
      return undefined;
    }
    if (!(await arrived(Math.min(offset, photo.size - 1)))) return { status: 0, told: { error: "stopped" } };
  }
}

/** Larger pieces over a quick network, smaller ones over a slow one. */
function paced(size: number, took: number): number {
  if (took < 1_500) return Math.min(LARGEST, size * 2);
  return took > 8_000 ? Math.max(SMALLEST, size / 2) : size;
}

function metadata(claims: Claims): string {
  const said = { position_source: claims.source, lng: claims.lng, lat: claims.lat, taken_at: claims.takenAt };
  return Object.entries(said)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name} ${btoa(String(value))}`)
    .join(",");
}
