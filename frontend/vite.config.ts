import tailwindcss from "@tailwindcss/vite";
import { fileURLToPath } from "node:url";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";

const source = (name: string) => fileURLToPath(new URL(`./src/${name}`, import.meta.url));

// Each entry is asked for by its file name: {{ asset("report.ts") }}. An island is loaded only by the page that shows it.
const entries = ["main.ts", "theme.css", "addition.ts", "batch.ts", "before_after.ts", "claim.ts", "codes.ts", "deed.ts", "find.ts", "good_deed.ts", "guess.ts", "here.ts", "keep_today.ts", "map.ts", "near.ts", "report.ts", "rounds.ts", "scan.ts", "shoot.ts", "spot.ts", "today.ts", "wall.ts", "workbench.ts"];

/** Shorter blocks, each with codes of its own, are smaller for some files than the fewest: whichever is, is taken. */
function smallest(bytes: Buffer): Buffer {
  return [4, 5, 6, 7, 8].map((memLevel) => gzipSync(bytes, { level: 9, memLevel })).reduce((one, other) => (other.length < one.length ? other : one));
}

// Phones get the files compressed; WhiteNoise sends the .gz that lies beside a file.
function compressed(folder: string): Plugin {
  return {
    name: "compressed",
    closeBundle() {
      for (const name of readdirSync(folder, { recursive: true }) as string[]) {
        if (!/\.(js|css|svg|json)$/.test(name)) continue;
        writeFileSync(`${folder}/${name}.gz`, smallest(readFileSync(`${folder}/${name}`)));
      }
    },
  };
}

// Of a photo we ask where and when it was taken, as its camera wrote it down: the reader's other blocks stay out.
const UNREAD = /\bConstants\.USE_(?:FILE|JFIF|PNG_FILE|IPTC|XMP|ICC|MPF|PHOTOSHOP|THUMBNAIL|GIF|JXL|MAKER_NOTES)\b/g;
const exifOnly: Plugin = {
  name: "exif-only",
  transform: (code, id) => (/exifreader\/src\//.test(id) ? { code: code.replace(UNREAD, "false"), map: null } : undefined),
};

const built = fileURLToPath(new URL("../huipai/web/static/web", import.meta.url));

export default defineConfig({
  root: fileURLToPath(new URL("./src", import.meta.url)),
  base: "/static/web/",
  publicDir: fileURLToPath(new URL("./public", import.meta.url)),
  plugins: [exifOnly, tailwindcss(), compressed(built)],
  worker: { format: "es" },
  build: {
    outDir: built,
    emptyOutDir: false, // open pages and running servers name the files of the build before; scripts/prepare.py clears up
    manifest: "manifest.json",
    target: "es2020",
    cssTarget: "chrome107",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      input: entries.map(source),
      output: {
        // Everything carries its hash but the service worker, which has a build of its own.
        entryFileNames: "assets/[name]-[hash].js",
        chunkFileNames: "assets/[name]-[hash].js",
        assetFileNames: "assets/[name]-[hash][extname]",
        // What is always loaded together, in one file each: several small ones weigh more compressed.
        advancedChunks: {
          includeDependenciesRecursively: false,
          groups: [
            { name: "base", test: /src\/(busy|outbox\/(base|recall)|uuid7)\.ts$/ },
            { name: "kept", test: /src\/outbox\/(editing|store)\.ts$/ },
            { name: "sending", test: /src\/outbox\/(deliver|keep|kinds|pieces|renewing|run)\.ts$/ },
            { name: "forms", test: /src\/(forms|kept_form|outbox\/apart|questions|tray|upload)\.ts$/ },
          ],
        },
      },
    },
  },
});
