/** The wizard's first three steps: from a model and data to a run that was started. */
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Locator, Page } from "playwright-core";
import { expect, test } from "vitest";
import { writeSampleGguf } from "../native-models/formats/sample-gguf.ts";
import { expectAccessible } from "./accessibility.ts";
import { answered, answers, ask, go as goToChat, question } from "./chat-page.ts";
import { newFolder, openCoppice, startAgain } from "./coppice.ts";
import type { Coppice, OpenOptions } from "./coppice.ts";
import { choose } from "./dialogs.ts";
import { dropOn } from "./dropping.ts";
import { electronOnly } from "./electron-only.ts";
import { inSight } from "./in-sight.ts";
import { expectInEachLook, overflowOf } from "./looks.ts";

const sampleModel = fileURLToPath(new URL("../../native-models/sample/model", import.meta.url));
const sampleData = fileURLToPath(new URL("../../native-models/sample/data", import.meta.url));

const go = (page: Page, hash: string) => page.evaluate((to) => void (location.hash = to), hash);
const step = (page: Page, name: string) =>
  page.getByRole("list", { name: "Steps" }).getByRole("link", { name });
const primary = (page: Page, name: string) => page.getByRole("button", { name, exact: true });

async function openWizard(options: OpenOptions = {}): Promise<Coppice> {
  const coppice = await openCoppice(options);
  await go(coppice.page, "#/new/model");
  await coppice.page.getByRole("heading", { name: "Which model do you want to start with?" }).waitFor();
  return coppice;
}

async function chooseSample(page: Page): Promise<void> {
  await page.getByRole("radio", { name: /Built-in sample/ }).check({ force: true });
  await page.getByText("This model fits this computer", { exact: true }).waitFor();
}

async function useSampleData(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Use the sample's questions" }).click();
  await page.getByRole("heading", { name: "Splits" }).waitFor();
}

/** From the first step to the second, with the sample. */
async function toData(page: Page): Promise<void> {
  await chooseSample(page);
  await primary(page, "Next: your data").click();
}

/** Opens what most people leave as it is. */
async function openMore(page: Page): Promise<void> {
  const more = page.getByText(/^More: /);
  await more.waitFor();
  if (
    !(await page
      .locator("details")
      .first()
      .evaluate((fold: HTMLDetailsElement) => fold.open))
  )
    await more.click();
}

/** From the first step to the third, with the sample and its questions. */
async function toTarget(page: Page): Promise<void> {
  await toData(page);
  await useSampleData(page);
  await primary(page, "Next: target").click();
}

test("its pages are accessible and fit in each size and theme", async () => {
  const coppice = await openWizard();
  const { page } = coppice;
  const shown = (name: string, what?: Locator) =>
    expectInEachLook(coppice, `wizard/${name}`, () => Promise.resolve(what?.scrollIntoViewIfNeeded()));
  await page.getByRole("button", { name: /^Download [\d.]+ [MG]B from/ }).waitFor(); // of the recommended model
  expect((await inSight(page)).words).toBeLessThanOrEqual(250);
  await shown("model-recommended");
  expect(await primary(page, "Next: your data").isDisabled()).toBe(true);
  await chooseSample(page);
  await shown("model");
  await primary(page, "Next: your data").click();
  await page.getByRole("button", { name: "Add files…" }).waitFor();
  await shown("data-empty");
  await useSampleData(page);
  await shown("data");
  await shown("data-mapping", page.getByRole("heading", { name: "Read as" }));
  await primary(page, "Next: target").click();
  await page.getByRole("slider", { name: "Blocks kept" }).waitFor();
  await page
    .getByText(/measuring/)
    .first()
    .waitFor();
  await expectAccessible(page);
  await page.getByText(/from a few real steps/).waitFor();
  const { words, settings } = await inSight(page);
  expect(words).toBeLessThanOrEqual(200);
  expect(settings).toBeLessThanOrEqual(12);
  await shown("target");
  await openMore(page);
  await shown("target-more", page.getByLabel("Choose the depth by"));
  await page.getByText(/^Advanced:/).click();
  await shown("target-advanced", page.getByLabel("Epochs", { exact: true }));
});

