/** A run as a person watches it: to its result, paused, cancelled, ended early, and after its engine and the application died. */
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { expectAccessible } from "./accessibility.ts";
import { newFolder, openCoppice } from "./coppice.ts";
import { hasFocus } from "./chat-page.ts";
import { engineProcess } from "./engine-process.ts";
import { expectInEachLook, overflowOf } from "./looks.ts";
import type { Coppice } from "./coppice.ts";
import { choose } from "./dialogs.ts";
import { mainThread } from "./main-thread.ts";
import { showRun, startRun, summaryOf } from "./short-run.ts";

/** What a result page says first. */
const VERDICT = /^(Ready|Usable|Too few|Not yet|Of no use).*\. \d+ of \d+ right, was \d+\./;

/** The window's own words, without the person's questions and answers. */
const wordsBeforeStatistics = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const content = document.getElementById("content")!.cloneNode(true) as HTMLElement;
    for (const part of content.querySelectorAll("td, details, svg, option, .visually-hidden")) part.remove();
    return content.textContent.split(/\s+/).filter(Boolean).length;
  });

const atResult = (page: Page) => page.waitForFunction(() => location.hash.endsWith("/result"));
const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name, exact: true });
/** Once the card says so; a moment later a hidden line, for screen readers, says it too. */
const training = (page: Page) =>
  page.locator(".sentence", { hasText: /^(Training to|Fine-tuning the whole)/ }).waitFor();

/** A picture in German: are its words whole, and do they fit? */
async function expectGerman({ page, screenshot }: Coppice, words: string, name: string): Promise<void> {
  const speak = (language: "de" | "en") =>
    page.evaluate((chosen) => window.coppice.settings.set({ language: chosen }), language);
  await speak("de");
  await page.getByText(words).first().waitFor();
  await expectAccessible(page);
  expect(await overflowOf(page)).toBeLessThanOrEqual(0);
  await screenshot(`${name}-german`);
  await speak("en");
}

test("a run is watched from its start to its result, and its depths are used", async () => {
  const coppice = await openCoppice();
  const { page, folder } = coppice;
  const id = await startRun(coppice, { keep: 6 });
  await showRun(page, id);
  await page.getByRole("heading", { name: "Short sample", level: 1 }).waitFor();
  expect(
    await page
      .getByRole("listitem")
      .filter({ hasText: /^Block \d/ })
      .count(),
  ).toBe(8);
  // Testing blocks can take less than a fifth of a second, so the page itself looks at every frame.
  await Promise.all([
    page.getByRole("img", { name: /^Training loss from/ }).waitFor(),
    page.waitForFunction(() => document.body.textContent.includes("Finding which of the"), undefined, {
      polling: "raf",
    }),
  ]);
  await page.getByText("Log", { exact: true }).click();
  const log = page.getByRole("log");
  await log.getByRole("paragraph").first().waitFor();
  await log.focus();
  await page.keyboard.press("Home");
  await log
    .getByText(/Preparing$/)
    .first()
    .waitFor();

  await atResult(page);
  const heading = page.getByRole("heading", { level: 1 });
  await expect.poll(() => heading.innerText()).toMatch(VERDICT);
  await page.getByRole("heading", { name: "Ten of the 40, wrong ones first" }).waitFor();
  const answers = page.getByRole("table", { name: "Held-out questions and their answers" });
  expect(await answers.getByRole("row").count()).toBe(11);
  expect(await wordsBeforeStatistics(page)).toBeLessThanOrEqual(250);
  await expectInEachLook(coppice, "result");
  await expectGerman(coppice, "Statistik", "result");
  await answers.getByRole("button", { name: "Good answer" }).first().click();
  await button(page, "Improve with 1 correction").waitFor();
  await answers.getByRole("button", { name: "Correct this answer" }).nth(1).click();
  await page.getByRole("textbox", { name: "The right answer" }).fill("Only on Sundays");
  await button(page, "Save the correction").click();
  await expect.poll(() => answers.getByText("Corrected").count()).toBe(2);
  await coppice.screenshot("result-corrected");
  await page.getByRole("combobox", { name: "Which questions" }).selectOption("lost");
  await expect.poll(() => page.getByRole("combobox", { name: "Which questions" }).inputValue()).toBe("lost");
  await page.getByText("Statistics", { exact: true }).click();
  const figures = page.getByRole("table", { name: "Measured on held-out questions" });
  expect(await figures.getByRole("row", { name: /^Accuracy always/ }).innerText()).toMatch(
    /(\d+\.\d%\s+\d+\.\d–\d+\.\d%\s*){3}/,
  );
  await page.getByRole("heading", { name: "Costs" }).scrollIntoViewIfNeeded();
  await expectInEachLook(coppice, "result-statistics");

  const out = join(folder, "exported");
  await choose(coppice, out);
  await page.getByRole("slider", { name: "Depth" }).focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowRight");
  await page.getByText("7 blocks, not healed", { exact: true }).waitFor();
  expect(await heading.innerText()).toMatch(VERDICT);
  await button(page, "Export this depth…").click();
  const dialog = page.getByRole("dialog", { name: "Export 7 blocks, not healed" });
  await dialog.getByRole("radio", { name: /^Ollama/ }).check();
  await dialog.getByRole("combobox", { name: "Type of the weights" }).selectOption("Q8_0");
  await expectAccessible(page);
  await coppice.screenshot("export-dialog");
  await expect.poll(() => dialog.getByRole("radio", { name: /^Adapter/ }).isDisabled()).toBe(true);
  await button(page, "Choose a folder and export…").click();
  await dialog.getByText(/ written\.$/).waitFor();
  await expectAccessible(page);
  await coppice.screenshot("export-done");
  const [inOllama] = readdirSync(out);
  expect(readdirSync(join(out, inOllama!)).sort()).toEqual([
    ...["LICENSE", "Modelfile", "README.md"],
    expect.stringMatching(/-Q8_0\.gguf$/),
  ]);
  rmSync(join(out, inOllama!), { recursive: true });
  await dialog.getByRole("button", { name: "Close" }).last().click();
  await button(page, "Export this depth…").click();
  await button(page, "Choose a folder and export…").click();
  await dialog.getByText(/ written\.$/).waitFor();
  await page.keyboard.press("Escape");
  const [exported] = readdirSync(out);
  expect(readdirSync(join(out, exported!))).toEqual(
    expect.arrayContaining(["config.json", "model.safetensors", "onnx"]),
  );

  await button(page, "Chat").click();
  await page.waitForFunction(() => location.hash.startsWith("#/chat?model="));
  const model = decodeURIComponent((await page.evaluate(() => location.hash)).split("model=")[1]!);
  expect(existsSync(join(model, "onnx"))).toBe(true);
});

