// Copies the drawings of the icons named in icons.txt out of @tabler/icons into huipai/web/icons.json,
// which is committed: a page needs no Node to be rendered. `name-filled` is the filled drawing of `name`.
import { readFileSync, writeFileSync } from "node:fs";

const here = new URL(".", import.meta.url);
const names = readFileSync(new URL("../icons.txt", here), "utf8").split("\n").map((line) => line.trim()).filter(Boolean);
const drawn = {};

for (const name of [...new Set(names)].sort()) {
  const filled = name.endsWith("-filled");
  const file = `../node_modules/@tabler/icons/icons/${filled ? "filled" : "outline"}/${name.replace(/-filled$/, "")}.svg`;
  const svg = readFileSync(new URL(file, here), "utf8");
  drawn[name] = [...svg.matchAll(/<(?:path|circle|rect|line)[^>]*\/>/g)]
    .map((shape) => shape[0].replace(/\s*\/>$/, "/>"))
    .filter((shape) => !shape.includes("M0 0h24v24H0z"))
    .join("");
}

writeFileSync(new URL("../../huipai/web/icons.json", here), `${JSON.stringify(drawn, null, 1)}\n`);
console.log(`${Object.keys(drawn).length} icons`);
