/** Answers: coming, stopped, given again, broken off, and shown whatever they hold. */
import { join } from "node:path";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { openServices } from "../../main/services/open.ts";
import { expectAccessible } from "./accessibility.ts";
import {
  answered,
  answers,
  ask,
  button,
  composer,
  go,
  hasFocus,
  makeEndless,
  openChat,
  question,
  questions,
  slowDown,
} from "./chat-page.ts";
import { newFolder, openCoppice } from "./coppice.ts";
import type { Coppice } from "./coppice.ts";
import { engineProcess } from "./engine-process.ts";

describe("an answer", () => {
  test("streams in, and stops where the person stops it", async () => {
    const coppice = await openChat();
    const { page } = coppice;
    await ask(page, question);
    await answered(page, 1);
    await makeEndless(page);
    const fast = await slowDown(coppice);
    await ask(page, "Go on.");
    await expect.poll(() => answers(page).nth(1).innerText(), { interval: 5 }).toMatch(/\d\d tokens so far/);
    await page.keyboard.press("Escape");
    await answered(page, 2);
    fast();
    const stopped = await answers(page).nth(1).innerText();
    expect(stopped).toContain("Stopped");
    expect(stopped.length).toBeGreaterThan(20);
    await coppice.screenshot("chat-stopped");
    await expectAccessible(page);
    // And with the button as soon as it appears, before main has been asked.
    await page.evaluate(() => {
      const observer = new MutationObserver(() => {
        const stop = [...document.querySelectorAll("button")].find((it) => it.textContent.trim() === "Stop");
        if (!stop) return;
        observer.disconnect();
        stop.click();
      });
      observer.observe(document.body, { childList: true, subtree: true });
    });
    await ask(page, "Go on.");
    await answered(page, 3);
    expect(await answers(page).nth(2).innerText()).toMatch(/Stopped|gave no answer/);
    await coppice.screenshot("chat-stopped-at-once");
  });

  test("continues while the person is on another page", async () => {
    const coppice = await openChat();
    const { page } = coppice;
    await ask(page, question);
    await answered(page, 1);
    await makeEndless(page);
    const address = new URL(page.url()).hash;
    const fast = await slowDown(coppice);
    await ask(page, "Go on.");
    await expect.poll(() => answers(page).nth(1).innerText(), { interval: 5 }).toMatch(/tokens? so far/);
    await page.evaluate(() => (location.hash = "#/library"));
    await expect.poll(() => answers(page).count()).toBe(0);
    fast();
    await go(page, address);
    await answered(page, 2);
    const text = await answers(page).nth(1).innerText();
    expect(text).toContain("tokens/s");
    expect(text).not.toContain("Stopped");
  });

  test("is announced to a screen reader, at most every ten seconds", async () => {
    const { page } = await openChat();
    await ask(page, question);
    await answered(page, 1);
    await makeEndless(page);
    const told = await page.evaluateHandle(() => {
      const told: { at: number; text: string }[] = [];
      const region = document.querySelector("section[aria-label=Conversation] [role=status]")!;
      new MutationObserver(() => told.push({ at: performance.now(), text: region.textContent! })).observe(
        region,
        {
          childList: true,
          characterData: true,
          subtree: true,
        },
      );
      return told;
    });
    await ask(page, "Go on.");
    await answered(page, 2);
    await expect.poll(() => told.evaluate((all) => all.length)).toBeGreaterThan(1);
    const times = await told.evaluate((all) => all.map(({ at }) => at));
    for (const [index, at] of times.slice(1).entries()) expect(at - times[index]!).toBeGreaterThan(9_900);
  });

  test("to a question that was read ahead is the same as without reading ahead", async () => {
    const { electron, page } = await openChat();
    await electron.evaluate(({ ipcMain }) => {
      const read: string[] = [];
      ipcMain.on("conversations.readAhead", (_, { content }: { content: string }) => void read.push(content));
      Object.assign(globalThis, { read });
    });
    const read = () => electron.evaluate(() => (globalThis as unknown as { read: string[] }).read);
    const lastRead = async () => (await read()).at(-1);
    await composer(page).pressSequentially("Is there ");
    await expect.poll(lastRead).toBe("Is there");
    await composer(page).pressSequentially("a table in the shop?");
    await expect.poll(lastRead).toBe(question);
    await composer(page).press("Enter");
    await answered(page, 1);
    const said = () => answers(page).first().getByRole("paragraph").first().innerText();
    const afterReading = await said();
    await page.evaluate(() => (location.hash = "#/library"));
    await expect.poll(() => answers(page).count()).toBe(0);
    await go(page, "#/chat?model=sample");
    await ask(page, question);
    await answered(page, 1);
    expect(await said()).toBe(afterReading);
  });

  test("can be regenerated and its question edited; all versions are kept", async () => {
    const { page } = await openChat();
    await ask(page, question);
    await answered(page, 1);
    await button(page, "Answer again").click();
    await expect.poll(() => answers(page).first().innerText()).toContain("2 of 2");
    await answered(page, 1);
    await button(page, "Previous version").click();
    await expect.poll(() => answers(page).first().innerText()).toContain("1 of 2");

    await button(page, "Edit the question").click();
    const field = page.getByRole("textbox", { name: "Edited question" });
    expect(await field.inputValue()).toBe(question);
    await field.press("Escape");
    await expect.poll(() => hasFocus(button(page, "Edit the question"))).toBe(true);
    await page.keyboard.press("Enter");
    await field.fill("Is there a chair in the shop?");
    await field.press("Enter");
    await expect.poll(() => hasFocus(composer(page))).toBe(true);
    await answered(page, 1);
    await expect.poll(() => questions(page).allInnerTexts()).toEqual(["Is there a chair in the shop?"]);
    await button(page, "Previous version").click();
    await expect.poll(() => questions(page).allInnerTexts()).toEqual([question]);
  });

  test("is copied", async () => {
    const { page, electron } = await openChat();
    await ask(page, question);
    await answered(page, 1);
    await button(page, "Copy").click();
    await page.getByText("Copied").waitFor();
    const copied = await electron.evaluate(({ clipboard }) => clipboard.readText());
    expect(await answers(page).first().innerText()).toContain(copied.trim());
    expect(copied.trim()).not.toBe("");
  });

  test("whose engine is killed keeps what was generated, and can be asked for again", async () => {
    const coppice = await openChat();
    const { page } = coppice;
    await ask(page, question);
    await answered(page, 1);
    await makeEndless(page);
    await slowDown(coppice);
    await ask(page, "Go on.");
    await expect.poll(() => answers(page).nth(1).innerText(), { interval: 5 }).toMatch(/\d\d tokens so far/);
    await killChat(coppice);
    const again = button(page, "Ask again");
    await again.waitFor();
    expect((await answers(page).nth(1).innerText()).length).toBeGreaterThan(20);
    await coppice.screenshot("chat-engine-restarted");
    await expectAccessible(page);
    await again.click();
    await answered(page, 2);
    await expect.poll(() => answers(page).nth(1).innerText()).toContain("2 of 2");
  });

  test("that does not fit in the context leaves out what came first, or says what to do", async () => {
    const coppice = await openChat();
    const { page } = coppice;
    for (const count of [1, 2, 3]) {
      await ask(page, "Is there a table in the shop? ".repeat(25));
      await answered(page, count);
    }
    await answers(page)
      .last()
      .getByText(/^The first [24] messages no longer fit and were left out\.$/)
      .waitFor();
    await ask(page, "Is there a table in the shop? ".repeat(100));
    await page.getByText("reached this model's context limit").waitFor();
    await coppice.screenshot("chat-context-full");
    await expectAccessible(page);
    await page
      .getByRole("region", { name: "Messages" })
      .getByRole("button", { name: "New conversation" })
      .click();
    await page.getByRole("heading", { name: "Ask the first question" }).waitFor();
  });
});

