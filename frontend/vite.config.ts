import tailwindcss from "@tailwindcss/vite";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const source = (name: string) => fileURLToPath(new URL(`./src/${name}`, import.meta.url));

// Each entry is asked for by its file name: {{ asset("report.ts") }}. An island is loaded only by the page that shows it.
const entries = ["main.ts", "theme.css", "sw.ts", "before_after.ts", "map.ts", "report.ts", "shoot.ts", "today.ts"];

export default defineConfig({
  root: fileURLToPath(new URL("./src", import.meta.url)),
  base: "/static/web/",
  publicDir: fileURLToPath(new URL("./public", import.meta.url)),
  plugins: [tailwindcss()],
  worker: { format: "es" },
  build: {
    outDir: fileURLToPath(new URL("../huipai/web/static/web", import.meta.url)),
    emptyOutDir: true,
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
        // The service worker has one address for ever; everything else carries its hash.
        entryFileNames: (chunk) => (chunk.name === "sw" ? "sw.js" : "assets/[name]-[hash].js"),
        chunkFileNames: "assets/[name]-[hash].js",
        assetFileNames: "assets/[name]-[hash][extname]",
      },
    },
  },
});
