// Who this page was made for: the street and, if somebody is signed in, who they are in it. A page out of the worker's
// store names nobody; then it is whoever was last here.
export interface Who {
  street: string;
  streetId: string;
  person: string;
}

export function streetOf(path: string): string {
  return /^\/s\/([^/]+)\//.exec(path)?.[1] ?? "";
}

/** Undefined where the page belongs to no street that this phone knows. */
export function who(street = streetOf(location.pathname)): Who | undefined {
  const key = `huipai:who:${street}`;
  // What the browser has not written down before it died is said by the page itself.
  const { streetId, person } = street === streetOf(location.pathname) ? document.documentElement.dataset : {};
  try {
    if (streetId && person !== undefined) localStorage.setItem(key, `${streetId} ${person}`);
    const [id = "", owner = ""] = (localStorage.getItem(key) ?? streetId ?? "").split(" ");
    return street && id ? { street, streetId: id, person: owner } : undefined;
  } catch {
    return street && streetId ? { street, streetId, person: person ?? "" } : undefined;
  }
}
