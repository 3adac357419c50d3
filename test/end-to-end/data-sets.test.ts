/** What was read: looked through, named, exported, used again, deleted. */
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readDataset } from "../../main/documents/dataset.ts";
import { openServices } from "../../main/services/open.ts";
import { planWithSeed } from "../main/services/plan.ts";
import { expectAccessible } from "./accessibility.ts";
import { newFolder, openCoppice } from "./coppice.ts";
import { choose } from "./dialogs.ts";
import { expectInEachLook } from "./looks.ts";

/** A folder whose home has read questions about leases, on which a run was trained, and another run started from its model. */
async function folderWithData(): Promise<{ folder: string; data: string }> {
  const folder = newFolder();
  const source = join(folder, "leases");
  mkdirSync(source);
  const rows = Array.from({ length: 80 }, (_, i) => ({
    question: `May the tenant of flat ${i} keep a ${["dog", "piano", "bicycle"][i % 3]}?`,
    choices: ["Yes, always", "Only with consent", "Never"],
    answer: i % 3,
  }));
  writeFileSync(join(source, "questions.jsonl"), rows.map((row) => JSON.stringify(row)).join("\n"));
  const services = openServices(join(folder, "home"));
  try {
    const { home, datasets, models, runs } = services;
    const out = join(home.datasets, "5f0c");
    const report = await readDataset({ data: [source], out, seed: 1 });
    const datasetId = datasets.remember({ folder: out, name: "leases", report }).id;
    const model = {
      path: "/m.gguf",
      name: "m",
      format: "gguf",
      architecture: "llama",
      summary: {},
      sizeBytes: 1,
    };
    const modelId = models.remember({ ...model, sha256: null }).id;
    const autumn = runs.create(planWithSeed(1), { name: "Leases, autumn", modelId, datasetId });
    const plan = planWithSeed(2);
    const winter = runs.create(
      { ...plan, model: { ...plan.model, path: join(home.models, autumn.id) } },
      { name: "Contracts, winter", modelId },
    );
    for (const { id } of [autumn, winter]) runs.cancel(id);
    return { folder, data: home.datasets };
  } finally {
    services.close();
  }
}

test("a data set is looked through, named, exported, used again and deleted", async () => {
  const { folder, data } = await folderWithData();
  const coppice = await openCoppice({ folder });
  const { page } = coppice;
  await page.getByRole("list").first().waitFor();
  await page.keyboard.press("Control+3");
  await page.getByRole("heading", { name: "leases" }).waitFor();
  const list = page.getByRole("listbox", { name: "Rows" });
  const rows = list.getByRole("option").filter({ hasText: "May the tenant of flat" });
  await expect.poll(() => rows.first().getAttribute("aria-setsize")).toBe("52");
  await list.focus();
  await page.keyboard.press("End");
  const last = list.getByRole("option", { selected: true });
  await expect.poll(() => last.getAttribute("aria-posinset")).toBe("52");
  const question = (await last.innerText()).split("\n")[0]!;
  await page.getByRole("region", { name: "The chosen row" }).getByText(question).waitFor();
  expect(await page.getByRole("main").innerText()).toContain("questions.jsonl");
  await expectInEachLook(coppice, "data-sets");

  await page.getByRole("searchbox", { name: "Search the rows" }).fill("piano");
  await expect.poll(() => rows.filter({ hasText: "dog" }).count()).toBe(0);
  const menu = page.getByRole("button", { name: "More for leases" });
  await menu.click();
  await page.getByRole("menuitem", { name: "Rename…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("Leases 2026");
  await dialog.getByLabel("Name").press("Enter");
  await page.getByRole("heading", { name: "Leases 2026" }).waitFor();

  const into = join(folder, "exports");
  mkdirSync(into);
  await choose(coppice, into);
  await page.getByRole("button", { name: "More for Leases 2026" }).click();
  await page.getByRole("menuitem", { name: "Export…" }).click();
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Choose a folder…" }).click();
  await expect.poll(() => readdirSync(into)).toEqual(["Leases 2026"]);
  expect(readdirSync(join(into, "Leases 2026"))).toContain("train.jsonl");

  await page.getByRole("button", { name: "Use for a new model" }).click();
  await expect.poll(() => new URL(page.url()).hash).toBe("#/new/model");
  await page.keyboard.press("Control+3");
  await page.getByRole("button", { name: "More for Leases 2026" }).click();
  await page.getByRole("menuitem", { name: "Delete…" }).click();
  await dialog.getByText("Contracts, winter, started from the model of “Leases, autumn”").waitFor();
  expect(await dialog.innerText()).toContain("Leases, autumn");
  await coppice.screenshot("data-set-delete");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("heading", { name: "No data yet" }).waitFor();
  expect(readdirSync(data)).toEqual([]);
});
