/** Runs over each other: the sentence that decides, the figures, and what can be saved of them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { expectAccessible } from "./accessibility.ts";
import { saveTo } from "./dialogs.ts";
import { openLibrary } from "./filled-library.ts";
import { expectInEachLook } from "./looks.ts";

test("two runs are compared", async () => {
  const { coppice, page } = await openLibrary();
  await page.getByRole("checkbox", { name: "Choose Clauses", exact: true }).check();
  await page.getByRole("checkbox", { name: "Choose Clauses, careful" }).check();
  await page.getByRole("link", { name: "Compare 2" }).click();
  await page.getByText("is the fastest model that is not clearly less accurate").waitFor();
  expect(await page.getByRole("main").innerText()).toContain("2 runs on the same 300 test questions");
  await page.locator("canvas").first().waitFor();
  await expectInEachLook(coppice, "compare");
  await page.locator("label", { hasText: "Speed" }).click();
  await page.getByRole("heading", { name: "Accuracy against speed" }).waitFor();
});

test("runs on other test data are reported as not comparable", async () => {
  const { coppice, page, half, deadlines } = await openLibrary();
  await page.evaluate((hash) => (location.hash = hash), `#/compare?runs=${half},${deadlines}`);
  await page.getByText("Not comparable: different test data").waitFor();
  await expectAccessible(page);
  await coppice.screenshot("compare-other-data");
});

test("a comparison is saved as CSV and as a report with its charts", async () => {
  const { coppice, page, folder, half, careful } = await openLibrary();
  await page.evaluate((hash) => (location.hash = hash), `#/compare?runs=${half},${careful}`);
  const csv = join(folder, "figures.csv");
  await saveTo(coppice, csv);
  await page.getByRole("button", { name: "Save as CSV" }).click();
  await page.getByText(csv).waitFor();
  expect(readFileSync(csv, "utf8").split("\r\n")).toHaveLength(7);
  const html = join(folder, "report.html");
  await saveTo(coppice, html);
  await page.getByRole("button", { name: "Save as report" }).click();
  await page.getByText(html).waitFor();
  const report = readFileSync(html, "utf8");
  expect(report.match(/<svg/g)).toHaveLength(6);
  expect(report).toContain("is the fastest model that is not clearly less accurate");
  expect(report).not.toContain("NaN");
});

test("runs are chosen by keyboard, and a link to a deleted run leads to the library", async () => {
  const { page } = await openLibrary();
  await page.keyboard.press("Control+4");
  await page.getByRole("heading", { name: "Which model is worth it?" }).waitFor();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Choose runs" }).focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  const search = dialog.getByRole("searchbox", { name: "Search the runs" });
  await search.fill("zebra");
  await dialog.getByText("Nothing matches this search.").waitFor();
  await search.fill("");
  await dialog.getByRole("checkbox", { name: /^Clauses clauses/ }).focus();
  await page.keyboard.press("Space");
  await dialog.getByRole("checkbox", { name: /^Clauses, careful/ }).focus();
  await page.keyboard.press("Space");
  await dialog.getByRole("button", { name: "Compare" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Summary" }).waitFor();
  await page.evaluate(() => (location.hash = "#/compare?runs=gone,lost"));
  await page.getByRole("button", { name: "To the library" }).click();
  await page.getByRole("list", { name: "Your models" }).waitFor();
});
