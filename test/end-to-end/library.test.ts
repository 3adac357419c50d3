/** What a person has: found, named, compared, erased. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { expectAccessible } from "./accessibility.ts";
import { openCoppice } from "./coppice.ts";
import { openServices } from "../../main/services/open.ts";
import { filledFolder, openLibrary } from "./filled-library.ts";
import { inSight } from "./in-sight.ts";
import { expectInEachLook } from "./looks.ts";

test("the first start says what Coppice does and where to begin", async () => {
  const coppice = await openCoppice();
  await coppice.page.getByRole("button", { name: "Try the sample" }).waitFor();
  expect((await inSight(coppice.page)).words).toBeLessThanOrEqual(120);
  await expectAccessible(coppice.page);
  await coppice.screenshot("library-empty");
  await coppice.page.getByRole("link", { name: "Start with your own" }).click();
  await coppice.page.getByRole("radio", { name: /Built-in sample/ }).waitFor();
});

test("it lists runs, models and data", async () => {
  const { coppice, page } = await openLibrary();
  expect(await page.getByRole("main").innerText()).toContain("3 finished models, 2 waiting for you.");
  const row = page.getByRole("listitem").filter({ hasText: "small, clauses 5f0c" }).first();
  await row.waitFor();
  expect(await row.ariaSnapshot()).toMatch(/Accuracy: [\d.]+% .*Speed: \d+ tokens\/s File: [\d.]+ MB/);
  await expectInEachLook(coppice, "library");
});

test("search matches names, notes, tags, models and data; filter and sort order are kept", async () => {
  const { page } = await openLibrary();
  const names = () => page.getByRole("list", { name: "Your models" }).locator("a.name").allInnerTexts();
  const search = page.getByRole("searchbox", { name: "Search the library" });
  await page.keyboard.press("Control+F");
  await page.keyboard.type("careful");
  await expect.poll(names).toEqual(["Clauses, careful"]);
  await search.fill("77AA small");
  await expect.poll(names).toEqual(["Deadlines"]);
  await search.fill("nothing like this");
  await page.getByRole("button", { name: "Show everything" }).click();
  await page.getByLabel("Sort by").selectOption("Speed");
  await expect.poll(names).toEqual(["Deadlines", "Clauses", "Clauses, careful"]);
  await page.getByLabel("Show").selectOption("Waiting for me");
  await expect
    .poll(() => page.getByRole("list", { name: "Waiting for you" }).innerText())
    .toContain("Court letters");
  expect(await page.getByRole("list", { name: "Your models" }).count()).toBe(0);
});

test("a run is renamed, tagged and annotated by keyboard, and found by these after a restart", async () => {
  const { coppice, page, folder } = await openLibrary();
  await page.getByRole("button", { name: "More for Deadlines" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("menuitem", { name: "Name, tags and note" }).waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("Court deadlines");
  await dialog.getByLabel("Tags").fill("court, urgent");
  await dialog.getByLabel("Note").fill("asked for by the registry");
  await expectAccessible(page);
  await coppice.screenshot("library-edit");
  await dialog.getByLabel("Name").press("Enter");
  await dialog.waitFor({ state: "detached" });
  await page.getByRole("link", { name: "Court deadlines", exact: true }).waitFor();
  await coppice.close();
  const again = await openCoppice({ folder });
  await again.page.getByRole("searchbox", { name: "Search the library" }).fill("registry urgent");
  await expect
    .poll(() => again.page.getByRole("list", { name: "Your models" }).locator("a.name").allInnerTexts())
    .toEqual(["Court deadlines"]);
});

test("a run is deleted after showing how much space that frees", async () => {
  const { coppice, page, home, deadlines } = await openLibrary();
  await page.getByRole("button", { name: "More for Deadlines" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("The trimmed model").waitFor();
  expect(await dialog.innerText()).toContain("20 kB");
  await expectAccessible(page);
  await coppice.screenshot("library-delete");
  await dialog.getByRole("button", { name: "Delete and free" }).click();
  await dialog.waitFor({ state: "detached" });
  await expect.poll(() => page.getByRole("link", { name: "Deadlines", exact: true }).count()).toBe(0);
  expect(existsSync(join(home, "runs", deadlines))).toBe(false);
  expect(existsSync(join(home, "datasets", "77aa"))).toBe(false);
  expect(existsSync(join(home, "datasets", "5f0c"))).toBe(true);
});

test("library and comparison fit a small window in German", async () => {
  const { folder, home, half, careful } = await filledFolder();
  const services = openServices(home);
  services.settings.set({ language: "de" });
  services.close();
  const coppice = await openCoppice({ folder, size: { width: 900, height: 600 } });
  const { page } = coppice;
  const overflow = () =>
    page.evaluate(() => {
      const content = document.getElementById("content")!;
      return [content.scrollWidth - content.clientWidth, document.documentElement.scrollWidth - innerWidth];
    });
  await page.getByRole("list", { name: "Ihre Modelle" }).waitFor();
  expect(await overflow()).toEqual([0, 0]);
  await expectAccessible(page);
  await coppice.screenshot("library-german");
  await page.evaluate((hash) => (location.hash = hash), `#/compare?runs=${half},${careful}`);
  await page.getByRole("heading", { name: "Zusammenfassung" }).waitFor();
  await page.locator("canvas").first().waitFor();
  expect(await overflow()).toEqual([0, 0]);
  await expectAccessible(page);
  await coppice.screenshot("compare-german");
});
