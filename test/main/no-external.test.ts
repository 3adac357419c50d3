/** What main must never do, checked in its source. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Files in these folders that contain a word. */
function filesWith(word: RegExp, folders: readonly string[]): string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => /\.(ts|svelte)$/.test(name))
      .map((name) => join(folder, name))
      .filter((name) => word.test(readFileSync(join(root, name), "utf8"))),
  );
}

test("nothing in main opens an address in another program", () => {
  expect(filesWith(/\bopenExternal\b|\bopenPath\b/, ["main", "preload", "renderer"])).toEqual([]);
});

test("only the window creates pages, and it has no frames or views", () => {
  expect(filesWith(/new (BrowserWindow|BrowserView|WebContentsView)\(/, ["main"])).toEqual([
    join("main", "window", "window.ts"),
  ]);
  expect(filesWith(/<(webview|iframe|object|embed)\b/, ["renderer"])).toEqual([]);
});

test("the window's code turns text into markup only after sanitising it", () => {
  expect(
    filesWith(/\{@html|\.innerHTML|\.outerHTML|insertAdjacentHTML|document\.write\(/, ["renderer"]),
  ).toEqual([]);
});
