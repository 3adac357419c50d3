/** A run for another computer: its folder is written from the target page, followed while it is carried out there, and comes home as a run. */
import { appendFileSync, cpSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { cutSample } from "../main/cut-sample.ts";
import {
  endAfter,
  eventLines,
  finishJob,
  stepEvent,
  validationEvent,
} from "../main/trimming/elsewhere/finish-job.ts";
import { expectAccessible } from "./accessibility.ts";
import { openCoppice } from "./coppice.ts";
import { choose } from "./dialogs.ts";
import { dropOn } from "./dropping.ts";
import { expectInEachLook } from "./looks.ts";

test("a plan leaves as a folder with a warning about its rows, is followed, and what comes back is checked and finished", async () => {
  const coppice = await openCoppice();
  const { page, folder, home } = coppice;
  await page.evaluate(() => (location.hash = "#/new/model"));
  await page.getByRole("radio", { name: /Built-in sample/ }).check({ force: true });
  await page.getByText("This model fits this computer", { exact: true }).waitFor();
  await page.evaluate(() => (location.hash = "#/new/data"));
  await choose(coppice, cutSample(folder, { "train.jsonl": 24, "valid.jsonl": 24, "test.jsonl": 24 }));
  await page.getByRole("button", { name: "Add files…" }).click();
  await page.getByRole("heading", { name: "Splits" }).waitFor();
  await page.evaluate(() => (location.hash = "#/new/target"));
  await page.getByText("More: memory, speed, deadline, programs").click();
  await page.getByRole("switch", { name: "Be done in time" }).check();
  const out = join(folder, "out");
  mkdirSync(out);
  await choose(coppice, out);
  await page.getByRole("button", { name: "Run it elsewhere…" }).click();
  const dialog = page.getByRole("dialog", { name: "Run it on another computer" });
  await dialog.getByText(/without your time limit/).waitFor();
  await dialog.getByText(/^All 72 rows of your data leave this computer/).waitFor();
  await expectInEachLook(coppice, "elsewhere/asked");
  await page.evaluate(() => window.coppice.settings.set({ language: "de" }));
  await page.getByText(/^Mit ihm verlassen alle 72 Zeilen/).waitFor();
  await expectAccessible(page);
  await coppice.screenshot("elsewhere/german");
  await page.evaluate(() => window.coppice.settings.set({ language: "en" }));
  await dialog.getByRole("button", { name: "Choose a place and write it…" }).click();
  await dialog.getByText("The folder is written.").waitFor();
  await coppice.screenshot("elsewhere/written");
  await dialog.getByRole("button", { name: "Close" }).click();
  const [name] = readdirSync(out);
  const job = join(out, name!);
  expect(readdirSync(join(home, "runs"))).toEqual([]);

  await page.evaluate(() => (location.hash = "#/library"));
  await page.getByRole("heading", { level: 1 }).waitFor();
  await dropOn(page.locator("main"), job);
  const coming = page.getByRole("dialog", { name: "A run from another computer" });
  await coming.getByText(/has not been started yet/).waitFor();
  await coppice.screenshot("elsewhere/not-started");
  mkdirSync(join(job, "result"));
  report(job, { event: "phase", phase: "tune" }, stepEvent(1), validationEvent(1, 1.52));
  await coming.getByText("Fine-tuning the whole model on your data.", { exact: true }).waitFor();
  await coming.getByText(/^1 of \d+ training steps$/).waitFor();
  report(job, stepEvent(2), validationEvent(2, 1.31), { event: "phase", phase: "score", round: 1 });
  await coming.getByText(/^2 of \d+ training steps$/).waitFor();
  await coming.getByText("1.52 → 1.31", { exact: true }).waitFor();
  await expectInEachLook(coppice, "elsewhere/followed");
  await page.evaluate(() => window.coppice.settings.set({ language: "de" }));
  await page.getByText(/^2 von \d+ Trainingsschritten$/).waitFor();
  await coppice.screenshot("elsewhere/followed-german");
  await page.evaluate(() => window.coppice.settings.set({ language: "en" }));
  const half = join(out, "half");
  cpSync(job, half, { recursive: true });
  await finishJob(job);
  await page.waitForFunction(() => location.hash.endsWith("/result"));
  await page.getByRole("heading", { level: 1 }).waitFor();
  await coppice.screenshot("elsewhere/result");

  await finishJob(half);
  endAfter(half, "heal");
  await page.evaluate(() => (location.hash = "#/library"));
  await dropOn(page.locator("main"), half);
  await coming.getByRole("button", { name: "Train the rest here" }).click();
  await page.waitForFunction(() => location.hash.endsWith("/result"));
});

/** What the programme there writes as it goes. */
const report = (job: string, ...events: object[]) =>
  appendFileSync(join(job, "result", "events.jsonl"), eventLines(...events));
