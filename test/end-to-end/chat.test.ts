/** Talking to the sample: answers that come piece by piece, in conversations that stay. */
import type { Locator, Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { expectAccessible } from "./accessibility.ts";
import { openCoppice } from "./coppice.ts";
import type { Coppice, OpenOptions } from "./coppice.ts";

const firstQuestion = "Is there a table in the shop?";

async function openChat(options?: OpenOptions): Promise<Coppice> {
  const coppice = await openCoppice(options);
  await go(coppice.page, "#/chat");
  return coppice;
}

async function go(page: Page, hash: string): Promise<void> {
  await page.evaluate((to) => (location.hash = to), hash);
  await page.getByRole("region", { name: "Conversation", exact: true }).waitFor();
}

const composer = (page: Page) => page.getByRole("textbox", { name: "Your message" });
const answers = (page: Page) => page.getByRole("article", { name: "Answer" });
const list = (page: Page) => page.getByRole("region", { name: "Conversations" }).getByRole("link");

/** Chooses the sample, where no model is chosen yet. */
async function useSample(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Use sample" }).click();
  await expect.poll(() => composer(page).isEnabled()).toBe(true);
}

async function ask(page: Page, question: string): Promise<void> {
  await composer(page).fill(question);
  await composer(page).press("Enter");
}

/** Waits until nothing is being answered. */
async function answered(page: Page, count = 1): Promise<void> {
  await expect.poll(() => answers(page).count(), { timeout: 60_000 }).toBe(count);
  await expect.poll(() => page.getByRole("button", { name: "Stop" }).count(), { timeout: 60_000 }).toBe(0);
  await expect.poll(() => busyAnswers(page).count()).toBe(0);
}

const busyAnswers = (page: Page): Locator => page.locator("article[aria-busy=true]");

describe("a conversation with the sample", () => {
  test("begins with a model, and answers the first question", async () => {
    const coppice = await openChat();
    const { page } = coppice;
    await coppice.screenshot("chat-no-model-light");
    await expectAccessible(page);
    await useSample(page);
    await coppice.screenshot("chat-first-question-light");
    await ask(page, firstQuestion);
    await answered(page);
    await expect.poll(() => answers(page).first().innerText()).toMatch(/token/);
    await expect.poll(() => page.url()).toMatch(/#\/chat\/\d+$/);
    await coppice.screenshot("chat-answered-light");
    await expectAccessible(page);
  });
});
