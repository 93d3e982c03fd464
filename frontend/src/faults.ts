// What is missing or was not taken, said above a form: each line leads to its place, and the title of the page says it too.
export type Fault = [at: string, words: string];

// Nothing is said to be missing where no place of the page is named.
function heading(faults: Fault[], words: DOMStringMap): string {
  if (!faults.some(([at]) => at)) return words.none ?? "";
  return faults.length === 1 ? (words.one ?? "") : (words.more ?? "").replace("{}", String(faults.length));
}

export function showFaults(faults: Fault[]): void {
  const summary = document.querySelector<HTMLElement>("[data-faults]");
  const list = summary?.querySelector("ul");
  if (!summary || !list) return;
  const line = (summary.querySelector("template") as HTMLTemplateElement).content.firstElementChild as HTMLElement;
  list.replaceChildren(
    ...faults.map(([at, words]) => {
      const row = line.cloneNode(true) as HTMLElement;
      const link = row.querySelector("a") as HTMLAnchorElement;
      link.textContent = words;
      if (at) link.href = `#${at}`;
      else link.removeAttribute("href");
      return row;
    }),
  );
  const title = summary.querySelector("[data-faults-count]");
  if (title) title.textContent = heading(faults, summary.dataset);
  summary.hidden = false;
  const mark = summary.dataset.mark ?? "";
  if (!document.title.startsWith(mark)) document.title = mark + document.title;
  summary.focus();
}
