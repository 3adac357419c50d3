/** Questions that a model wrote from documents: looked through by keyboard, and made into a data set. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openServices } from "../../main/services/open.ts";
import { expectAccessible } from "./accessibility.ts";
import { openCoppice } from "./coppice.ts";
import { saveAtSecondTry } from "./dialogs.ts";
import { expectInEachLook } from "./looks.ts";
import { folderWithQuestions } from "./seeded-questions.ts";

test("ten thousand questions are looked through by keyboard, and become the next version of their data set", async () => {
  const { folder, writing } = await folderWithQuestions(10_000);
  const coppice = await openCoppice({ folder });
  const { page, home } = coppice;
  const dialog = page.getByRole("dialog");
  await page.keyboard.press("Control+3");
  await page.getByRole("heading", { name: "Harbour yard" }).waitFor();
  await page.getByText("Checked 0 of 10,000").waitFor();
  await expectInEachLook(coppice, "questions-data-set");
  await page.getByRole("button", { name: "Write questions…" }).click();
  await dialog.getByText("at the pace that this model had here").waitFor();
  await expectAccessible(page);
  await coppice.screenshot("questions-start");
  await page.keyboard.press("Escape");

  await page.getByRole("link", { name: "Look through" }).click();
  const list = page.getByRole("listbox", { name: "Questions" });
  const current = list.getByRole("option", { selected: true });
  const text = () => current.innerText();
  await expect.poll(() => list.evaluate((element) => element === document.activeElement)).toBe(true);
  await expect.poll(() => page.getByText("hire-0.txt, line 1").count()).toBe(1); // as in the documents
  await page.getByRole("combobox", { name: "Order" }).selectOption({ label: "Most doubtful first" });
  await expect.poll(text).toContain("in case 0?");
  await list.focus();
  expect(await list.getByRole("option").count()).toBeLessThan(60);
  await page.keyboard.press("k");
  await page.keyboard.press("d");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.keyboard.type("Edited: ");
  await coppice.screenshot("questions-edit");
  await page.keyboard.press("Enter");
  await page.getByText("Checked 3 of 10,000").waitFor();
  expect(await text()).toContain("Edited");
  await page.keyboard.press("d");
  await expect.poll(text).toContain("in case 4?");
  await page.keyboard.press("u");
  await expect.poll(text).toContain("in case 3?");
  await page.getByText("Checked 3 of 10,000").waitFor();
  await expectInEachLook(coppice, "questions");
  await page.keyboard.press("End");
  await expect.poll(text).toContain("in case 9999?");
  expect(await page.locator("mark").innerText()).toMatch(/^A .* euros a day\.$/);

  await page.keyboard.press("Control+f");
  await page.keyboard.type("case 4321");
  await page.getByText("· 1 question").waitFor();
  expect(await text()).toContain("in case 4321?");
  await page.keyboard.type(" of none");
  await page.getByRole("button", { name: "Show all" }).click();
  await expect.poll(text).toContain("in case 0?");
  expect(await page.getByRole("searchbox").inputValue()).toBe("");
  await expect.poll(() => list.evaluate((element) => element === document.activeElement)).toBe(true);

  const saved = join(folder, "questions.jsonl");
  await saveAtSecondTry(coppice, saved);
  await page.getByRole("button", { name: "Save as a file…" }).click();
  await dialog.getByRole("radio", { name: /Only checked ones \(2\)/ }).check();
  await expectAccessible(page);
  await coppice.screenshot("questions-save");
  const save = dialog.getByRole("button", { name: "Choose where, and save" });
  await save.click();
  await save.click(); // the dialog is still there
  await dialog.waitFor({ state: "detached" });
  const lines = readFileSync(saved, "utf8").trim().split("\n");
  expect(lines.map((line) => (JSON.parse(line) as { state: string }).state)).toEqual(["kept", "edited"]);

  await page.getByRole("button", { name: "Make a data set…" }).click();
  await dialog.getByRole("radio", { name: /Only checked ones \(2\)/ }).check();
  await expectAccessible(page);
  await coppice.screenshot("questions-make");
  await dialog.getByRole("button", { name: "Make the data set" }).click();
  await page.getByText("Version 2", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Use for a new model" }).waitFor();
  await coppice.close();

  const services = openServices(home);
  expect(services.writings.get(writing).questions).toEqual({ unseen: 9997, kept: 1, edited: 1, dropped: 1 });
  services.close();
});

test("a data set that is made on the page of data sets is the one that is shown; a link to a deleted one says so", async () => {
  const { folder } = await folderWithQuestions(200);
  const coppice = await openCoppice({ folder });
  const { page } = coppice;
  await page.keyboard.press("Control+3");
  await page.getByRole("heading", { name: "Harbour yard" }).waitFor();
  await page.getByRole("button", { name: "More for the questions by sample" }).click();
  await page.getByRole("menuitem", { name: "Make a data set…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Make the data set" }).click();
  await page.getByText("Version 2", { exact: true }).waitFor();
  await page.locator("a[aria-current]", { hasText: "Version 2" }).waitFor();
  await page.evaluate(() => (location.hash = "#/data-sets/999"));
  await page.getByText("This data set is no longer there").waitFor();
  expect(await page.getByRole("button", { name: "Use for a new model" }).count()).toBe(0);
  await expectInEachLook(coppice, "data-sets-missing");
});
