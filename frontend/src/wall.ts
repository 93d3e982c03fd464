// The screen on a wall: fetches itself again and again, and always says how old what it shows is.
const every = 30_000;
const stale = 120;

const box = document.querySelector<HTMLElement>("[data-wall]");
const age = document.querySelector<HTMLElement>("[data-wall-age]");
const time = document.querySelector<HTMLElement>("[data-wall-clock]");
type Part = "numbers" | "map";
const opened = Date.now();
// When each part was last heard of; a map that is not drawn says nothing, and is none.
const heard: Partial<Record<Part, number>> = { numbers: opened };
const lost = new Set<Part>();

function words(seconds: number): string {
  const said = age?.dataset ?? {};
  const length = seconds < 60 ? (said.seconds ?? "").replace("{n}", String(seconds)) : (said.minutes ?? "").replace("{n}", String(Math.floor(seconds / 60)));
  return (lost.size > 0 ? (said.lost ?? "") : (said.fresh ?? "")).replace("{age}", length);
}

function tick(): void {
  const seconds = Math.max(0, Math.round((Date.now() - Math.min(...Object.values(heard))) / 1000)); // as old as its oldest part
  if (age) {
    age.querySelector("span")!.textContent = words(seconds);
    const family = lost.size > 0 ? "red" : seconds > stale ? "amber" : "green";
    age.className = `chip chip-lg chip-${family}`;
  }
  if (time) time.textContent = new Intl.DateTimeFormat("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Shanghai" }).format(Date.now());
}

function came(part: Part): void {
  heard[part] = Date.now();
  lost.delete(part);
  tick();
}

function missed(part: Part): void {
  heard[part] ??= opened;
  lost.add(part);
  tick();
}

async function refresh(): Promise<void> {
  if (!box) return;
  try {
    const answer = await fetch(`${box.dataset.wall ?? ""}?part=1`, { headers: { Accept: "text/html", "X-By-Itself": "yes" }, cache: "no-store" });
    if (answer.status === 404 || answer.status === 403 || answer.redirected) {
      window.location.reload(); // revoked, run out, or signed out: the page says so itself
      return;
    }
    if (!answer.ok) throw new Error(String(answer.status));
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").body;
    box.replaceChildren(...fresh.childNodes);
    came("numbers");
    document.dispatchEvent(new CustomEvent("huipai:heaps"));
  } catch {
    missed("numbers");
  }
}

tick();
setInterval(tick, 1_000);
setInterval(() => void refresh(), every);
window.addEventListener("offline", () => missed("numbers"));
document.addEventListener("huipai:heaps-came", () => came("map"));
document.addEventListener("huipai:heaps-missed", () => missed("map"));
window.addEventListener("online", () => void refresh());
