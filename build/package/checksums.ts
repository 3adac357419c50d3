/** SHA256SUMS next to the packages: run `sha256sum --check SHA256SUMS` there to verify them. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { sha256 } from "./sbom.ts";

/** Adds these files, all in one folder, to the list in it, and drops files that no longer exist. Returns the list's path. */
export function addChecksums(paths: readonly string[]): string {
  const folder = dirname(paths[0]!);
  const list = join(folder, "SHA256SUMS");
  const sums = new Map<string, string>();
  const earlier = existsSync(list) ? readFileSync(list, "utf8") : "";
  for (const [, sum, name] of earlier.matchAll(/^([0-9a-f]{64}) {2}(.+)$/gm))
    if (existsSync(join(folder, name!))) sums.set(name!, sum!);
  for (const path of paths) sums.set(basename(path), sha256(path));
  const lines = [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, sum]) => `${sum}  ${name}\n`);
  writeFileSync(list, lines.join(""));
  return list;
}
