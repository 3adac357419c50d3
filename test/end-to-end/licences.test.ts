/** The licences of all that is shipped, in the window; and that nothing in the bundles is left out of them. */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isAllowed } from "../../build/package/licences.ts";
import { packageFolder } from "../../build/package/modules.ts";
import { expectAccessible } from "./accessibility.ts";
import { openCoppice } from "./coppice.ts";

const out = join(process.env["COPPICE_TEST_FOLDER"]!, "out");
const page = join(out, "renderer", "licences.json");

interface Licence {
  name: string;
  version: string;
  licence: string;
  text: string;
}

/** A machine without pip builds without the list (build/application.ts says so); CI has it. */
const isListed = existsSync(page) || process.env["CI"] !== undefined;
const listed = isListed ? (JSON.parse(readFileSync(page, "utf8")) as Licence[]) : [];

test.runIf(isListed)(
  "every package in the bundles' source maps has an entry with its text, under a licence that permits shipping",
  () => {
    const maps = ["main", "preload"].flatMap((part) =>
      readdirSync(join(out, part), { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".map"))
        .map((name) => join(out, part, name)),
    );
    const sources = maps.flatMap(
      (path) => (JSON.parse(readFileSync(path, "utf8")) as { sources: string[] }).sources,
    );
    const folders = [...new Set(sources.flatMap((source) => packageFolder(source) ?? []))];
    const names = folders.map((folder) => folder.replace(/^.*node_modules\//, ""));
    expect(names).toEqual(expect.arrayContaining(["zod", "electron-updater", "papaparse", "better-sqlite3"]));
    for (const name of names) expect(listed.map((entry) => entry.name)).toContain(name);
    for (const name of [
      "svelte",
      "bits-ui",
      "uplot",
      "onnxruntime",
      "SQLite",
      "Electron",
      "Chromium",
      "Node.js",
    ])
      expect(listed.map((entry) => entry.name)).toContain(name);
    for (const { name, licence, text } of listed) {
      expect(isAllowed(licence), `${name}: ${licence}`).toBe(true);
      expect(text.length, name).toBeGreaterThan(40);
    }
  },
);

test.runIf(isListed).each([
  { size: { width: 1280, height: 800 }, theme: "light" },
  { size: { width: 900, height: 600 }, theme: "dark" },
] as const)("they are read in the window at $size.width in the $theme theme", async (look) => {
  const coppice = await openCoppice(look);
  const { page } = coppice;
  await page.evaluate(() => void (location.hash = "#/settings/about"));
  await page.getByRole("link", { name: "Show licences" }).click();
  await page.getByRole("heading", { level: 2, name: `${listed.length} components` }).waitFor();
  await page.getByText("onnxruntime 1", { exact: false }).last().click();
  await page.getByRole("region", { name: "onnxruntime: MIT" }).getByText("Third").first().waitFor();
  await expectAccessible(page);
  await coppice.screenshot(`licences-${look.size.width}-${look.theme}`);
  await page.getByRole("searchbox").fill("blessing");
  await expect
    .poll(() => page.getByRole("listitem").allInnerTexts())
    .toEqual([expect.stringMatching(/SQLite/)]);
  await page.getByRole("searchbox").fill("nothing of that name");
  await page.getByRole("listitem").getByText("No component has").waitFor();
  await page.getByRole("link", { name: "Back to the settings" }).click();
  await page.getByRole("heading", { level: 1, name: "Settings" }).waitFor();
});
