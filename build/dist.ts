/** `npm run dist`: bundles the command line and the engines into out/coppice: what packages are made from. */
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
