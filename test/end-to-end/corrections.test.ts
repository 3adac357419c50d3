/** A wrong answer is corrected in chat, and the run's model learns from it. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { writeOutcome } from "../../main/home/run-folder.ts";
import { Reading } from "../../main/services/data/reading.ts";
import { sample } from "../../main/services/models/sample.ts";
import { openServices } from "../../main/services/open.ts";
import { questionExample } from "../../native-models/evaluation/choices.ts";
import { Question } from "../../preload/contract/data/data.ts";
import { cutSample } from "../main/cut-sample.ts";
import { planWithSeed } from "../main/services/plan.ts";
import { unmeasured } from "../preload/contract/runs/unmeasured.ts";
import { expectAccessible } from "./accessibility.ts";
import { answered, answers, ask, go } from "./chat-page.ts";
import { newFolder, openCoppice } from "./coppice.ts";
import { choose } from "./dialogs.ts";
import { expectInEachLook } from "./looks.ts";

const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name, exact: true });

/** Writes the right answer beside the last one, by the keyboard alone. */
async function correct(page: Page, right: string): Promise<void> {
  await answers(page).last().getByRole("button", { name: "Correct this answer" }).press("Enter");
  const field = page.getByRole("textbox", { name: "The right answer" });
  await expect.poll(() => field.evaluate((element) => element === document.activeElement)).toBe(true);
  await field.fill(right);
  await field.press("Control+Enter");
  await field.waitFor({ state: "detached" });
}

/** A folder whose home has a finished run, of which the sample is the result; gives the run's id. */
async function folderWithRun(): Promise<{ folder: string; run: string }> {
  const folder = newFolder();
  const services = openServices(join(folder, "home"));
  const reading = new Reading();
  try {
    const { home, datasets, models, runs } = services;
    const output = join(home.models, "hire-clauses");
    cpSync(sample.model, output, { recursive: true });
    const data = cutSample(folder, { "train.jsonl": 60, "valid.jsonl": 12, "test.jsonl": 40 });
    const read = await reading.dataset({ data: [data] }, sample.model, 1, home.datasets);
    const report = await reading.inspect(sample.model);
    const { format, modelType: architecture, sizeBytes } = report;
    const model = { path: sample.model, name: "sample", format, architecture, sizeBytes, sha256: null };
    const plan = {
      ...planWithSeed(1),
      model: { path: sample.model, sha256: null },
      data: { path: read.folder },
    };
    const { id } = runs.create(plan, {
      name: "Hire clauses",
      modelId: models.remember({ ...model, summary: { ...report } }).id,
      datasetId: datasets.remember(read).id,
    });
    runs.start(id);
    const keptIndices = Array.from({ length: report.layers }, (_, block) => block);
    const units = report.layers;
    const trimmed = { ...unmeasured, name: "healed", units, keptIndices, healed: true, versusTuned: null };
    const outcome = {
      output,
      units: { kind: "block" as const, total: units, kept: units, keptIndices },
      metrics: { base: unmeasured, tuned: unmeasured, trimmed, depths: [trimmed], methods: {} },
      seconds: 1,
      peakMemoryBytes: 1,
    };
    mkdirSync(join(home.runs, id), { recursive: true });
    await writeOutcome(join(home.runs, id), outcome);
    runs.finish(id, outcome);
    return { folder, run: id };
  } finally {
    await reading.stop();
    services.close();
  }
}

