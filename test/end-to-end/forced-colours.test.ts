/** A contrast theme of the system, in which the page's own colours are replaced. */
import type { Locator } from "playwright-core";
import { expect, test } from "vitest";
import { openCoppice } from "./coppice.ts";
import { folderWithQuestions } from "./seeded-questions.ts";

/** A picture of a part, without the sign of its focus. */
async function pictureOf(part: Locator): Promise<string> {
  await part.evaluate(() => (document.activeElement as HTMLElement).blur());
  return (await part.screenshot()).toString("base64");
}

test("in a contrast theme, switches, choices and current rows and places show their states", async () => {
  const { folder, writing } = await folderWithQuestions(3);
  const { page, screenshot } = await openCoppice({ folder });
  await page.emulateMedia({ forcedColors: "active" });
  await page.keyboard.press("Control+6");

  const motion = page.getByRole("switch", { name: "Reduce motion" });
  const off = await pictureOf(motion);
  await motion.check();
  expect(await pictureOf(motion)).not.toBe(off);

  const battery = page.getByRole("radiogroup", { name: "On battery" });
  const asks = await pictureOf(battery);
  await battery.getByText("Run", { exact: true }).click();
  expect(await pictureOf(battery)).not.toBe(asks);
  await screenshot("forced-colours-settings");

  await page.evaluate((id) => (location.hash = `#/questions/${id}`), writing);
  const last = page.getByRole("option").last();
  const ordinary = await pictureOf(last);
  await last.click();
  expect(await pictureOf(last)).not.toBe(ordinary);
  await screenshot("forced-colours-questions");
});
