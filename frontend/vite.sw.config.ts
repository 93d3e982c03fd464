// The service worker is one file without imports: it is read with its list of files in front, under one address for ever.
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here("./src"),
  publicDir: false,
  build: {
    outDir: here("../huipai/web/static/web"),
    emptyOutDir: false,
    target: "es2020",
    reportCompressedSize: false,
    rolldownOptions: {
      input: here("./src/sw.ts"),
      output: { format: "iife", entryFileNames: "sw.js", codeSplitting: false },
    },
  },
});
