/** The chat from its first question on, and beside a run. */
import { describe, expect, test } from "vitest";
import { sample } from "../../main/services/models/sample.ts";
import { expectAccessible } from "./accessibility.ts";
import {
  answered,
  answers,
  ask,
  button,
  composer,
  go,
  hasFocus,
  list,
  openChat,
  question,
  questions,
} from "./chat-page.ts";
import { openCoppice } from "./coppice.ts";
import { expectInEachLook, overflowOf } from "./looks.ts";

describe("a first conversation", () => {
  test("begins with a model and its first answer", async () => {
    const coppice = await openCoppice();
    const { page } = coppice;
    await go(page, "#/chat");
    await page.getByRole("heading", { name: "No model yet" }).waitFor();
    await expectInEachLook(coppice, "chat-no-model");

    await button(page, "Use sample").click();
    await page.getByRole("heading", { name: "Ask the first question" }).waitFor();
    await page.getByText("of 512 tokens").waitFor();
    await expectInEachLook(coppice, "chat-first-question");

    await ask(page, question);
    await answered(page, 1);
    await expect.poll(() => page.url()).toMatch(/#\/chat\/\d+$/);
    await expect.poll(() => list(page).allInnerTexts()).toEqual([expect.stringContaining(question)]);
    await expectInEachLook(coppice, "chat-answered");

    await page.keyboard.press("Control+,");
    const drawer = page.getByRole("complementary", { name: "Answer settings" });
    await drawer.getByText("More settings").click();
    await expectInEachLook(coppice, "chat-settings");
    await page.keyboard.press("Control+,");
    await expect.poll(() => drawer.count()).toBe(0);

    await page.keyboard.press("Control+D");
    await ask(page, "Is there a bed?");
    await answered(page, 3);
    await expectInEachLook(coppice, "chat-side-by-side");
  });

  test("is one click from a result: the person can type at once, which loads the model", async () => {
    const { page } = await openChat();
    await expect.poll(() => hasFocus(composer(page))).toBe(true);
    const inMemory = page.getByText(/ in memory$/);
    expect(await page.evaluate(() => window.coppice.conversations.loaded())).toEqual({ ok: true, value: [] });
    await page.keyboard.type(question);
    await inMemory.waitFor();
    await page.keyboard.press("Shift+Enter");
    await page.keyboard.type("Say yes or no.");
    await page.keyboard.press("Enter");
    await answered(page, 1);
    expect(await questions(page).first().innerText()).toBe(`${question}\nSay yes or no.`);
  });

  test("goes on with a model that was unloaded to free its memory", async () => {
    const { page } = await openChat();
    await ask(page, question);
    await answered(page, 1);
    const inMemory = page.getByText(/ in memory$/);
    await inMemory.waitFor();
    await page.getByRole("button", { name: /^Free the memory of “sample”/ }).click();
    await page.getByText("“sample” was unloaded").waitFor();
    await expect.poll(() => inMemory.count()).toBe(0);
    await expect.poll(() => hasFocus(composer(page))).toBe(true);
    await ask(page, "Is there a bed?");
    await answered(page, 2);
    await inMemory.waitFor();
  });
});

test("the chat fits the window in German", async () => {
  const coppice = await openChat({ size: { width: 900, height: 600 } });
  const { page } = coppice;
  await page.evaluate(() => window.coppice.settings.set({ language: "de" }));
  await page.getByRole("textbox", { name: "Ihre Nachricht" }).fill(question);
  await page.keyboard.press("Enter");
  await expect.poll(() => page.getByRole("article", { name: "Antwort" }).innerText()).toContain("Token");
  await page.keyboard.press("Control+D");
  await page.keyboard.press("Control+,");
  await coppice.screenshot("chat-900-german");
  await expectAccessible(page);
  expect(await overflowOf(page)).toBeLessThanOrEqual(0);
});

test("chat answers while a run trains", async () => {
  const coppice = await openChat();
  const { page } = coppice;
  const started = await page.evaluate(
    ({ model, data }) =>
      window.coppice.runs.start({
        model: { path: model, name: "sample" },
        sources: { data: [data] },
        patch: {},
      }),
    sample,
  );
  expect(started).toMatchObject({ ok: true });
  const phase = () =>
    page.evaluate(async () => {
      const runs = await window.coppice.runs.list();
      return runs.ok ? `${runs.value[0]?.state} ${runs.value[0]?.phase}` : "";
    });
  await expect.poll(phase, { interval: 200 }).toBe("running tune");
  await ask(page, question);
  await answered(page, 1);
  expect(await answers(page).first().innerText()).toMatch(/token/);
  expect(await phase()).toMatch(/^running/);
  await page.evaluate(async () => {
    const runs = await window.coppice.runs.list();
    if (runs.ok) await window.coppice.runs.cancel({ id: runs.value[0]!.id });
  });
});