test("its pages fit in German", async () => {
  const coppice = await openWizard({ size: { width: 900, height: 600 } });
  const { page } = coppice;
  await toData(page);
  await useSampleData(page);
  await page.evaluate(() => window.coppice.settings.set({ language: "de" }));
  await page.getByRole("heading", { name: "Was soll es lernen?" }).waitFor();
  for (const [hash, name] of [
    ["#/new/model", "Mit welchem Modell möchten Sie beginnen?"],
    ["#/new/data", "Was soll es lernen?"],
    ["#/new/target", "Wie weit soll es zurückgeschnitten werden?"],
  ] as const) {
    await go(page, hash);
    await page.getByRole("heading", { name, level: 1 }).waitFor();
    if (hash === "#/new/target") await page.getByRole("slider").waitFor();
    await coppice.screenshot(`wizard${hash.slice(5)}-german`);
    expect(await overflowOf(page)).toBeLessThanOrEqual(0);
    await expectAccessible(page);
  }
});

test("the programs for the result are named, and what they cannot load is said at once", async () => {
  const coppice = await openWizard();
  const { page } = coppice;
  await toTarget(page);
  await openMore(page);
  const programs = page.getByRole("group", { name: "I want to use it in" });
  await programs.getByRole("checkbox", { name: "Hugging Face transformers" }).check();
  await programs.getByRole("checkbox", { name: "Ollama" }).check();
  await page.getByText("Coppice cuts only in ways that these programs can load.").waitFor();
  await page.getByText(/^Advanced:/).click();
  await page.getByLabel("Unit to cut").selectOption("sublayer");
  await page.getByText(/^Hugging Face transformers cannot load half-blocks/).waitFor();
  await page.getByText("To continue, choose a cut that your programs can load.").waitFor();
  await expect.poll(() => primary(page, "Start trimming").isDisabled()).toBe(true);
  await expectInEachLook(coppice, "wizard/programs", () => programs.scrollIntoViewIfNeeded());
  await page.getByRole("button", { name: "Cut whole blocks" }).click();
  await page.getByText("Coppice cuts only in ways that these programs can load.").waitFor();
  await expect.poll(() => primary(page, "Start trimming").isDisabled()).toBe(false);
  await page.reload();
  await expect.poll(() => programs.getByRole("checkbox", { name: "Ollama" }).isChecked()).toBe(true);
});

test("a choice that will have no effect says so where it is made", async () => {
  const { page } = await openWizard();
  await toTarget(page);
  await page.getByRole("slider", { name: "Blocks kept" }).press("End");
  await openMore(page);
  await page.getByRole("switch", { name: "Also train the whole model on as many rows" }).check();
  await page.getByText("Nothing is cut, so the whole model is not trained for comparison.").waitFor();
  await page.getByRole("slider", { name: "Blocks kept" }).press("Home");
  await page.getByText("The result is then compared with a full-depth model").waitFor();
});

