import { expect, test } from "vitest";
import { circlesOf, importsIn } from "../../build/imports.ts";
import { written } from "./written.ts";

test("imports are found in every form, and only between the given files", () => {
  const root = written({
    "a/one.ts": 'import type { Two } from "./two.ts";\nexport * from "../b/three.ts";\nimport "node:fs";',
    "a/two.ts": 'const three = () => import("../b/three.ts");\nimport "../c/out.ts";',
    "b/three.ts": '// import "../a/one.ts"\nconst text = `import "../a/one.ts"`;',
    "b/Page.svelte":
      '<script lang="ts" module>\n  import "./three.ts";\n</script>\n<script lang="ts">\n  import { two } from "../a/two.ts";\n</script>\n<p>import "../a/one.ts"</p>',
    "c/out.ts": "",
  });
  expect(importsIn(root, ["a", "b"])).toEqual([
    { from: "a/one.ts", to: "a/two.ts" },
    { from: "a/one.ts", to: "b/three.ts" },
    { from: "a/two.ts", to: "b/three.ts" },
    { from: "b/Page.svelte", to: "b/three.ts" },
    { from: "b/Page.svelte", to: "a/two.ts" },
  ]);
});

test("a circle of files is found, however long, without the files that lead into it", () => {
  const imports = [
    { from: "x/a.ts", to: "x/b.ts" },
    { from: "x/b.ts", to: "x/c.ts" },
    { from: "x/c.ts", to: "x/a.ts" },
    { from: "x/d.ts", to: "x/a.ts" },
    { from: "x/c.ts", to: "x/e.ts" },
  ];
  expect(circlesOf(imports)).toEqual(["x: a.ts, b.ts, c.ts"]);
});

test("folders can form a circle even if their files do not", () => {
  const imports = [
    { from: "x/low/a.ts", to: "x/high/b.ts" },
    { from: "x/high/c.ts", to: "x/low/d.ts" },
  ];
  expect(circlesOf(imports)).toEqual(["x: high, low"]);
  expect(circlesOf(imports.slice(1))).toEqual([]);
});

test("a file can form a circle with the folder beside it", () => {
  const imports = [
    { from: "x/all.ts", to: "x/part/a.ts" },
    { from: "x/part/b.ts", to: "x/all.ts" },
  ];
  expect(circlesOf(imports)).toEqual(["x: all.ts, part"]);
});
