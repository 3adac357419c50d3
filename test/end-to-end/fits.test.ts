/** Nothing is wider than the window, on any screen: what sticks out can be neither seen nor clicked. */
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { choose } from "./dialogs.ts";
import { openLibrary } from "./filled-library.ts";
import { take } from "./looks.ts";
import { startRun } from "./short-run.ts";

const sampleData = fileURLToPath(new URL("../../native-models/sample/data", import.meta.url));
const [large, small] = [
  { width: 1280, height: 800 },
  { width: 900, height: 600 },
];

/** Each size with both themes and both languages, and each theme with both languages; then the large window zoomed to 200% and 400%. */
const seen = [
  { size: large, theme: "light", language: "en" },
  { size: large, theme: "dark", language: "de" },
  { size: small, theme: "dark", language: "en" },
  { size: small, theme: "light", language: "de" },
  { size: { width: 640, height: 400 }, theme: "light", language: "de", isZoomed: true },
  { size: { width: 320, height: 200 }, theme: "light", language: "de", isZoomed: true },
] as const;

test("every screen fits a large and a small window, in both themes and languages, and zoomed in", async () => {
  const { coppice, page, folder, half, careful, deadlines } = await openLibrary();
  await page.evaluate(() => (location.hash = "#/new/model"));
  await page.getByRole("radio", { name: /Built-in sample/ }).check({ force: true });
  await page.getByText("This model fits this computer", { exact: true }).waitFor();
  await page.evaluate(() => (location.hash = "#/new/data"));
  await choose(coppice, ...dataIn(folder));
  await page.getByRole("button", { name: "Add files…" }).click();
  await page.getByRole("heading", { name: "Splits" }).waitFor();
  const run = await startRun(coppice, { tuningEpochs: 100 });
  const screens = {
    library: "#/library",
    model: "#/new/model",
    data: "#/new/data",
    target: "#/new/target",
    trim: `#/runs/${run}`,
    result: `#/runs/${half}/result`,
    compare: `#/compare?runs=${half},${careful}`,
    "compare-other-data": `#/compare?runs=${half},${careful},${deadlines}`,
    chat: "#/chat",
    settings: "#/settings",
    licences: "#/licences",
  };

  await coppice.electron.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]!.setMinimumSize(1, 1),
  );
  for (const { size, theme, language, ...zoomed } of seen) {
    await take(coppice, { size, theme });
    await page.evaluate((to) => window.coppice.settings.set({ language: to }), language);
    await expect.poll(() => page.evaluate(() => document.documentElement.lang)).toBe(language);
    const look = `${size.width}-${theme}-${language}`;
    for (const [name, hash] of Object.entries(screens)) {
      await page.evaluate((to) => {
        document.querySelector("main > *")!.classList.add("left"); // of the page before
        location.hash = to;
      }, hash);
      if (name !== "compare-other-data") await page.locator("main > .left").waitFor({ state: "detached" });
      await page.getByRole("heading", { level: 1 }).waitFor();
      await expect.poll(() => page.locator("main [aria-busy=true]").count()).toBe(0);
      await coppice.screenshot(`fits/${name}-${look}`);
      expect.soft(await tooWide(page, "isZoomed" in zoomed), `${name}, ${look}`).toEqual([]);
    }
  }
});

/** A folder of many files, and files whose names are longer than their column. */
function dataIn(folder: string): string[] {
  const data = join(folder, "clauses of commercial leases, second collection, revised");
  cpSync(sampleData, data, { recursive: true });
  const long = join(folder, "questions-about-commercial-leases-and-their-deadlines-2024-to-2026.jsonl");
  const rows = Array.from({ length: 400 }, (_, row) => ({ prompt: `Clause ${row}:`, completion: ` ${row}` }));
  writeFileSync(long, rows.map((row) => JSON.stringify(row)).join("\n"));
  return [data, long];
}

/**
 * What can be scrolled sideways, and controls that are not wholly in the window or in what they scroll with: a line for each.
 * `mayTables`: whether tables may.
 */
function tooWide(page: Page, mayTables: boolean): Promise<string[]> {
  return page.evaluate((tablesMay) => {
    const nameOf = (element: Element) =>
      `${element.tagName.toLowerCase()} “${(element.getAttribute("aria-label") ?? element.textContent ?? "").trim().slice(0, 60)}”`;
    const widestIn = (element: Element) =>
      [...element.querySelectorAll("*")].reduce((widest, next) =>
        next.getBoundingClientRect().right >= widest.getBoundingClientRect().right ? next : widest,
      );
    const root = document.documentElement;
    const found = root.scrollWidth > innerWidth ? [`the page by ${root.scrollWidth - innerWidth}`] : [];
    for (const element of document.querySelectorAll<HTMLElement>("body *")) {
      if (tablesMay && element.closest(".sideways, :has(> table)")) continue;
      const { overflowX, textOverflow } = getComputedStyle(element);
      const excess = element.scrollWidth - element.clientWidth;
      if (excess > 0 && /auto|scroll/.test(overflowX))
        found.push(`${nameOf(element)} by ${excess}: ${nameOf(widestIn(element))}`);
      if (!element.matches("button, a, select, input, textarea") || textOverflow === "ellipsis") continue;
      const { left, right, width } = element.getBoundingClientRect();
      if (width > 1 && (left < 0 || right > innerWidth))
        found.push(`${nameOf(element)} from ${left} to ${right}`);
    }
    return found;
  }, mayTables);
}
