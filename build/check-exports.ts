/** Fails on exports that no other file uses. */
import { unusedExports } from "./exports.ts";
import { root } from "./root.ts";

/** What a file that is loaded by its path exports is not imported. */
const loadedByPath = [
  /\.absent\.ts$/, // in place of its neighbour (without-downloads.ts)
  /^test\/lab\/bench\/coppice\//, // test/lab/bench/harness/sides.ts
];

const unused = unusedExports(root, [
  ".",
  "build",
  "main",
  "native-models",
  "preload",
  "renderer",
  "test",
]).filter(({ file }) => !loadedByPath.some((path) => path.test(file)));
for (const { file, name } of unused)
  console.error(`No other file uses ${name} of ${file}: drop its "export", or delete it.`);
process.exitCode = unused.length > 0 ? 1 : 0;
