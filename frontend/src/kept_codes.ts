// The pick-up codes that this phone keeps, by who opened them and in which street: a code is worth its gift, so it is
// shown to nobody else, and goes as soon as a page says that they left or another is there.
const KEY = "huipai:codes";

/** What is kept, by "street person", and of each by the id of its reservation. */
export type Codes<Kept> = Record<string, Record<string, Kept>>;

export const ownerOf = (street: string, person: string): string => `${street} ${person}`;

export function keptCodes<Kept>(): Codes<Kept> {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "{}") as Codes<Kept>;
  } catch {
    return {};
  }
}

export function keepCodes<Kept>(codes: Codes<Kept>): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(codes));
  } catch {
    // A full or forbidden store: the page itself still shows the code.
  }
}

export function forgetCodes(): void {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // nothing is kept here
  }
}

/** On every page that knows who is there: what was kept of one who left, or of another, goes; so does what names nobody. */
export function forgetCodesOfOthers(street: string, person: string | undefined): void {
  if (person === undefined) return;
  if (!person) return forgetCodes();
  const codes = keptCodes();
  const others = Object.keys(codes).filter((owner) => owner !== ownerOf(street, person) && (!owner.includes(" ") || owner.startsWith(`${street} `)));
  for (const owner of others) delete codes[owner];
  if (others.length > 0) keepCodes(codes);
}
