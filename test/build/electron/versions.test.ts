/** What is written down of the two Electrons is what they are. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import chromiumVersions from "electron-to-chromium/full-versions.json" with { type: "json" };
import { expect, test } from "vitest";
import { npmTargets } from "../../../build/electron/choose.ts";
import { release } from "../../../build/electron/release.ts";
import { root } from "../../../build/root.ts";

interface Manifest {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

const manifestOf = (name: string) =>
  JSON.parse(readFileSync(join(root, "node_modules", name, "package.json"), "utf8")) as Manifest;
const majorOf = (version = "") => /\d+/.exec(version)?.[0];

test("the application is built for the Chromium and the Node of npm's Electron", () => {
  const { version, dependencies } = manifestOf("electron");
  // A package's bill of materials names this Chromium.
  const chromium = (chromiumVersions as Record<string, string>)[version];
  expect(chromium, `electron-to-chromium does not list Electron ${version} yet`).toBeDefined();
  expect(npmTargets).toEqual({
    page: `chrome${majorOf(chromium)}`,
    node: `node${majorOf(dependencies["@types/node"])}`,
  });
});

test("sources are compiled against the types of the fallback that runs", () => {
  expect(manifestOf("electron-22").version).toBe(release.electron);
});
