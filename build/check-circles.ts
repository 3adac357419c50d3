/** Fails if files or folders of the same folder import each other in a circle, types included. */
import { circlesOf, importsIn } from "./imports.ts";
import { root } from "./root.ts";

const known: readonly string[] = [];

const imports = importsIn(root, ["main", "preload", "renderer", "native-models"]);
const circles = circlesOf(imports);
for (const circle of circles.filter((found) => !known.includes(found)))
  console.error(`A circle of imports in ${circle}`);
for (const cut of known.filter((expected) => !circles.includes(expected)))
  console.error(`No circle any more, so remove it from build/check-circles.ts: ${cut}`);
process.exit(circles.join("\n") === [...known].sort().join("\n") ? 0 : 1);
