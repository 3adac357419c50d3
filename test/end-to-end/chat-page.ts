/** The chat as journeys use it: its parts, and what is done in it again and again. */
import { Worker } from "node:worker_threads";
import type { Locator, Page } from "playwright-core";
import { expect, onTestFinished } from "vitest";
import { openCoppice } from "./coppice.ts";
import type { Coppice, OpenOptions } from "./coppice.ts";
import { engineProcess } from "./engine-process.ts";

/** One that the sample knows the form of. */
export const question = "Is there a table in the shop?";

/** Parts of the chat, as a person finds them. */
export const composer = (page: Page) => page.getByRole("textbox", { name: "Your message" });
export const answers = (page: Page) => page.getByRole("article", { name: "Answer" });
export const questions = (page: Page) => page.getByRole("article", { name: "You" });
export const list = (page: Page) => page.getByRole("region", { name: "Conversations" }).getByRole("link");
export const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
export const hasFocus = (part: Locator) => part.evaluate((element) => element === document.activeElement);

/** Goes to a place of the chat. */
export async function go(page: Page, hash: string): Promise<void> {
  await page.evaluate((to) => (location.hash = to), hash);
  await page.getByRole("region", { name: "Conversation", exact: true }).waitFor();
}

/** The chat with the sample chosen and ready. */
export async function openChat(options?: OpenOptions): Promise<Coppice> {
  const coppice = await openCoppice(options);
  await go(coppice.page, "#/chat?model=sample");
  await expect.poll(() => composer(coppice.page).isEnabled()).toBe(true);
  return coppice;
}

/** Writes a question and sends it by Enter. */
export async function ask(page: Page, text: string): Promise<void> {
  await composer(page).fill(text);
  await composer(page).press("Enter");
}

/** Waits until there are `count` answers, and none is in progress. */
export async function answered(page: Page, count: number): Promise<void> {
  await expect.poll(() => answers(page).count()).toBe(count);
  await expect.poll(() => button(page, "Stop").count()).toBe(0);
  await expect.poll(() => page.locator("article[aria-busy=true]").count()).toBe(0);
}

/** A temperature so high that no token is likely, least of all the end: the answer continues for a while. */
export async function makeEndless(page: Page): Promise<void> {
  const id = Number(/#\/chat\/(\d+)/.exec(page.url())![1]);
  await page.evaluate(
    (id) => window.coppice.conversations.configure({ id, sampling: { temperature: 10, maxTokens: 400 } }),
    id,
  );
  await page.reload();
  await composer(page).waitFor();
  await answers(page).first().waitFor();
}

/**
 * Lets the engine that answers run for a moment four times a second, until the returned function is called or it has ended: the sample's
 * longest answer takes less than half a second, and would be over before anything can be done to it. The moments are kept by a thread of
 * their own, as the test's may wait for a processor longer than that.
 */
export async function slowDown({ electron }: Coppice): Promise<() => void> {
  const engine = (await engineProcess(electron, "chat"))!;
  process.kill(engine, "SIGSTOP");
  const turns = new Worker(
    `const { workerData: engine } = require("node:worker_threads");
    const sleep = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
    try {
      for (;;) {
        sleep(240);
        process.kill(engine, "SIGCONT");
        sleep(10);
        process.kill(engine, "SIGSTOP");
      }
    } catch {} // it has ended`,
    { eval: true, workerData: engine },
  );
  const fast = async () => {
    await turns.terminate();
    try {
      process.kill(engine, "SIGCONT");
    } catch {
      // it has ended
    }
  };
  onTestFinished(fast);
  return () => void fast();
}