test("a wrong answer is corrected, and an improvement says what it learnt, won and lost", async () => {
  const { folder, run } = await folderWithRun();
  const coppice = await openCoppice({ folder });
  const { page } = coppice;

  await go(page, `#/chat?model=${run}`);
  await ask(page, "Who polishes the brass lamp?");
  await answered(page, 1);
  await correct(page, "The hirer polishes it.");
  const corrected = page.getByRole("group", { name: "Corrected" });
  expect(await corrected.innerText()).toContain("The hirer polishes it.");
  await button(page, "Change the correction").click();
  await page
    .getByRole("textbox", { name: "Passage that supports it" })
    .fill("Clause 9: the hirer polishes the lamp.");
  await expectAccessible(page);
  await coppice.screenshot("corrections/editing");
  await button(page, "Save the correction").click();
  await corrected.getByText("Clause 9").waitFor();

  await page.keyboard.press("Control+D");
  await button(page, "Model sample").waitFor();
  await button(page, "One model").click();

  const [line] = readFileSync(join(folder, "data", "test.jsonl"), "utf8").split("\n");
  const { prompt } = questionExample(Question.parse(JSON.parse(line!)), "plain");
  await ask(page, prompt.replace(/\s*Answer:$/, ""));
  await answered(page, 2);
  await correct(page, "Perhaps");
  await corrected
    .last()
    .getByText(/is in the test part of the run’s data/)
    .waitFor();
  await expectInEachLook(coppice, "corrections/corrected");

  await page.evaluate((hash) => (location.hash = hash), `#/runs/${run}/result`);
  await button(page, "Improve with 1 correction").click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText(/^One correction teaches/).waitFor();
  await dialog.getByText(/^One correction is left out/).waitFor();
  await dialog.getByText(/needs .* of memory/).waitFor();
  await expectAccessible(page);
  await coppice.screenshot("corrections/improve");
  const file = join(folder, "right.csv");
  writeFileSync(file, "question,answer,wrong\nWho waters the fern?,The landlord does.,Nobody.\n");
  await choose(coppice, file);
  await dialog.getByRole("button", { name: "Add from a file…" }).click();
  await dialog.getByText("1 correction added.").waitFor();
  await dialog.getByRole("button", { name: "Improve with 2 corrections" }).waitFor();
  await expectAccessible(page);
  await coppice.screenshot("corrections/added");
  await dialog.getByRole("button", { name: "Add from a file…" }).click();
  await dialog.getByText("0 corrections added.").waitFor();
  await dialog.getByText("Corrections", { exact: true }).click();
  const takeBacks = dialog.getByRole("button", { name: "Take the correction back" });
  await takeBacks.nth(2).click();
  await expect.poll(() => takeBacks.count()).toBe(2);
  await takeBacks.nth(1).click();
  await expect.poll(() => takeBacks.count()).toBe(1);
  await expect.poll(() => takeBacks.evaluate((button) => button === document.activeElement)).toBe(true);
  await dialog.getByRole("button", { name: "Improve with 1 correction" }).click();
  await page.keyboard.press("Escape"); // too late: it stays until the run is there
  await dialog.waitFor({ state: "detached" });
  expect(page.url()).not.toContain(run);
  await page.getByRole("heading", { name: "Hire clauses, improved" }).waitFor();
  await page.waitForFunction(
    (before) => location.hash.endsWith("/result") && !location.hash.includes(before),
    run,
  );

  await page.getByText(/Of the 40 old test questions it won \d+ and lost \d+\./).waitFor();
  expect(await page.getByRole("link", { name: "Hire clauses", exact: true }).getAttribute("href")).toBe(
    `#/runs/${run}/result`,
  );
  await page.getByText("Statistics", { exact: true }).click();
  await page.getByText("Right answer likelier than the wrong one").waitFor();
  await expectInEachLook(coppice, "corrections/result");
  await page.evaluate(() => window.coppice.settings.set({ language: "de" }));
  await page.getByText(/bisherigen Testfragen hat es \d+ gewonnen/).waitFor();
  await expectAccessible(page);
  await page.evaluate(() => window.coppice.settings.set({ language: "en" }));

  await page.evaluate(() => (location.hash = "#/data-sets"));
  await page.getByRole("heading", { name: "Corrections of Hire clauses" }).waitFor();
  const chosen = page.getByRole("region", { name: "The chosen row" });
  await chosen.getByText("The hirer polishes it.").waitFor();
  await button(page, "More for Corrections of Hire clauses").click();
  await page.getByRole("menuitem", { name: "Delete…" }).click();
  await dialog.getByText("The correction in it is deleted too").waitFor();
  await expectAccessible(page);
  await coppice.screenshot("corrections/delete-data-set");
  await page.keyboard.press("Escape");

  for (const [name, corrections] of [
    ["Hire clauses", 0],
    ["Hire clauses, improved", 1],
  ] as const) {
    await page.evaluate(() => (location.hash = "#/library"));
    await button(page, `More for ${name}`).click();
    await page.getByRole("menuitem", { name: "Delete" }).click();
    await dialog.getByText("Saved depths and figures").waitFor();
    expect(await dialog.getByText("1 correction of its answers").count()).toBe(corrections);
    await coppice.screenshot(`corrections/delete-${corrections}`);
    await dialog.getByRole("button", { name: "Delete and free" }).click();
    await dialog.waitFor({ state: "detached" });
  }
  await page.evaluate(() => (location.hash = "#/data-sets"));
  await page.getByRole("heading", { name: "Corrections of Hire clauses" }).waitFor();
});
