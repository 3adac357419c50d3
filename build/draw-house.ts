/** Draws the house into docs/design.md; with --check, fails instead if the picture does not match the imports. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { houseOf } from "./house.ts";
import { importsIn } from "./imports.ts";
import { root } from "./root.ts";

const page = join(root, "docs", "design.md");
const begin = "<!-- The house, drawn by build/draw-house.ts -->\n";
const end = "<!-- End of the house -->";

const text = readFileSync(page, "utf8");
const [before, rest] = text.split(begin);
const after = rest?.split(end)[1];
if (before === undefined || after === undefined) throw new Error(`docs/design.md lacks ${begin}…\n${end}`);
const drawn = `${before}${begin}\n${houseOf(importsIn(root, ["main", "preload", "renderer", "native-models"]))}\n${end}${after}`;
if (!process.argv.includes("--check")) writeFileSync(page, drawn);
else if (drawn !== text) {
  console.error(
    "The picture in docs/design.md is out of date: node build/run.js build/draw-house.ts draws it again.",
  );
  process.exit(1);
}
