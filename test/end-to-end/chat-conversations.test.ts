/** Conversations: found, renamed, deleted, kept over the end of the application. */
import { cpSync, readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { sample, sampleName } from "../../main/services/models/sample.ts";
import { expectAccessible } from "./accessibility.ts";
import {
  answered,
  answers,
  ask,
  button,
  go,
  hasFocus,
  list,
  makeEndless,
  slowDown,
  openChat,
  question,
  questions,
} from "./chat-page.ts";
import { newFolder, openCoppice } from "./coppice.ts";
import { saveTo } from "./dialogs.ts";

describe("conversations", () => {
  test("are renamed, searched and deleted, and deleted text is in no file", async () => {
    const coppice = await openChat();
    const { page } = coppice;
    await ask(page, "Zwetschgenkompott?");
    await answered(page, 1);
    await button(page, "More").click();
    await page.getByRole("menuitem", { name: "Rename" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("textbox", { name: "Name" }).fill("A jar of plums");
    await dialog.getByRole("button", { name: "Keep this name" }).click();
    await expect.poll(() => list(page).first().innerText()).toContain("A jar of plums");
    await expect.poll(() => hasFocus(button(page, "More"))).toBe(true);

    const saved = join(newFolder(), "plums.md");
    await saveTo(coppice, saved);
    await button(page, "More").click();
    await page.getByRole("menuitem", { name: "Save as Markdown…" }).click();
    await page.getByText(saved).waitFor();
    expect(readFileSync(saved, "utf8")).toMatch(/^# A jar of plums\n\n> Zwetschgenkompott\?\n\n\*\*/);

    await button(page, "New conversation").click();
    await expect.poll(() => answers(page).count()).toBe(0);
    await ask(page, question);
    await answered(page, 1);
    await expect.poll(() => list(page).count()).toBe(2);
    await page.keyboard.press("Control+F");
    await page.keyboard.type('zwetschg"');
    await expect.poll(() => list(page).count()).toBe(1);
    expect(await list(page).locator("mark").allInnerTexts()).toEqual(["Zwetschgenkompott"]);
    await coppice.screenshot("chat-search");
    await expectAccessible(page);
    await list(page).first().click();
    await expect.poll(() => questions(page).allInnerTexts()).toEqual(["Zwetschgenkompott?"]);

    await button(page, "More").click();
    await page.getByRole("menuitem", { name: "Delete" }).click();
    await expect.poll(() => dialog.innerText()).toContain("2 messages");
    await coppice.screenshot("chat-delete");
    await expectAccessible(page);
    await dialog.getByRole("button", { name: "Delete" }).click();
    await page.getByText("No conversation contains these words.").waitFor();
    await coppice.screenshot("chat-deleted");
    await expectAccessible(page);
    await button(page, "Undo").click();
    await expect.poll(() => questions(page).allInnerTexts()).toEqual(["Zwetschgenkompott?"]);
    await answered(page, 1);
    await button(page, "More").click();
    await page.getByRole("menuitem", { name: "Delete" }).click();
    await dialog.getByRole("button", { name: "Delete" }).click();
    await page.getByText("No conversation contains these words.").waitFor();
    await page.getByRole("searchbox").fill("");
    await expect.poll(() => list(page).count()).toBe(1);
    expect(filesWith(coppice.home, "wetschgenkompott")).toEqual([]);
    expect(await coppice.close()).toBe(0);
    expect(filesWith(coppice.home, "wetschgenkompott")).toEqual([]);
  });

  test("are still there after a restart", async () => {
    const first = await openChat();
    await first.page.keyboard.press("Control+,");
    await first.page.getByText("More settings").click();
    await stopTexts(first.page).pressSequentially("A stone\nA barn");
    await ask(first.page, question);
    await answered(first.page, 1);
    const kept = await answers(first.page).first().innerText();
    expect(await first.close()).toBe(0);

    const { page } = await openCoppice({ folder: first.folder });
    await go(page, "#/chat");
    await page.keyboard.press("Control+,");
    await list(page).first().click();
    await expect.poll(() => answers(page).first().innerText()).toBe(kept);
    await page.getByText("More settings").click();
    await expect.poll(() => stopTexts(page).inputValue()).toBe("A stone\nA barn");
    await ask(page, "And a bed?");
    await answered(page, 2);
  });

  test("keep a partial answer when the application quits in the middle of it", async () => {
    const first = await openChat();
    await ask(first.page, question);
    await answered(first.page, 1);
    await makeEndless(first.page);
    const address = new URL(first.page.url()).hash;
    await slowDown(first);
    await ask(first.page, "Go on.");
    await first.page.getByText("tokens so far").waitFor();
    const written = async () => (await answers(first.page).nth(1).innerText()).length;
    await expect.poll(written).toBeGreaterThan(50); // a busy computer may have written a word or two
    expect(await first.close()).toBe(0);

    const { page } = await openCoppice({ folder: first.folder });
    await go(page, address);
    await expect.poll(() => answers(page).nth(1).innerText()).toContain("Stopped");
    expect((await answers(page).nth(1).innerText()).length).toBeGreaterThan(20);
  });

  test("with two models get one answer after the other, and return to one model", async () => {
    // Another program's model may have the name of the sample, or of a run's.
    const folder = newFolder();
    const other = `person/.cache/huggingface/hub/models--${sampleName}/snapshots/0123456789`;
    cpSync(sample.model, join(folder, other), { recursive: true });
    const coppice = await openChat({ folder });
    const { page } = coppice;
    await page.keyboard.press("Control+D");
    await button(page, "One model").waitFor();
    await ask(page, question);
    await answered(page, 2);
    await ask(page, "And a bed?");
    await answered(page, 4);
    expect(await questions(page).allInnerTexts()).toEqual([question, "And a bed?"]);
    await button(page, "One model").click();
    await expect.poll(() => answers(page).count()).toBe(2);
    const picker = button(page, `Model ${sampleName}`);
    await picker.click();
    await page.getByRole("menuitem", { name: sampleName }).nth(1).click();
    await expect.poll(() => picker.getAttribute("title")).toBe(join(folder, other));
  });

  test("load as the person scrolls, a thousand of them", async () => {
    const coppice = await openChat();
    const { page } = coppice;
    await page.evaluate(async () => {
      const { create } = window.coppice.conversations;
      for (let n = 0; n < 1000; n++) await create({ title: `Conversation ${n}`, model: "sample" });
    });
    await page.evaluate(() => (location.hash = "#/library"));
    await expect.poll(() => list(page).count()).toBe(0);
    await page.evaluate(() => (location.hash = "#/chat"));
    await list(page).first().waitFor();
    // Only visible rows are rendered; scrolling adds the rest.
    expect(await list(page).count()).toBeLessThan(60);
    const scroller = list(page).first().locator("xpath=ancestor::ul/..");
    await expect
      .poll(async () => {
        await scroller.evaluate((element) => (element.scrollTop = element.scrollHeight));
        return (await list(page).allInnerTexts()).some((text) => text.startsWith("Conversation 0\n"));
      })
      .toBe(true);
  });
});

const stopTexts = (page: Page) => page.getByRole("textbox", { name: "Stop texts" });

/** The files below a folder that hold a text. */
function filesWith(folder: string, text: string): string[] {
  return (readdirSync(folder, { recursive: true }) as string[])
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile() && readFileSync(path).includes(text));
}
