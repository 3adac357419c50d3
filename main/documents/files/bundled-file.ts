/** Files of packages that are not code, such as WebAssembly. build/bundled-files.ts copies them next to the bundles. */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The path of a package's file, such as "@embedpdf/pdfium/pdfium.wasm": next to the bundle, or in the package when run from the repository. */
export function bundledFile(specifier: string): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const name = basename(specifier);
  const beside = [here, dirname(here)].map((folder) => join(folder, name)).find((path) => existsSync(path));
  return beside ?? createRequire(import.meta.url).resolve(specifier);
}
