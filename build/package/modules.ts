/** The packages inside a bundle, as reported by the bundler, in out/modules/PART.json. */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";
import { root } from "../root.ts";

const accounts = join(root, "out", "modules");

/** Records the folders of the packages that contribute to a bundle, as paths in the repository. */
export const accountOfModules = (part: "main" | "preload" | "renderer"): Plugin => ({
  name: "account-of-modules",
  generateBundle(_, bundle) {
    const chunks = Object.values(bundle).filter((output) => output.type === "chunk");
    const modules = chunks.flatMap((chunk) => Object.entries(chunk.modules));
    const rendered = modules.filter(([id, { renderedLength }]) => renderedLength > 0 || /\.css$/.test(id));
    const folders = rendered.flatMap(([id]) => packageFolder(id) ?? []);
    mkdirSync(accounts, { recursive: true });
    writeFileSync(join(accounts, `${part}.json`), JSON.stringify([...new Set(folders)].sort(), null, 1));
  },
});

/** The packages of all bundles from the last builds: paths such as "node_modules/zod". */
export function bundledPackageFolders(): string[] {
  const folders = readdirSync(accounts).flatMap(
    (name) => JSON.parse(readFileSync(join(accounts, name), "utf8")) as string[],
  );
  return [...new Set(folders)].sort();
}

/** The folder of a module's package; undefined for our own. Code added by the bundler belongs to the bundler's package. */
export function packageFolder(id: string): string | undefined {
  if (/^\0?(vite|rolldown)\//.test(id)) return `node_modules/${id.replace("\0", "").split("/")[0]}`;
  return /^.*\bnode_modules\/(?:@[^/]+\/)?[^/?]+/
    .exec(id.replaceAll("\\", "/"))?.[0]
    .replace(/^.*?(?=node_modules\/)/, "");
}