test("what the result should be like, and when it should be done, stand in for a depth", async () => {
  const coppice = await openWizard();
  const { page } = coppice;
  await toTarget(page);
  await openMore(page);
  const by = page.getByLabel("Choose the depth by");
  await page.getByText(/from a few real steps/).waitFor();
  await by.selectOption("Speed in chat");
  const tokens = page.getByLabel("Tokens per second in chat, at least");
  await tokens.fill("1");
  await tokens.press("Tab");
  await page.getByText(/^8 of 8 blocks/).waitFor();
  await tokens.fill("999999");
  await tokens.press("Tab");
  await page
    .getByText(/cannot/)
    .first()
    .waitFor();
  await page.getByRole("slider", { name: "Blocks kept" }).press("Home");
  await page.getByText(/^1 of 8 blocks/).waitFor();
  expect(await by.inputValue()).toBe("slider");
  await by.selectOption("Memory in chat");
  await page.getByLabel("Memory in chat, at most, in MB").waitFor();

  await page.getByRole("switch", { name: "Be done in time" }).check();
  await page.getByText(/^Enough for all of the training, in \d+ rounds/).waitFor();
  const minutes = page.getByLabel("Minutes until it is done");
  await minutes.fill("0.001");
  await minutes.press("Tab");
  await page.getByText("This time is too short for this plan.").first().waitFor();
  await expect.poll(() => primary(page, "Start trimming").isDisabled()).toBe(true);
  await page.getByRole("radiogroup", { name: "Be done in time" }).getByText("By", { exact: true }).click();
  await page.getByLabel("Time of day by which it is done").waitFor();
  await expectInEachLook(coppice, "wizard/goal", () => by.scrollIntoViewIfNeeded());
  await page.getByText(/^Enough for/).waitFor();
  await primary(page, "Start trimming").click();
  await expect.poll(() => page.evaluate(() => location.hash)).toMatch(/^#\/runs\//);
  const plan = await page.evaluate(async () => {
    const listed = await window.coppice.runs.list();
    if (!listed.ok) throw new Error(listed.failure.code);
    const detail = await window.coppice.runs.get({ id: listed.value[0]!.id });
    if (!detail.ok) throw new Error(detail.failure.code);
    return detail.value.plan;
  });
  expect(plan.trim.keep).toEqual({ units: expect.any(Number) });
  expect(plan.budget!.seconds).toBeLessThanOrEqual(24 * 60 * 60);

  await go(page, "#/new/target");
  await page.getByText("Another run goes first.").scrollIntoViewIfNeeded();
  await coppice.screenshot("wizard/goes-after");
});

test("from the sample to a started run, and back to its choices", async () => {
  const { page } = await openWizard();
  await toTarget(page);
  await page.getByText("Half suits your data", { exact: false }).waitFor();
  await page.getByRole("button", { name: "Careful" }).click();
  await openMore(page);
  await page.getByLabel("Name", { exact: true }).fill("Clauses, careful");
  await page.getByText("6 of 8 blocks").first().waitFor();
  await page.getByText(/^Advanced:/).click();
  await page.getByLabel("Epochs", { exact: true }).fill("2");
  await page.getByLabel("Weights during training").selectOption("w8a8");
  await page.getByText(/^Half the memory for the blocks, and faster on newer processors/).waitFor();
  const mixed = page.getByRole("checkbox", { name: /^Mixed bits/ });
  expect(await mixed.isEnabled()).toBe(false); // the sample's chat weights have 8 bits
  await page.getByLabel("Weights in chat", { exact: true }).selectOption("int4");
  await expect.poll(() => mixed.isEnabled()).toBe(true);
  await mixed.check();
  expect(await page.getByLabel("Share of extra bytes").inputValue()).toBe("0.1");
  // Measured or not: a run may start at any time.
  await primary(page, "Start trimming").click();
  await expect.poll(() => page.evaluate(() => location.hash)).toMatch(/^#\/runs\/clauses-careful/);
  const run = await page.evaluate(async () => {
    const listed = await window.coppice.runs.list();
    if (!listed.ok) throw new Error(listed.failure.code);
    const detail = await window.coppice.runs.get({ id: listed.value[0]!.id });
    if (!detail.ok) throw new Error(detail.failure.code);
    const { tune, trim, base, chat, methods } = detail.value.plan;
    return { state: detail.value.run.state, name: detail.value.run.name, tune, trim, base, chat, methods };
  });
  expect(run).toMatchObject({
    state: "running",
    name: "Clauses, careful",
    tune: { maxEpochs: 2 },
    trim: { keep: { fraction: 0.8 } },
    base: { storage: "w8a8", streamed: false },
    chat: { precision: "int4" },
    methods: { "mixed-bits": { share: 0.1 } },
  });

  await go(page, "#/new/target");
  await expect
    .poll(() => page.getByRole("slider", { name: "Blocks kept" }).getAttribute("aria-valuenow"))
    .toBe("6");
  await step(page, "Trim").waitFor();
  await page.getByText(/^A run is active/).waitFor();
});

test("going back and forth keeps each step, and a restart keeps them all", async () => {
  const first = await openWizard();
  await chooseSample(first.page);
  await primary(first.page, "Next: your data").click();
  await useSampleData(first.page);
  await primary(first.page, "Next: target").click();
  const slider = first.page.getByRole("slider", { name: "Blocks kept" });
  await slider.waitFor();
  await slider.press("ArrowRight");
  await slider.press("ArrowRight");
  await slider.press("ArrowRight");
  await expect.poll(() => slider.getAttribute("aria-valuenow")).toBe("7");
  await step(first.page, "Model").click();
  await expect.poll(() => first.page.getByRole("radio", { name: /Built-in sample/ }).isChecked()).toBe(true);
  await step(first.page, "Target").click();
  await expect.poll(() => slider.getAttribute("aria-valuenow")).toBe("7");
  expect(await first.close()).toBe(0);

  const second = await openCoppice({ folder: first.folder });
  await go(second.page, "#/new/target");
  const again = second.page.getByRole("slider", { name: "Blocks kept" });
  await again.waitFor();
  expect(await again.getAttribute("aria-valuenow")).toBe("7");
  await go(second.page, "#/new/data");
  await second.page.getByRole("heading", { name: "Splits" }).waitFor();
  await second.page.getByText("train.jsonl", { exact: true }).first().waitFor();
});

test("a kill right after a choice loses nothing", async () => {
  const first = await openWizard();
  await chooseSample(first.page);
  await first.kill();
  const second = await openWizard({ folder: first.folder });
  await expect.poll(() => second.page.getByRole("radio", { name: /Built-in sample/ }).isChecked()).toBe(true);
});

test("models of other programs are found, and one is chosen by its name", async () => {
  const folder = newFolder();
  const snapshot = "person/.cache/huggingface/hub/models--maker--small/snapshots/0123456789";
  cpSync(sampleModel, join(folder, snapshot), { recursive: true });
  const { page } = await openWizard({ folder });
  await page.getByRole("radio", { name: /maker\/small/ }).check({ force: true });
  await page.getByRole("heading", { name: "maker/small", level: 2 }).waitFor();
  await page.getByText("This model fits this computer", { exact: true }).waitFor();
  await expect.poll(() => primary(page, "Next: your data").isEnabled()).toBe(true);
});

test("a model file that the system opens becomes the model to start from", async () => {
  electronOnly("one instance at a time is Electron's lock");
  const { page, folder } = await openCoppice();
  const path = join(folder, "clauses.gguf");
  writeFileSync(path, "this is no model");
  await page.getByRole("main").waitFor();
  await startAgain(folder, [path]);
  await expect.poll(() => page.evaluate(() => location.hash)).toBe("#/new/model");
  await page.getByRole("heading", { name: "clauses.gguf", level: 2 }).waitFor();
  await page.getByText("This file is damaged.").waitFor();
});

test("a GGUF file can be trimmed and chatted with", async () => {
  const coppice = await openWizard();
  const { page, folder } = coppice;
  const path = join(folder, "small.gguf");
  await writeSampleGguf(path);
  await choose(coppice, path);
  await page.getByRole("button", { name: "Choose a file…" }).click();
  await page.getByRole("heading", { name: "small", level: 2 }).waitFor();
  await page.getByText("This model fits this computer", { exact: true }).waitFor();
  await primary(page, "Look again").click();
  await page.getByText("This model fits this computer", { exact: true }).waitFor();
  await expect.poll(() => primary(page, "Next: your data").isEnabled()).toBe(true);
  const said: string[] = [];
  for (const model of ["sample", path]) {
    await goToChat(page, `#/chat?model=${encodeURIComponent(model)}`);
    await ask(page, question);
    await answered(page, 1);
    said.push(await answers(page).getByRole("paragraph").first().innerText());
  }
  expect(said[1]).toBe(said[0]);
});

test("an unreadable model says why, and another one can be chosen", async () => {
  const coppice = await openWizard();
  const { page, folder } = coppice;
  const path = join(folder, "broken.gguf");
  writeFileSync(path, "this is no model");
  await choose(coppice, path);
  await page.getByRole("button", { name: "Choose a file…" }).click();
  await page.getByRole("alert").getByText("This file is damaged.").waitFor();
  expect(await primary(page, "Next: your data").isDisabled()).toBe(true);
  await coppice.screenshot("wizard/model-damaged");
  await expectAccessible(page);
  await choose(coppice, sampleModel);
  await page.getByRole("button", { name: "Choose another model" }).click();
  await page.getByText("This model fits this computer", { exact: true }).waitFor();
  expect(await primary(page, "Next: your data").isDisabled()).toBe(false);
});

test("files named after a split go to that split", async () => {
  const coppice = await openWizard();
  const { page } = coppice;
  await toData(page);
  await choose(coppice, ...["train", "valid", "test"].map((name) => join(sampleData, `${name}.jsonl`)));
  await page.getByRole("button", { name: "Add files…" }).click();
  await page.getByRole("heading", { name: "Splits" }).waitFor();
  for (const [file, part] of [
    ["train.jsonl", "data"],
    ["valid.jsonl", "valid"],
    ["test.jsonl", "test"],
  ] as const)
    expect(await page.getByLabel(`Use of ${file}`).inputValue()).toBe(part);
});

test("unusable data says why; columns that are not recognised are mapped by hand", async () => {
  const coppice = await openWizard();
  const { page, folder } = coppice;
  await toData(page);
  const damaged = join(folder, "damaged.jsonl");
  writeFileSync(damaged, '{"prompt": "a", "completion": ');
  await choose(coppice, damaged);
  await page.getByRole("button", { name: "Add files…" }).click();
  await page.getByText("This data cannot be used.").waitFor();
  expect(await primary(page, "Next: target").isDisabled()).toBe(true);
  await coppice.screenshot("wizard/data-damaged");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Remove damaged.jsonl" }).click();

  const sheet = join(folder, "sheet.csv");
  const rows = Array.from({ length: 60 }, (_, i) => `c${i},Is number ${i} even?,${i % 2 ? "no" : "yes"}`);
  writeFileSync(sheet, ["kappa,lambda,my", ...rows].join("\n"));
  await choose(coppice, sheet);
  await page.getByRole("button", { name: "Add files…" }).click();
  await page.getByLabel("Each row is").selectOption({ label: "a question and its answer" });
  await page.getByLabel("Column lambda is").selectOption({ label: "Question or prompt" });
  await page.getByText("Assign a column to: Answer.").waitFor();
  await page.getByLabel("Column my is").selectOption({ label: "Answer" });
  await page.getByLabel("Column kappa is").selectOption({ label: "Group" });
  await page.getByRole("heading", { name: "Splits" }).waitFor();
  await page.getByText("Is number 0 even?").first().waitFor();
  await coppice.screenshot("wizard/data-mapped");
  await expectAccessible(page);
});

test("unusable files of a folder are left out by a button, and one is used again", async () => {
  const coppice = await openWizard();
  const { page, folder } = coppice;
  await toData(page);
  const letters = join(folder, "letters");
  mkdirSync(letters);
  for (let i = 0; i < 60; i++)
    writeFileSync(
      join(letters, `letter-${i}.txt`),
      Array.from(
        { length: 30 },
        (_, j) => `Letter ${i} says in its part ${j} that ${i * j} apples came.`,
      ).join("\n\n"),
    );
  for (const name of ["damaged.pdf", "torn.pdf"]) writeFileSync(join(letters, name), "%PDF-1.7\ncut o");
  await choose(coppice, letters);
  await page.getByRole("button", { name: "Add a folder…" }).click();
  await page.getByText("To continue, fix the unusable file, remove it or leave it out.").waitFor();
  const files = page.getByRole("list", { name: "Files in letters" });
  const scrollFiles = () => files.evaluate((list) => list.parentElement!.scrollTo(0, list.scrollHeight));
  await scrollFiles();
  await page.getByRole("listitem").filter({ hasText: "torn.pdf" }).waitFor();
  await expectInEachLook(coppice, "wizard/data-unusable-in-folder");
  await scrollFiles();
  const leaveOut = page.getByRole("button", { name: "Leave out torn.pdf" });
  await leaveOut.focus();
  await page.keyboard.press("Enter");
  const useAgain = page.getByRole("button", { name: "Use torn.pdf again" });
  await expect.poll(() => useAgain.evaluate((button) => button === document.activeElement)).toBe(true);
  expect(await primary(page, "Next: target").isDisabled()).toBe(true);
  await page.getByText("To continue, fix").waitFor();
  await useAgain.click();
  await page.getByRole("button", { name: "Leave out the 2 unusable files" }).click();
  await page.getByRole("heading", { name: "Splits" }).waitFor();
  await page.getByText(/damaged\.pdf \(you left it out\)/).waitFor();
  await page.getByRole("heading", { name: "Rows as they are used" }).waitFor();
  await page.getByRole("radio", { name: "Test" }).click();
  const used = page.getByRole("listbox", { name: "Rows as they are used" });
  await used
    .getByText(/Letter \d+ says in its part 0/)
    .first()
    .waitFor();
  await used.focus();
  await page.keyboard.press("End");
  const last = used.getByRole("option", { selected: true });
  await expect
    .poll(
      async () => (await last.getAttribute("aria-posinset")) === (await last.getAttribute("aria-setsize")),
    )
    .toBe(true);
  await expectInEachLook(coppice, "wizard/data-left-out", () => used.scrollIntoViewIfNeeded());
  await page.evaluate(() => window.coppice.settings.set({ language: "de" }));
  await page.getByRole("button", { name: "torn.pdf wieder verwenden" }).waitFor();
  await page.getByText(/damaged\.pdf \(von Ihnen weggelassen\)/).waitFor();
  await expectInEachLook(coppice, "wizard/data-left-out-de");
});

test("a model and data are opened by dropping them", async () => {
  electronOnly("only Electron knows where a dropped file lies");
  const { page, folder } = await openWizard();
  const model = join(folder, "dropped-model");
  cpSync(sampleModel, model, { recursive: true });
  await dropOn(page.getByText(/^Drop a GGUF file/), model);
  await page.getByRole("heading", { name: "dropped-model", level: 2 }).waitFor();
  await page.getByText("This model fits this computer", { exact: true }).waitFor();
  await primary(page, "Next: your data").click();
  const notes = join(folder, "notes.txt");
  writeFileSync(notes, Array.from({ length: 60 }, (_, i) => `Paragraph ${i} of the notes.`).join("\n\n"));
  await dropOn(page.getByText("Drop files or a folder anywhere on this page"), notes);
  await page.getByRole("cell", { name: "notes.txt", exact: true }).waitFor();
});

test("a file for each part is used for that part", async () => {
  const coppice = await openWizard();
  const { page, folder } = coppice;
  await toData(page);
  const write = (name: string, count: number) => {
    const path = join(folder, name);
    const row = (i: number) => JSON.stringify({ prompt: `${name} ${i}:`, completion: ` ${i}` });
    writeFileSync(path, Array.from({ length: count }, (_, i) => row(i)).join("\n"));
    return path;
  };
  await choose(coppice, write("mine.jsonl", 40), write("held-out.jsonl", 12));
  await page.getByRole("button", { name: "Add files…" }).click();
  await page.getByLabel("Use of held-out.jsonl").selectOption({ label: "Test" });
  await page.getByRole("img", { name: /12 for the test/ }).waitFor();
});

test("personal data is shown in its sentences, and masked kind by kind", async () => {
  const coppice = await openWizard();
  const { page, folder } = coppice;
  await toData(page);
  const row = (i: number) => ({
    prompt: `Dear Ms Hill, case ${i}?`,
    completion: ` Write to hill@example.org, ${i}.`,
  });
  const path = join(folder, "letters.jsonl");
  writeFileSync(path, Array.from({ length: 60 }, (_, i) => JSON.stringify(row(i))).join("\n"));
  await choose(coppice, path);
  await page.getByRole("button", { name: "Add files…" }).click();
  await page.getByText("60 names of persons").waitFor();
  await page.getByText("Examples of names").click();
  await page.getByText("Dear Ms Hill, case 0?").first().waitFor();
  await page.getByRole("switch", { name: "Mask personal data" }).click();
  await page.getByText("Masked: 60 names of persons and 60 e-mail addresses.").waitFor();
  await expectInEachLook(coppice, "wizard/personal", () =>
    page.getByRole("heading", { name: "Personal data" }).scrollIntoViewIfNeeded(),
  );
  await page.getByRole("checkbox", { name: "60 e-mail addresses" }).uncheck();
  await page.getByText("Masked: 60 names of persons.").waitFor();
  await page.evaluate(() => window.coppice.settings.set({ language: "de" }));
  await page.getByText("Maskiert: 60 Personennamen.").waitFor();
  await coppice.screenshot("wizard/personal-german");
});

test("all answers of conversations are learnt, or the last ones alone, and rows show which", async () => {
  const coppice = await openWizard();
  const { page, folder } = coppice;
  await toData(page);
  const row = (i: number) => ({
    messages: [
      { role: "user", content: `Who keeps the key of shed ${i}?` },
      { role: "assistant", content: `The hirer keeps key ${i}.` },
      { role: "user", content: "And who pays for a lost one?" },
      { role: "assistant", content: `Lost key ${i} is paid for by the hirer.` },
    ],
  });
  const path = join(folder, "talks.jsonl");
  writeFileSync(path, Array.from({ length: 60 }, (_, i) => JSON.stringify(row(i))).join("\n"));
  await choose(coppice, path);
  await page.getByRole("button", { name: "Add files…" }).click();
  await page.getByText("60 conversations have several answers: all of them are learnt.").waitFor();
  await page.getByRole("switch", { name: "Learn only the last answer" }).click();
  await page.getByText("60 conversations have several answers: 60 of 120 are learnt.").waitFor();
  const chosen = page.getByRole("region", { name: "The chosen row" });
  await chosen.getByText("Answer, not learnt").waitFor();
  await expectInEachLook(coppice, "wizard/conversations", () =>
    page.getByRole("heading", { name: "Conversations" }).scrollIntoViewIfNeeded(),
  );

  await primary(page, "Next: target").click();
  await page.getByText("Careful suits your data", { exact: false }).waitFor();
  await page.getByText("6 of 8 blocks").first().waitFor();
  await page.getByRole("button", { name: "Half" }).click();
  await page.getByText("Your data has written answers", { exact: false }).waitFor();
  await expectInEachLook(coppice, "wizard/texts");
  await openMore(page);
  await page.getByLabel("Choose the depth by").selectOption("No clear loss");
  await page.getByText(/^Cuts down to 30% of the blocks/).waitFor();
});

test("a plan that does not fit is refused with figures, and the nearest one that fits can be chosen", async () => {
  const coppice = await openWizard({ environment: { COPPICE_MEMORY_LIMIT_BYTES: "255000000" } });
  const { page } = coppice;
  await page.getByRole("radio", { name: /Built-in sample/ }).check({ force: true });
  await page.getByText("Close other programs first").waitFor();
  await primary(page, "Next: your data").click();
  await useSampleData(page);
  await primary(page, "Next: target").click();
  await page.getByText("Not enough memory for this plan.").waitFor();
  expect(await primary(page, "Start trimming").isDisabled()).toBe(true);
  await coppice.screenshot("wizard/target-memory");
  await expectAccessible(page);
  await page.getByRole("button", { name: /^Use what fits: \d+ MB$/ }).click();
  await expect.poll(() => primary(page, "Start trimming").isEnabled()).toBe(true);
});

test("on battery power the application asks before it starts a run", async () => {
  const coppice = await openWizard();
  const { page, electron } = coppice;
  await electron.evaluate(({ powerMonitor }) => {
    powerMonitor.isOnBatteryPower = () => true;
  });
  await toTarget(page);
  await expect.poll(() => primary(page, "Start trimming").isEnabled()).toBe(true);
  await primary(page, "Start trimming").click();
  await page.getByRole("dialog", { name: "This computer is on battery power" }).waitFor();
  await coppice.screenshot("wizard/target-battery");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Start when plugged in" }).click();
  await expect.poll(() => page.evaluate(() => location.hash)).toMatch(/^#\/runs\//);
  const queue = await page.evaluate(() => window.coppice.runs.queue());
  expect(queue).toMatchObject({ ok: true, value: { running: null, waitsForPower: true } });
});

test("the whole wizard works by keyboard alone", async () => {
  const { page } = await openCoppice();
  await page.getByRole("main").waitFor();
  const press = (...keys: string[]) =>
    keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve());
  /** Tab until the part of that name has the focus. */
  const tabTo = async (name: string) => {
    for (let tabs = 0; tabs < 60; tabs++) {
      const focused = await page.evaluate(() => {
        const element = document.activeElement;
        if (!element?.matches("input, button, a, [role=slider]")) return "";
        return element.closest("label")?.textContent ?? element.ariaLabel ?? element.textContent ?? "";
      });
      if (focused.includes(name)) return;
      await press("Tab");
    }
    throw new Error(`Tab does not come to ${name}`);
  };
  await press("Control+n");
  await page.getByRole("radio", { name: /Built-in sample/ }).waitFor();
  await tabTo("Built-in sample");
  await press("Space");
  await page.getByText("This model fits this computer", { exact: true }).waitFor();
  await press("Control+Enter");
  await page.getByRole("button", { name: "Use the sample's questions" }).waitFor();
  await tabTo("Use the sample's questions");
  await press("Enter");
  await page.getByRole("heading", { name: "Splits" }).waitFor();
  await expect.poll(() => primary(page, "Next: target").isEnabled()).toBe(true);
  await press("Control+Enter");
  await page.getByRole("slider", { name: "Blocks kept" }).waitFor();
  await tabTo("Blocks kept");
  await press("End", "ArrowLeft");
  await page.getByText("7 of 8 blocks").first().waitFor();
  await expect.poll(() => primary(page, "Start trimming").isEnabled()).toBe(true);
  await press("Control+Enter");
  await expect.poll(() => page.evaluate(() => location.hash)).toMatch(/^#\/runs\//);
});