test("a model's Markdown is shown, but nothing in it runs, loads or navigates", async () => {
  const folder = newFolder();
  const id = keepConversation(join(folder, "home"), [
    "# Title",
    "**Bold** and `code`, [words](https://example.com/away), ![picture](https://example.com/seen.png)",
    '<img src=x onerror="window.ran = 1"><script>window.ran = 2</script><a href=https://example.com>raw</a>',
    "[run](javascript:window.ran=3) [data](data:text/html,<script>window.ran=4</script>)",
    '```html\n<b onclick="window.ran = 5">kept as text</b>\n```',
    "- one\n- two\n- three\n  ```\n  npm start\n  ```\n\n| a | b |\n| - | - |\n| 1 | 2 |",
    "<style>body { display: none }</style><iframe src=https://example.com></iframe>",
  ]);
  const coppice = await openCoppice({ folder });
  const { electron, page } = coppice;
  const before = await refusedRequests(page);
  await go(page, `#/chat/${id}`);
  const answer = answers(page).first();
  await answer.getByText("Bold").waitFor();
  expect(await answer.locator("strong, code, li, td").allInnerTexts()).toEqual(
    expect.arrayContaining(["Bold", "code", "one", "two", "1", "2"]),
  );
  expect(
    await answer.locator("a, img, script, style, iframe, h1, [onclick], [onerror], [style], [href]").count(),
  ).toBe(0);
  const text = await answer.innerText();
  expect(text).toContain("words (https://example.com/away)");
  expect(text).toContain("picture (https://example.com/seen.png)");
  expect(text).toContain('<b onclick="window.ran = 5">kept as text</b>');
  expect(await page.evaluate(() => "ran" in window)).toBe(false);
  expect(await refusedRequests(page)).toBe(before);
  await coppice.screenshot("chat-markdown");
  await expectAccessible(page);

  // Its code can be copied, also that in a list.
  await button(page, "Copy the code").nth(1).focus();
  await page.keyboard.press("Enter");
  await page.getByText("Copied").waitFor();
  const copied = () => electron.evaluate(({ clipboard }) => clipboard.readText());
  expect(await copied()).toBe("npm start");
  await button(page, "Copy the code").first().click();
  await expect.poll(copied).toBe('<b onclick="window.ran = 5">kept as text</b>');
  await page.evaluate(() => window.coppice.settings.set({ language: "de" }));
  await expect.poll(() => button(page, "Code kopieren").count()).toBe(2);
  expect(await button(page, "Copy the code").count()).toBe(0);
});

async function killChat({ electron }: Coppice): Promise<void> {
  process.kill((await engineProcess(electron, "chat"))!, "SIGKILL");
}

/** Lays a conversation with an answer into a home; gives its id. */
function keepConversation(home: string, paragraphs: readonly string[]): number {
  const services = openServices(home);
  const { conversations } = services;
  const { id } = conversations.create({ title: "Markdown", model: "sample", sampling: {} });
  const asked = conversations.ask(id, { role: "user", content: "Show me." });
  const answer = conversations.startAnswer(id, asked, "sample");
  const content = paragraphs.join("\n\n");
  conversations.endAnswer(answer, { content, state: "done", tokens: 9, tokensPerSecond: 9 });
  services.close();
  return id;
}

async function refusedRequests(page: Page): Promise<number> {
  const proof = await page.evaluate(() => window.coppice.settings.proveOffline());
  if (!proof.ok) throw new Error(proof.failure.code);
  return proof.value.refusedRequests;
}
