import { expect, test } from "vitest";
import { unusedExports } from "../../build/exports.ts";
import { written } from "./written.ts";

/** "file: name" of each unused export in these files of folders a and b. */
const unusedIn = (files: Record<string, string>): string[] =>
  unusedExports(written(files), ["a", "b"]).map(({ file, name }) => `${file}: ${name}`);

test("an export that no other file imports is found, whatever it is", () => {
  expect(
    unusedIn({
      "a/one.ts": `
        export const value = 1, { part, other: [first] } = given;
        export function act() { return value; }
        export class Thing {}
        export type Kind = "a";
        export interface Shape {}
        const own = 2;
        export { own as listed };
        export { two } from "../b/two.ts";`,
      "b/two.ts": "export const two = 2;",
      "b/Page.svelte": '<script lang="ts" module>\n  export const shown = 1;\n</script>\n<p>{shown}</p>',
    }),
  ).toEqual([
    ...["value", "part", "first", "act", "Thing", "Kind", "Shape", "listed", "two"].map(
      (name) => `a/one.ts: ${name}`,
    ),
    "b/Page.svelte: shown",
  ]);
});

test("an export counts as used by every form of import", () => {
  expect(
    unusedIn({
      "a/one.ts":
        "export const plain = 1, renamed = 2, inScript = 3, inType = 4, later = 5, member = 6, passedOn = 7; export type Kind = 8;",
      "b/two.ts": `
        import { plain, renamed as known } from "../a/one.ts";
        import type { Kind } from "../a/one.ts";
        type Of = typeof import("../a/one.ts").inType;`,
      "b/Page.svelte": '<script lang="ts">\n  import { inScript } from "../a/one.ts";\n</script>\n{inScript}',
      "b/three.ts": 'const { later } = await import("../a/one.ts");',
      "b/four.ts": 'import * as one from "../a/one.ts";\none.member;',
      "b/five.ts": 'export { passedOn as seven } from "../a/one.ts";',
      "b/six.ts": 'import { seven } from "./five.ts";',
    }),
  ).toEqual([]);
});

test("a name that another file has of its own is no use", () => {
  const files = { "a/one.ts": "export const open = 1, close = 2;" };
  const importer = 'import { close } from "../a/one.ts";\nconst open = 3;';
  expect(unusedIn({ ...files, "b/two.ts": importer })).toEqual(["a/one.ts: open"]);
});

test("a type that an export of its file mentions may be exported", () => {
  const file =
    "export interface Options {}\nexport function act(options: Options) {}\nexport interface Left {}\nlet left: Left;";
  expect(unusedIn({ "a/one.ts": file, "b/two.ts": 'import { act } from "../a/one.ts";' })).toEqual([
    "a/one.ts: Left",
  ]);
});

test("a default export is for a tool that loads the file by its path", () => {
  expect(
    unusedIn({ "a/tool.config.ts": "export default {};", "b/two.ts": "export default function act() {}" }),
  ).toEqual([]);
});
