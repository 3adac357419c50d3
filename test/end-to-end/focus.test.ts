/** Where the focus is after what had it has disappeared, was disabled, or is busy. */
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { answered, answers, ask, button, composer, hasFocus, openChat, question } from "./chat-page.ts";
import { openCoppice } from "./coppice.ts";

/** Presses a button by keyboard. */
async function press(page: Page, name: string): Promise<void> {
  await button(page, name).focus();
  await page.keyboard.press("Enter");
}

test("the part of the page around a button that disappears gets the focus; a busy button keeps it", async () => {
  const { page } = await openCoppice();
  await page.evaluate(() => (location.hash = "#/new/model"));
  await page.getByRole("radio", { name: /Built-in sample/ }).check({ force: true });
  await press(page, "Next: your data");
  await press(page, "Use the sample's questions");
  await expect.poll(() => hasFocus(page.getByRole("region", { name: "Files" }))).toBe(true);

  await page.keyboard.press("Control+6");
  const proves = button(page, "Prove it now");
  await proves.focus();
  await page.keyboard.press("Enter");
  await button(page, "Prove it again").waitFor();
  expect(await hasFocus(button(page, "Prove it again"))).toBe(true);
});

test("a new answer takes the focus of the button that asked for it, and so does another version of it", async () => {
  const { page } = await openChat();
  await ask(page, question);
  await answered(page, 1);
  await press(page, "Answer again");
  await expect.poll(() => button(page, "Previous version").count()).toBe(1);
  await answered(page, 1);
  await expect.poll(() => hasFocus(answers(page))).toBe(true);
  await press(page, "Previous version");
  await expect.poll(() => hasFocus(answers(page))).toBe(true);
  expect(await hasFocus(composer(page))).toBe(false);
});

test("Escape clears a search before it does anything else on the page", async () => {
  const { page } = await openChat();
  await page.keyboard.press("Control+,");
  const drawer = page.getByRole("complementary", { name: "Answer settings" });
  await drawer.waitFor();
  await page.keyboard.press("Control+f");
  await page.keyboard.type("table");
  await page.keyboard.press("Escape");
  expect(await page.getByRole("searchbox").inputValue()).toBe("");
  expect(await drawer.count()).toBe(1);
  await page.keyboard.press("Escape");
  await drawer.waitFor({ state: "detached" });
});
