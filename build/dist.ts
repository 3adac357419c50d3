/** `npm run dist`: bundles the command line and the engines into out/coppice: what packages are made from. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chat, reader, trainer } from "../main/engine/kinds.ts";
import { bundle } from "./bundle.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const outFolder = join(root, "out", "coppice");

const entries: Record<string, string> = { cli: join(root, "main/cli.ts") };
for (const { name } of [reader, trainer, chat])
  entries[`engine/${name}`] = join(root, `main/engine/${name}.ts`);

const missing = Object.values(entries).filter((source) => !existsSync(source));
if (missing.length > 0) throw new Error(`Nothing to bundle at ${missing.join(", ")}`);

await bundle({ entries, outFolder, target: "node16" });
console.log(`Bundled ${Object.keys(entries).join(", ")} into ${outFolder}`);
