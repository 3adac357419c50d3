/** The main job as a person does it in the window: from the sample and its questions to an answer of the trimmed model. */
import { expect } from "vitest";
import type { Coppice } from "./coppice.ts";

/** The longest that trimming may take; the rest is waited for as everything else. */
const JOB_MS = 1_800_000;

/** Stops on the way, in this order. */
export type Stop = "model" | "data" | "target" | "trim" | "result" | "chat";

/** Does the job through the window's controls alone; `at` is called at each stop, when its page is complete. */
export async function doWholeJob(
  { page }: Pick<Coppice, "page">,
  at: (stop: Stop) => Promise<void>,
): Promise<void> {
  const button = (name: string) => page.getByRole("button", { name, exact: true });
  await page.getByRole("link", { name: "New model", exact: true }).first().click();
  await page.getByRole("radio", { name: /Built-in sample/ }).check({ force: true });
  await page.getByText("This model fits this computer").waitFor();
  await at("model");

  await button("Next: your data").click();
  await button("Use the sample's questions").click();
  await page.getByRole("heading", { name: "Splits" }).waitFor();
  await at("data");

  await button("Next: target").click();
  await page.getByText(/from a few real steps/).waitFor();
  await at("target");

  await button("Start trimming").click();
  // Two rounds in, there is something to see.
  await page.waitForFunction(() => document.querySelectorAll('[data-state="cut"]').length > 1, undefined, {
    timeout: JOB_MS,
  });
  await at("trim");

  await page.waitForFunction(() => location.hash.endsWith("/result"), undefined, { timeout: JOB_MS });
  await page.getByRole("heading", { name: /\d+ of \d+ right, was \d+\./ }).waitFor();
  await at("result");

  await button("Chat").click();
  const composer = page.getByRole("textbox", { name: "Your message" });
  await expect.poll(() => composer.isEnabled()).toBe(true);
  await composer.fill("Is there a table in the shop?");
  await composer.press("Enter");
  const answer = page.getByRole("article", { name: "Answer" });
  await expect.poll(() => answer.count()).toBe(1);
  await expect.poll(() => button("Stop").count()).toBe(0);
  expect((await answer.innerText()).trim()).not.toBe("");
  await at("chat");
}
