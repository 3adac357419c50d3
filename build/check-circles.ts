/** Fails if files or folders of the same folder import each other in a circle, types included. */
import { circlesOf, importsIn } from "./imports.ts";
import { root } from "./root.ts";

const circles = circlesOf(importsIn(root, ["main", "preload", "renderer", "native-models"]));
for (const circle of circles) console.error(`A circle of imports in ${circle}`);
process.exitCode = circles.length > 0 ? 1 : 0;
