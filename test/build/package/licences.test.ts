/** Which licences may be shipped, and which package a module belongs to. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { isAllowed } from "../../../build/package/licences.ts";
import { packageFolder } from "../../../build/package/modules.ts";
import { release } from "../../../build/package/onnxruntime-notices.ts";

test.each([
  ["MIT", true],
  ["(MIT AND Zlib)", true],
  ["(MPL-2.0 OR Apache-2.0)", true],
  ["(MIT OR GPL-3.0-or-later)", true],
  ["(MIT AND GPL-3.0-or-later)", false],
  ["MIT AND GPL-3.0-or-later WITH GCC-exception-3.1", true],
  ["GPL-2.0-only WITH Classpath-exception-2.0", false],
  ["GPL-3.0-only", false],
  ["AGPL-3.0-or-later", false],
  ["LGPL-2.1-only", false],
  ["CC-BY-NC-4.0", false],
  ["SEE LICENSE IN LICENSE", false],
  ["UNLICENSED", false],
  ["", false],
])("%j may be shipped: %s", (licence, may) => {
  expect(isAllowed(licence)).toBe(may);
});

test.each([
  ["/a/node_modules/zod/v4/core.js", "node_modules/zod"],
  ["/a/node_modules/@floating-ui/core/dist/a.mjs?x", "node_modules/@floating-ui/core"],
  ["/a/node_modules/b/node_modules/c/d.js", "node_modules/b/node_modules/c"],
  ["\0/a/node_modules/b/index.js?commonjs-module", "node_modules/b"],
  ["C:\\a\\node_modules\\b\\index.js", "node_modules/b"],
  ["\0vite/preload-helper.js", "node_modules/vite"],
  ["\0rolldown/runtime.js", "node_modules/rolldown"],
  ["/a/main/index.ts", undefined],
  ["\0better-sqlite3", undefined],
])("the module %j is in %s", (id, folder) => {
  expect(packageFolder(id)).toBe(folder);
});

test("onnxruntime's notices are those of the version that is shipped", () => {
  const manifest = readFileSync(
    new URL("../../../node_modules/onnxruntime-node/package.json", import.meta.url),
    "utf8",
  );
  expect(release.version).toBe((JSON.parse(manifest) as { version: string }).version);
  expect(release.requirement).toBe(`onnxruntime==${release.version}`);
});