test("during training the page is accessible in every size and theme; the run is paused, resumed and cancelled, and another one waits", async () => {
  const coppice = await openCoppice();
  const { page } = coppice;
  const id = await startRun(coppice, { tuningEpochs: 20, rowsPerRound: 400 });
  await showRun(page, id);
  await training(page);
  const { longTasks, ...busy } = await mainThread(page, 5);
  console.log(
    `In 5 s of training the window's main thread was busy for ${JSON.stringify(busy)} ms; tasks over 50 ms: ${longTasks.join(", ") || "none"}`,
  );
  await expectInEachLook(coppice, "trim");
  await page.getByText("Rings", { exact: true }).click();
  await coppice.screenshot("trim-rings");
  await expectGerman(coppice, "Blockübersicht", "trim");

  await button(page, "Pause").press("Enter");
  await page.getByText("The run is paused.").waitFor();
  expect(await hasFocus(button(page, "Resume"))).toBe(true);
  const { fraction } = await summaryOf(page, id);
  await expectInEachLook(coppice, "trim-paused");
  await button(page, "Resume").click();
  await page.getByText("The run continues.", { exact: true }).waitFor();
  await training(page);
  await expect.poll(async () => (await summaryOf(page, id)).fraction).toBeGreaterThan(fraction);

  const second = await startRun(coppice, { name: "The second" });
  await showRun(page, second);
  await page.getByText("This run is next in the queue.").waitFor();
  await coppice.screenshot("trim-queued");
  await button(page, "Remove from the queue").click();
  await page.getByText("The run is paused.").waitFor();

  await showRun(page, id);
  await training(page);
  await button(page, "More actions").click();
  await page.getByRole("menuitem", { name: "Cancel this run" }).click();
  await button(page, "Cancel the run").click();
  await page.getByText("The run was cancelled.").waitFor();
  expect((await summaryOf(page, id)).state).toBe("cancelled");
});

test("a run that is finished early gives the depth that it has reached", async () => {
  const coppice = await openCoppice();
  const { page } = coppice;
  const id = await startRun(coppice, { keep: 2, rowsPerRound: 96 });
  await showRun(page, id);
  const chart = page.getByRole("img", { name: /^Accuracy on the test questions/ });
  const drawn = () => chart.locator("canvas").evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
  const depths = async () => (await chart.getAttribute("aria-label"))!.split("; trimmed").length - 1;
  await expect.poll(depths).toBeGreaterThan(0);
  const [before, picture] = [await depths(), await drawn()];
  await expect.poll(depths).toBeGreaterThan(before);
  await expect.poll(drawn).not.toBe(picture); // it grows as the run goes on
  await page.getByText("6 of 8 blocks", { exact: true }).waitFor();
  await expectInEachLook(coppice, "trim-cut");
  await button(page, "Stop and keep").click();
  const dialog = page.getByRole("dialog", { name: "Stop here and keep the model?" });
  await coppice.screenshot("trim-stop-and-keep");
  await dialog.getByRole("button", { name: "Stop and keep" }).click();
  await button(page, "Stopping after this step").waitFor();
  await atResult(page);
  await page.getByText(/^[3-6] of 8 blocks$/).waitFor();
});

test("after the engine is killed, and the application is quit and killed, the run continues to its result", async () => {
  const folder = newFolder();
  const first = await openCoppice({ folder });
  const { page, electron } = first;
  const id = await startRun(first, { keep: 7, tuningEpochs: 4 });
  await showRun(page, id);
  await training(page);
  const trainer = await engineProcess(electron, "trainer");
  expect(trainer).toBeDefined();
  process.kill(trainer!, "SIGKILL");
  const alert = page.getByRole("alert");
  await alert.getByText("The engine stopped.").waitFor();
  await expectInEachLook(first, "trim-failed");
  await alert.getByRole("button", { name: "Try again" }).click();
  await training(page);
  expect(await first.close()).toBe(0);

  const second = await openCoppice({ folder });
  await showRun(second.page, id);
  await second.page.getByText("The run was interrupted.").waitFor();
  await button(second.page, "Resume").click();
  await training(second.page);
  await second.kill();

  const third = await openCoppice({ folder });
  await showRun(third.page, id);
  await third.page.getByText("The run was interrupted.").waitFor();
  await third.screenshot("trim-interrupted");
  await button(third.page, "Resume").click();
  await atResult(third.page);
  await third.page.getByText(/^7 of 8 blocks$/).waitFor();
});
