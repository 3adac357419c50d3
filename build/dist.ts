/**
 * `npm run dist`: bundles the command line and the engines into out/coppice. With `--dir`, makes the desktop application
 * too, as a folder in dist/ that runs by itself.
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chat, reader, trainer } from "../main/engine/kinds.ts";
import { bundle } from "./bundle.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const outFolder = join(root, "out", "coppice");

const engines = Object.fromEntries(
  [reader, trainer, chat].map(({ name }) => [name, join(root, `main/engine/${name}.ts`)]),
);
await bundle({ entries: { cli: join(root, "main/cli.ts") }, outFolder, target: "node22", format: "es" });
await bundle({ entries: engines, outFolder: join(outFolder, "engine"), target: "node16" });
console.log(`Bundled the command line and ${Object.keys(engines).join(", ")} into ${outFolder}`);

if (process.argv.includes("--dir")) {
  const { packageFolder } = await import("./package.ts");
  console.log(`Made the desktop application in ${(await packageFolder()).folder}`);
}
