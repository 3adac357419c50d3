/** The wizard's first three steps: from a model and data to a run that was started. */
import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { expectAccessible } from "./accessibility.ts";
import { newFolder, openCoppice } from "./coppice.ts";
import type { Coppice, OpenOptions } from "./coppice.ts";

/** The system's open dialog answers with these paths from now on. */
async function answerDialog({ electron }: Coppice, filePaths: string[]): Promise<void> {
  await electron.evaluate(({ dialog }, paths) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: paths });
  }, filePaths);
}

const go = (page: Page, hash: string) => page.evaluate((to) => void (location.hash = to), hash);
const heading = (page: Page) => page.getByRole("heading", { level: 1 }).innerText();
const primary = (page: Page, name: string) => page.getByRole("button", { name, exact: true });

async function openWizard(options: OpenOptions = {}): Promise<Coppice> {
  const coppice = await openCoppice(options);
  await go(coppice.page, "#/new/model");
  await coppice.page.getByRole("heading", { name: "Which model do you start from?" }).waitFor();
  return coppice;
}

async function chooseSample(page: Page): Promise<void> {
  await page.getByRole("radio", { name: /Built-in sample/ }).check({ force: true });
  await page.getByText("It fits this computer").waitFor();
}

async function useSampleData(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Use the sample's questions" }).click();
  await page.getByRole("heading", { name: "Parts, kept apart" }).waitFor({ timeout: 60_000 });
}

test.each([
  { size: { width: 1280, height: 800 }, theme: "light" },
  { size: { width: 1280, height: 800 }, theme: "dark" },
  { size: { width: 900, height: 600 }, theme: "light" },
  { size: { width: 900, height: 600 }, theme: "dark" },
] as const)("its screens hold at $size.width × $size.height in the $theme theme", async (look) => {
  const coppice = await openWizard(look);
  const { page } = coppice;
  const shown = async (name: string) => {
    await coppice.screenshot(`wizard/${name}-${look.size.width}-${look.theme}`);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    await expectAccessible(page);
  };
  await chooseSample(page);
  await shown("model");
  await primary(page, "Your data").click();
  await page.getByRole("button", { name: "Add files…" }).waitFor();
  await shown("data-empty");
  await useSampleData(page);
  await shown("data");
  await primary(page, "Target").click();
  await page.getByRole("slider", { name: "Blocks kept" }).waitFor();
  await page
    .getByText(/being measured/)
    .first()
    .waitFor();
  await shown("target-measuring");
  await page.getByText(/The time comes from/).waitFor({ timeout: 120_000 });
  await shown("target");
  await page.getByText(/^Advanced:/).click();
  await shown("target-advanced");
});
