/** A person's own data, little of it: nothing is refused without a way on. */
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { docxBytes } from "../main/documents/files/zip-bytes.ts";
import { newFolder, openCoppice } from "./coppice.ts";
import type { Coppice } from "./coppice.ts";
import { choose, saveTo } from "./dialogs.ts";
import { dropOn } from "./dropping.ts";
import { expectInEachLook } from "./looks.ts";
import { PATIENCE_MS } from "./patience.ts";
import { showRun, startRun } from "./short-run.ts";
import { folderWithQuestions } from "./seeded-questions.ts";

const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });

/** The page of the data, with the sample as the model. */
async function openData(folder: string): Promise<Coppice> {
  const coppice = await openCoppice({ folder });
  const { page } = coppice;
  await page.evaluate(() => (location.hash = "#/new/model"));
  await page.getByRole("radio", { name: /Built-in sample/ }).check({ force: true });
  await button(page, "Next: your data").click();
  await button(page, "Add files…").waitFor();
  return coppice;
}

test("76 questions are enough to try: few are held out, and the page says why", async () => {
  const folder = newFolder();
  const file = join(folder, "questions.csv");
  const rows = Array.from(
    { length: 76 },
    (_, i) => `How long is beam ${i}?,Beam ${i} is ${i + 2} metres long.`,
  );
  writeFileSync(file, ["Question,Answer", ...rows].join("\n"));
  const coppice = await openData(folder);
  const { page } = coppice;

  const sheet = join(folder, "sheet.docx");
  await saveTo(coppice, sheet);
  await button(page, "Sheet, DOCX").click();
  await page.getByText("“sheet.docx” is saved. Fill it in, then add it here.").waitFor();
  expect(existsSync(sheet)).toBe(true);

  const zone = page.getByRole("group").filter({ has: button(page, "Add files…") });
  const { x, y, width, height } = (await zone.boundingBox())!;
  const session = await page.context().newCDPSession(page);
  const drag = { items: [], files: [file], dragOperationsMask: 1 };
  await session.send("Input.dispatchDragEvent", { type: "dragEnter", x: x + 20, y: y + 20, data: drag });
  const held = page.getByRole("group").filter({ hasText: "Drop to add" });
  await held.waitFor();
  expect(await held.boundingBox()).toEqual({ x, y, width, height });
  await session.send("Input.dispatchDragEvent", { type: "dragCancel", x, y, data: drag });

  await dropOn(page.locator("#content"), file); // its corner, outside the zone
  await page.getByText("27 of 76 are held out, so that you see whether it works.").waitFor();
  await page.getByRole("img", { name: "49 rows for training, 8 for validation, 19 for the test" }).waitFor();
  await page.getByText("19 test rows are too few to prove that it works").waitFor();
  await page.getByText("The built-in sample cannot learn your data.").waitFor();
  await expectInEachLook(coppice, "own-data/few");
});

test("one short document is not refused: questions can be written from it", async () => {
  const folder = newFolder();
  const file = join(folder, "house rules.docx");
  writeFileSync(
    file,
    docxBytes("The gate is closed at nine in the evening. Bring your key.", "Dogs are kept on a lead."),
  );
  const coppice = await openData(folder);
  const { page } = coppice;
  await choose(coppice, file);
  await button(page, "Add files…").click();
  await page.getByText("1 passage; 16 are needed.").waitFor();
  await expectInEachLook(coppice, "own-data/document");
  await button(page, "Write questions…").click();
  await page.getByRole("dialog").getByText("Write questions from “house rules.docx”").waitFor();
  await page.getByText("This model is too small to write usable questions").waitFor();
  await button(page, "Start writing").waitFor();
  await page.getByRole("button", { name: /^Download .* from huggingface\.co$/ }).waitFor(); // nothing is requested before
  await coppice.screenshot("own-data/document-write");
});

test("if no question that was written is usable, the page says why", async () => {
  const { folder, writing } = await folderWithQuestions(0);
  const coppice = await openCoppice({ folder });
  const { page } = coppice;
  await page.evaluate((id) => (location.hash = `#/questions/${id}`), writing);
  await page.getByText("None of 17 questions was usable so far").waitFor();
  await page.getByText(/^Most often, asked again, the model gave a different answer \(14 of 17\)/).waitFor();
  await expectInEachLook(coppice, "own-data/none-usable");
});

test("the sample is one click from the first page to a run", async () => {
  const { page } = await openCoppice();
  await button(page, "Try the sample").click();
  await page.getByRole("heading", { name: "Built-in sample", level: 1 }).waitFor();
  await page
    .getByText(/^Fine-tuning the whole model/)
    .first()
    .waitFor();
});

test("a new model begins empty; what was begun waits in the library, and starting over can be undone", async () => {
  const folder = newFolder();
  const file = join(folder, "notes.txt");
  writeFileSync(file, "The gate is closed at nine in the evening.");
  const coppice = await openData(folder);
  const { page } = coppice;
  await dropOn(page.locator("#content"), file);
  await page.getByText("1 passage; 16 are needed.").waitFor();

  await page.keyboard.press("Control+n");
  await page.getByText("What you began waits in the library.").waitFor();
  await page.getByText("Choose a model to see its details").waitFor();
  await coppice.screenshot("own-data/begun-anew");
  await button(page, "Continue it").click(); // undoes it
  await page.getByText("This model fits this computer", { exact: true }).waitFor();

  await page.keyboard.press("Control+n");
  await page.keyboard.press("Control+1");
  await page.getByText("Built-in sample · notes.txt").waitFor();
  await expectInEachLook(coppice, "own-data/draft-waits");
  await page.getByRole("button", { name: "Continue: Built-in sample · notes.txt" }).click();
  await page.getByText("1 passage; 16 are needed.").waitFor();
  await page.keyboard.press("Control+1");
  await page.getByRole("button", { name: "Discard Built-in sample · notes.txt" }).click();
  await expect.poll(() => page.getByText("Built-in sample · notes.txt").count()).toBe(0);
});

test("a measured run learns from everything, and its figures stay those of the run before", async () => {
  const coppice = await openCoppice();
  const { page } = coppice;
  const result = () =>
    page.waitForFunction(() => location.hash.endsWith("/result"), undefined, { timeout: PATIENCE_MS });
  await showRun(page, await startRun(coppice, { keep: 6, unitsPerRound: 2, rowsPerRound: 8 }));
  await result();
  await button(page, "Learn from everything").click();
  await page.getByRole("heading", { name: "Short sample, from everything", level: 1 }).waitFor();
  await result();
  await page.getByText("This model learnt from all rows, so nothing is left to measure it.").waitFor();
  expect(await button(page, "Learn from everything").count()).toBe(0);
  await expectInEachLook(coppice, "own-data/everything");
  await page.getByRole("link", { name: "Short sample", exact: true }).click();
  await page.getByRole("link", { name: "Short sample, from everything" }).waitFor();
});
