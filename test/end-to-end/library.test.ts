/** What a person has: found, named, compared, erased. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openServices } from "../../main/services/open.ts";
import { clauses } from "../main/services/clauses.ts";
import { finishedRun } from "../main/services/finished-run.ts";
import { planWithSeed } from "../main/services/plan.ts";
import { expectAccessible } from "./accessibility.ts";
import { newFolder, openCoppice } from "./coppice.ts";
import type { OpenOptions } from "./coppice.ts";

/** A folder whose home has two finished runs on the same data, one on other data, a paused and a failed one. */
async function filledFolder() {
  const folder = newFolder();
  const home = join(folder, "home");
  const services = openServices(home);
  try {
    const half = await finishedRun(services, clauses);
    const careful = await finishedRun(services, {
      ...clauses,
      name: "Clauses, careful",
      depths: [{ units: 6, right: (question) => question % 10 < 7, tokensPerSecond: 110 }],
    });
    const deadlines = await finishedRun(services, {
      ...clauses,
      name: "Deadlines",
      dataHash: "77aa",
      questions: 120,
    });
    const { runs } = services;
    const { id: paused } = runs.create(planWithSeed(3), { name: "Court letters" });
    runs.start(paused);
    runs.pause(paused, "asked");
    const { id: failed } = runs.create(planWithSeed(4), { name: "Lease templates" });
    runs.start(failed);
    runs.fail(failed, { code: "disk-full", path: "/data" });
    return { folder, home, half, careful, deadlines, paused, failed };
  } finally {
    services.close();
  }
}

async function openLibrary(options: OpenOptions = {}) {
  const filled = await filledFolder();
  const coppice = await openCoppice({ ...options, folder: filled.folder });
  await coppice.page.getByRole("list", { name: "Your models" }).waitFor();
  return { ...filled, coppice, page: coppice.page };
}

test("a first start says what Coppice does and where to begin", async () => {
  const coppice = await openCoppice();
  await coppice.page.getByRole("link", { name: "Try the sample" }).waitFor();
  await expectAccessible(coppice.page);
  await coppice.screenshot("library-empty");
});

test.each([
  { size: { width: 1280, height: 800 }, theme: "light" },
  { size: { width: 1280, height: 800 }, theme: "dark" },
  { size: { width: 900, height: 600 }, theme: "light" },
  { size: { width: 900, height: 600 }, theme: "dark" },
] as const)("it lists what there is, at $size.width × $size.height, $theme", async (look) => {
  const { coppice, page } = await openLibrary(look);
  expect(await page.getByRole("main").innerText()).toContain("3 finished models, 2 waiting for you.");
  const row = page.getByRole("listitem").filter({ hasText: "small, clauses 5f0c" }).first();
  await row.waitFor();
  const overflow = await page.evaluate(() => {
    const content = document.getElementById("content")!;
    return content.scrollWidth - content.clientWidth;
  });
  expect(overflow).toBeLessThanOrEqual(0);
  await expectAccessible(page);
  await coppice.screenshot(`library-${look.size.width}-${look.theme}`);
});

test("a search finds by name, note, tag, model and data; a filter and an order hold", async () => {
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

test("a run is renamed, tagged and noted, by keyboard, and found by it after a restart", async () => {
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

test("a run is deleted after saying what that frees", async () => {
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
