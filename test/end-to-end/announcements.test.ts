/** What a screen reader says by itself while something happens. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { expect, test } from "vitest";
import { openChat } from "./chat-page.ts";
import { openCoppice } from "./coppice.ts";
import { choose } from "./dialogs.ts";
import { openLibrary } from "./filled-library.ts";

/** From now on, all texts of the page's status regions; gives those so far. */
async function listen(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(() => {
    const said: string[] = [];
    Object.assign(globalThis, { said });
    new MutationObserver((changes) => {
      const regions = changes.map(({ target }) =>
        target instanceof Element ? target : target.parentElement,
      );
      for (const region of regions) said.push(region?.closest("[role=status]")?.textContent ?? "");
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
  return () => page.evaluate(() => (globalThis as unknown as { said: string[] }).said);
}

test("while many files are read, their numbers are announced once in a while", async () => {
  const coppice = await openCoppice();
  const { page, folder } = coppice;
  const source = join(folder, "contracts");
  mkdirSync(source);
  for (let i = 0; i < 300; i++)
    writeFileSync(join(source, `${i}.txt`), `The hire of crane ${i} ends at six.\n`);
  await page.evaluate(() => (location.hash = "#/new/model"));
  await page.getByRole("radio", { name: /Built-in sample/ }).check({ force: true });
  await page.getByRole("button", { name: "Next: your data" }).click();
  await choose(coppice, source);
  const said = await listen(page);
  await page.getByRole("button", { name: "Add a folder…" }).click();
  await page.getByText("300 files").first().waitFor();
  await page.getByRole("heading", { name: "Checks" }).waitFor();
  const figures = (await said()).filter((text) => /\d/.test(text));
  expect(figures.length).toBeLessThanOrEqual(2);
});

test("a search without a result is announced", async () => {
  const { page } = await openLibrary();
  const said = await listen(page);
  await page.keyboard.press("Control+f");
  await page.keyboard.type("nothing like this");
  await expect.poll(said).toContain("Nothing matches this search.");
  await page.keyboard.press("Control+5");
  await page.getByRole("searchbox", { name: "Search conversations" }).fill("nothing like this");
  await expect.poll(said).toContain("No conversation contains these words.");
});

test("settings and switches are described by the sentences beside them, and a wrong number is reported", async () => {
  const { page } = await openChat();
  const describes = (part: Locator) =>
    part.evaluate(
      (element) => document.getElementById(element.getAttribute("aria-describedby")!)!.textContent,
    );
  await page.keyboard.press("Control+,");
  const temperature = page.getByRole("slider", { name: "Temperature" });
  expect(await describes(temperature)).toMatch(/^Low values/);
  await page.keyboard.press("Control+6");
  expect(await describes(page.getByRole("switch", { name: "Keep the computer awake" }))).toMatch(
    /The screen may still turn off\.$/,
  );
  await page.evaluate(() => (location.hash = "#/new/model"));
  await page.getByRole("radio", { name: /Built-in sample/ }).check({ force: true });
  await page.getByRole("button", { name: "Next: your data" }).click();
  await page.getByRole("button", { name: "Use the sample" }).click();
  await page.getByRole("button", { name: "Next: target" }).click();
  await page.getByText(/^More: /).click();
  await page.getByText(/^Advanced: /).click();
  expect(await describes(page.getByRole("switch", { name: "Accuracy floor" }))).toMatch(/^The result is the/);
  await page.getByRole("textbox", { name: "Epochs", exact: true }).fill("51");
  await page.keyboard.press("Tab");
  await page.getByRole("alert").getByText("Enter a whole number from 0 to 50.").waitFor();
});
