/** Vite plugin: copies the files of packages that are not code next to the bundles (main/documents/files/bundled-file.ts finds them). */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename } from "node:path";
import type { Plugin } from "vite";

const files = [
  "@embedpdf/pdfium/pdfium.wasm",
  "tesseract.js-core/tesseract-core-simd-lstm.wasm",
  "@tesseract.js-data/eng/4.0.0_best_int/eng.traineddata.gz",
  "@tesseract.js-data/deu/4.0.0_best_int/deu.traineddata.gz",
];

export const bundledFiles = (): Plugin => ({
  name: "bundled-files",
  buildStart() {
    const { resolve } = createRequire(import.meta.url);
    for (const file of files)
      this.emitFile({ type: "asset", fileName: basename(file), source: readFileSync(resolve(file)) });
  },
});
