/** The folder of real models, tokenizers, data and documents that these tests compare with: COPPICE_REAL, or ../shared. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { root } from "../../build/root.ts";

const folder = resolve(process.env["COPPICE_REAL"] ?? join(root, "..", "shared"));

/** Path of something in it. */
export const real = (path: string) => join(folder, path);

/** Vitest calls it once, before the tests: without the material there is nothing to test. */
export default function expectMaterial(): void {
  const missing = ["data", "documents", "models", "tokenizers"].filter((name) => !existsSync(real(name)));
  if (missing.length > 0)
    throw new Error(`${folder} has no ${missing.join(", ")}; COPPICE_REAL names another folder.`);
}
