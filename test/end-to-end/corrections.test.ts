/** A wrong answer is corrected in chat, and the run's model learns from it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { questionExample } from "../../native-models/evaluation/choices.ts";
import { Question } from "../../preload/contract/data.ts";
import { expectAccessible } from "./accessibility.ts";
import { answered, answers, ask, go } from "./chat-page.ts";
import { openCoppice } from "./coppice.ts";
import { expectInEachLook } from "./looks.ts";
import { showRun, startRun } from "./short-run.ts";

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

test("a wrong answer is corrected, and an improvement says what it learnt, won and lost", async () => {
  const coppice = await openCoppice();
  const { page, folder } = coppice;
  const run = await startRun(coppice, { name: "Hire clauses", keep: 7, rowsPerRound: 8 });
  await showRun(page, run);
  await page.waitForFunction(() => location.hash.endsWith("/result"));

  await go(page, `#/chat?model=${run}`);
  await ask(page, "Who polishes the brass lamp?");
  await answered(page, 1);
  await correct(page, "The hirer polishes it.");
  const corrected = page.getByRole("group", { name: "Corrected" });
  expect(await corrected.innerText()).toContain("The hirer polishes it.");
  await button(page, "Change the correction").click();
  await page
    .getByRole("textbox", { name: "Passage that it rests on" })
    .fill("Clause 9: the hirer polishes the lamp.");
  await expectAccessible(page);
  await coppice.screenshot("corrections/editing");
  await button(page, "Save the correction").click();
  await corrected.getByText("Clause 9").waitFor();

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
  await dialog.getByRole("button", { name: "Improve with 1 correction" }).click();
  await page.getByRole("heading", { name: "Hire clauses, improved" }).waitFor();
  await page.waitForFunction(
    (before) => location.hash.endsWith("/result") && !location.hash.includes(before),
    run,
  );

  await page.getByText(/Of the 40 old test questions it won \d+ and lost \d+\./).waitFor();
  expect(await page.getByRole("link", { name: "Hire clauses", exact: true }).getAttribute("href")).toBe(
    `#/runs/${run}/result`,
  );
  await page.getByText("Right answer likelier than the wrong one").waitFor();
  await expectInEachLook(coppice, "corrections/result");
  await page.evaluate(() => window.coppice.settings.set({ language: "de" }));
  await page.getByText(/bisherigen Testfragen hat es \d+ gewonnen/).waitFor();
  await expectAccessible(page);
  await page.evaluate(() => window.coppice.settings.set({ language: "en" }));

  await page.evaluate(() => (location.hash = "#/data-sets"));
  await page.getByRole("heading", { name: "Corrections of Hire clauses" }).waitFor();
  await page.getByText("The hirer polishes it.").waitFor();
});
