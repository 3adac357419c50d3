/** A package brings the licences of all that is in it. */
import { readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";

const folder = dirname(process.env["COPPICE_TEST_BINARY"]!);

test("it has the licences of its parts as a text, and Chromium's own list", () => {
  const text = readFileSync(join(folder, "resources", "THIRD-PARTY-LICENCES.txt"), "utf8");
  for (const name of ["onnxruntime", "SQLite", "Electron", "svelte", "zod", "electron-updater", "PDFium"])
    expect(text).toMatch(new RegExp(`^${name.replace(".", "\\.")} \\d+\\.\\d+\\.\\d+ \\(`, "m"));
  expect(text).toMatch(/Eigen[\s\S]*MPL/); // of what onnxruntime has inside
  expect(statSync(join(folder, "LICENSES.chromium.html")).size).toBeGreaterThan(1e6);
});
