/** Talking to the sample: answers that come piece by piece, in conversations that stay. */
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { openServices } from "../../main/services/open.ts";
import { sample } from "../../main/services/sample.ts";
import { expectAccessible } from "./accessibility.ts";
import { newFolder, openCoppice } from "./coppice.ts";
import type { Coppice, OpenOptions } from "./coppice.ts";

const question = "Is there a table in the shop?";
const looks = [
  { size: { width: 1280, height: 800 }, theme: "light" },
  { size: { width: 1280, height: 800 }, theme: "dark" },
  { size: { width: 900, height: 600 }, theme: "light" },
  { size: { width: 900, height: 600 }, theme: "dark" },
] as const;

const composer = (page: Page) => page.getByRole("textbox", { name: "Your message" });
const answers = (page: Page) => page.getByRole("article", { name: "Answer" });
const questions = (page: Page) => page.getByRole("article", { name: "You" });
const list = (page: Page) => page.getByRole("region", { name: "Conversations" }).getByRole("link");
const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });

/** What a person would see after a while, on a computer that has other things to do. */
const eventually: typeof expect.poll = (look, options) => expect.poll(look, { timeout: 60_000, ...options });

async function go(page: Page, hash: string): Promise<void> {
  await page.evaluate((to) => (location.hash = to), hash);
  await page.getByRole("region", { name: "Conversation", exact: true }).waitFor();
}

/** The chat with the sample chosen and ready. */
async function openChat(options?: OpenOptions): Promise<Coppice> {
  const coppice = await openCoppice(options);
  await go(coppice.page, "#/chat?model=sample");
  await eventually(() => composer(coppice.page).isEnabled()).toBe(true);
  return coppice;
}

async function ask(page: Page, text: string): Promise<void> {
  await composer(page).fill(text);
  await composer(page).press("Enter");
}

/** Waits until there are so many answers, and none is being written. */
async function answered(page: Page, count: number): Promise<void> {
  await eventually(() => answers(page).count()).toBe(count);
  await eventually(() => button(page, "Stop").count()).toBe(0);
  await eventually(() => page.locator("article[aria-busy=true]").count()).toBe(0);
}

/** So hot that nothing is likely, least of all an end: an answer that goes on for a while. */
async function makeEndless(page: Page): Promise<void> {
  const id = Number(/#\/chat\/(\d+)/.exec(page.url())![1]);
  await page.evaluate(
    (id) => window.coppice.conversations.configure({ id, sampling: { temperature: 10, maxTokens: 400 } }),
    id,
  );
  await page.reload();
  await composer(page).waitFor();
  await answers(page).first().waitFor();
}

describe("a first conversation", () => {
  test.each(looks)(
    "begins with a model and its first answer, $size.width × $size.height in the $theme theme",
    async (look) => {
      const name = `chat-${look.size.width}-${look.theme}`;
      const coppice = await openCoppice(look);
      const { page } = coppice;
      await go(page, "#/chat");
      await page.getByRole("heading", { name: "No model yet" }).waitFor();
      await coppice.screenshot(`${name}-no-model`);
      await expectAccessible(page);

      await button(page, "Use sample").click();
      await page.getByRole("heading", { name: "Ask the first question" }).waitFor();
      await eventually(() => page.getByText("of 512 tokens").count()).toBeGreaterThan(0);
      await coppice.screenshot(`${name}-first-question`);
      await expectAccessible(page);

      await ask(page, question);
      await answered(page, 1);
      await eventually(() => page.url()).toMatch(/#\/chat\/\d+$/);
      await eventually(() => list(page).allInnerTexts()).toEqual([expect.stringContaining(question)]);
      await coppice.screenshot(`${name}-answered`);
      await expectAccessible(page);

      await page.keyboard.press("Control+,");
      const drawer = page.getByRole("complementary", { name: "Answer settings" });
      await drawer.getByText("More settings").click();
      await coppice.screenshot(`${name}-settings`);
      await expectAccessible(page);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(overflow).toBeLessThanOrEqual(0);
      await page.keyboard.press("Control+,");
      await eventually(() => drawer.count()).toBe(0);

      await page.keyboard.press("Control+D");
      await ask(page, "Is there a bed?");
      await answered(page, 3);
      await coppice.screenshot(`${name}-side-by-side`);
      await expectAccessible(page);
    },
  );

  test("is one click from a result: the model is loaded, and the person can write at once", async () => {
    const { page } = await openChat();
    await eventually(() => composer(page).evaluate((field) => field === document.activeElement)).toBe(true);
    await page.keyboard.type(question);
    await page.keyboard.press("Shift+Enter");
    await page.keyboard.type("Say yes or no.");
    await page.keyboard.press("Enter");
    await answered(page, 1);
    expect(await questions(page).first().innerText()).toBe(`${question}\nSay yes or no.`);
  });
});

test("the chat speaks German, and fits", async () => {
  const coppice = await openChat({ size: { width: 900, height: 600 } });
  const { page } = coppice;
  await page.evaluate(() => window.coppice.settings.set({ language: "de" }));
  await page.getByRole("textbox", { name: "Ihre Nachricht" }).fill(question);
  await page.keyboard.press("Enter");
  await eventually(() => page.getByRole("article", { name: "Antwort" }).innerText()).toContain("Token");
  await page.keyboard.press("Control+D");
  await page.keyboard.press("Control+,");
  await coppice.screenshot("chat-900-german");
  await expectAccessible(page);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
});

describe("an answer", () => {
  test("comes piece by piece, and stops where the person stops it", async () => {
    const coppice = await openChat();
    const { page } = coppice;
    await ask(page, question);
    await answered(page, 1);
    await makeEndless(page);
    await ask(page, "Go on.");
    await eventually(() => answers(page).nth(1).innerText(), { interval: 5 }).toMatch(/tokens? so far/);
    await page.keyboard.press("Escape");
    await answered(page, 2);
    const stopped = await answers(page).nth(1).innerText();
    expect(stopped).toContain("Stopped");
    expect(stopped.length).toBeGreaterThan(20);
    await coppice.screenshot("chat-stopped");
    await expectAccessible(page);
    // And with the button.
    await ask(page, "Go on.");
    await button(page, "Stop").click();
    await answered(page, 3);
  });

  test("goes on while the person looks at something else", async () => {
    const { page } = await openChat();
    await ask(page, question);
    await answered(page, 1);
    await makeEndless(page);
    const address = new URL(page.url()).hash;
    await ask(page, "Go on.");
    await eventually(() => answers(page).nth(1).innerText(), { interval: 5 }).toMatch(/tokens? so far/);
    await page.evaluate(() => (location.hash = "#/library"));
    await eventually(() => answers(page).count()).toBe(0);
    await go(page, address);
    await answered(page, 2);
    const text = await answers(page).nth(1).innerText();
    expect(text).toContain("tokens/s");
    expect(text).not.toContain("Stopped");
  });

  test("is told to a screen reader, at most every ten seconds", async () => {
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
    await eventually(() => told.evaluate((all) => all.length), { timeout: 15_000 }).toBeGreaterThan(1);
    const times = await told.evaluate((all) => all.map(({ at }) => at));
    for (const [index, at] of times.slice(1).entries()) expect(at - times[index]!).toBeGreaterThan(9_900);
  });

  test("can be had again, and a question asked in other words; both ways stay", async () => {
    const { page } = await openChat();
    await ask(page, question);
    await answered(page, 1);
    await button(page, "Answer again").click();
    await eventually(() => answers(page).first().innerText()).toContain("2 of 2");
    await answered(page, 1);
    await button(page, "The one before").click();
    await eventually(() => answers(page).first().innerText()).toContain("1 of 2");

    await button(page, "Edit the question").click();
    const field = page.getByRole("textbox", { name: "The question in other words" });
    expect(await field.inputValue()).toBe(question);
    await field.fill("Is there a chair in the shop?");
    await field.press("Enter");
    await answered(page, 1);
    await eventually(() => questions(page).allInnerTexts()).toEqual(["Is there a chair in the shop?"]);
    await button(page, "The one before").click();
    await eventually(() => questions(page).allInnerTexts()).toEqual([question]);
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

  test("whose engine is killed keeps what came, and is asked again", async () => {
    const coppice = await openChat();
    const { page } = coppice;
    await ask(page, question);
    await answered(page, 1);
    await makeEndless(page);
    await ask(page, "Go on.");
    await eventually(() => answers(page).nth(1).innerText(), { interval: 5 }).toMatch(/tokens? so far/);
    await killChat(coppice);
    const again = button(page, "Ask again");
    await again.waitFor({ timeout: 30_000 });
    expect((await answers(page).nth(1).innerText()).length).toBeGreaterThan(20);
    await coppice.screenshot("chat-engine-restarted");
    await expectAccessible(page);
    await again.click();
    await answered(page, 2);
    await eventually(() => answers(page).nth(1).innerText()).toContain("2 of 2");
  });

  test("that the context has no room for says what to do", async () => {
    const coppice = await openChat();
    const { page } = coppice;
    await ask(page, "Is there a table in the shop? ".repeat(100));
    await page.getByText("as long as this model can read").waitFor({ timeout: 30_000 });
    await coppice.screenshot("chat-context-full");
    await expectAccessible(page);
    await page
      .getByRole("region", { name: "Messages" })
      .getByRole("button", { name: "New conversation" })
      .click();
    await page.getByRole("heading", { name: "Ask the first question" }).waitFor();
  });
});

test("a model's Markdown is shown, and whatever it holds neither runs, nor loads, nor leads anywhere", async () => {
  const folder = newFolder();
  const id = keepConversation(join(folder, "home"), [
    "# Title",
    "**Bold** and `code`, [words](https://example.com/away), ![picture](https://example.com/seen.png)",
    '<img src=x onerror="window.ran = 1"><script>window.ran = 2</script><a href=https://example.com>raw</a>',
    "[run](javascript:window.ran=3) [data](data:text/html,<script>window.ran=4</script>)",
    '```html\n<b onclick="window.ran = 5">kept as text</b>\n```',
    "- one\n- two\n\n| a | b |\n| - | - |\n| 1 | 2 |",
    "<style>body { display: none }</style><iframe src=https://example.com></iframe>",
  ]);
  const coppice = await openCoppice({ folder });
  const { page } = coppice;
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
});

describe("conversations", () => {
  test("are renamed, searched and deleted, and what was deleted is in no file", async () => {
    const coppice = await openChat();
    const { page } = coppice;
    await ask(page, "Zwetschgenkompott?");
    await answered(page, 1);
    await button(page, "More").click();
    await page.getByRole("menuitem", { name: "Rename" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("textbox", { name: "Name" }).fill("A jar of plums");
    await dialog.getByRole("button", { name: "Keep this name" }).click();
    await eventually(() => list(page).first().innerText()).toContain("A jar of plums");

    await button(page, "New conversation").click();
    await eventually(() => answers(page).count()).toBe(0);
    await ask(page, question);
    await answered(page, 1);
    expect(await list(page).count()).toBe(2);
    await page.keyboard.press("Control+F");
    await page.keyboard.type('zwetschg"');
    await eventually(() => list(page).count()).toBe(1);
    expect(await list(page).locator("mark").allInnerTexts()).toEqual(["Zwetschgenkompott"]);
    await coppice.screenshot("chat-search");
    await expectAccessible(page);
    await list(page).first().click();
    await eventually(() => questions(page).allInnerTexts()).toEqual(["Zwetschgenkompott?"]);

    await button(page, "More").click();
    await page.getByRole("menuitem", { name: "Delete" }).click();
    await eventually(() => dialog.innerText()).toContain("2 messages");
    await coppice.screenshot("chat-delete");
    await expectAccessible(page);
    await dialog.getByRole("button", { name: "Delete for good" }).click();
    await page.getByText("No conversation has these words.").waitFor();
    await page.getByRole("searchbox").fill("");
    await eventually(() => list(page).count()).toBe(1);
    expect(filesWith(coppice.home, "wetschgenkompott")).toEqual([]);
    expect(await coppice.close()).toBe(0);
    expect(filesWith(coppice.home, "wetschgenkompott")).toEqual([]);
  });

  test("stay when the application is quit and opened again", async () => {
    const first = await openChat();
    await ask(first.page, question);
    await answered(first.page, 1);
    const kept = await answers(first.page).first().innerText();
    const address = new URL(first.page.url()).hash;
    expect(await first.close()).toBe(0);

    const { page } = await openCoppice({ folder: first.folder });
    await go(page, address);
    await eventually(() => answers(page).first().innerText()).toBe(kept);
    await ask(page, "And a bed?");
    await answered(page, 2);
  });

  test("that are quit in the middle of an answer keep what came", async () => {
    const first = await openChat();
    await ask(first.page, question);
    await answered(first.page, 1);
    await makeEndless(first.page);
    const address = new URL(first.page.url()).hash;
    await ask(first.page, "Go on.");
    await eventually(() => answers(first.page).nth(1).innerText(), { interval: 5 }).toMatch(/tokens so far/);
    expect(await first.close()).toBe(0);

    const { page } = await openCoppice({ folder: first.folder });
    await go(page, address);
    await eventually(() => answers(page).nth(1).innerText()).toContain("Stopped");
    expect((await answers(page).nth(1).innerText()).length).toBeGreaterThan(20);
  });

  test("with two models answer one after the other, and go back to one", async () => {
    const coppice = await openChat();
    const { page } = coppice;
    await page.keyboard.press("Control+D");
    await button(page, "One model").waitFor();
    await ask(page, question);
    await answered(page, 2);
    await ask(page, "And a bed?");
    await answered(page, 4);
    expect(await questions(page).allInnerTexts()).toEqual([question, "And a bed?"]);
    await button(page, "One model").click();
    await eventually(() => answers(page).count()).toBe(2);
  });

  test("a thousand of them are listed within 200 ms", async () => {
    const coppice = await openChat();
    const { page } = coppice;
    await page.evaluate(async () => {
      const { create } = window.coppice.conversations;
      for (let n = 0; n < 1000; n++) await create({ title: `Conversation ${n}`, model: "sample" });
    });
    const times: number[] = [];
    for (let attempt = 0; attempt < 3; attempt++) {
      await page.evaluate(() => (location.hash = "#/library"));
      await eventually(() => list(page).count()).toBe(0);
      const ms = await page.evaluate(async () => {
        const started = performance.now();
        location.hash = "#/chat";
        while (!document.querySelector("section[aria-label=Conversations] a"))
          await new Promise((resolve) => requestAnimationFrame(resolve));
        return performance.now() - started;
      });
      times.push(ms);
    }
    expect(Math.min(...times)).toBeLessThan(200);
    // Only what can be seen is there; scrolling brings the rest.
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

test("chat answers while a run trains", async () => {
  const coppice = await openChat();
  const { page } = coppice;
  const started = await page.evaluate(
    ({ model, data }) =>
      window.coppice.runs.start({
        model: { path: model, name: "sample" },
        sources: { data: [data] },
        choices: {},
      }),
    sample,
  );
  expect(started).toMatchObject({ ok: true });
  const phase = () =>
    page.evaluate(async () => {
      const runs = await window.coppice.runs.list();
      return runs.ok ? `${runs.value[0]?.state} ${runs.value[0]?.phase}` : "";
    });
  await eventually(phase, { timeout: 120_000, interval: 200 }).toBe("running tune");
  await ask(page, question);
  await answered(page, 1);
  expect(await answers(page).first().innerText()).toMatch(/token/);
  expect(await phase()).toMatch(/^running/);
  await page.evaluate(async () => {
    const runs = await window.coppice.runs.list();
    if (runs.ok) await window.coppice.runs.cancel({ id: runs.value[0]!.id });
  });
});

/** Kills the engine that answers. */
async function killChat({ electron }: Coppice): Promise<void> {
  await electron.evaluate(({ app }) => {
    const chat = app
      .getAppMetrics()
      .find(({ name, serviceName }) => /Coppice chat/.test(`${name} ${serviceName}`));
    process.kill(chat!.pid, "SIGKILL");
  });
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

/** The files below a folder that hold a text. */
function filesWith(folder: string, text: string): string[] {
  return (readdirSync(folder, { recursive: true }) as string[])
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile() && readFileSync(path).includes(text));
}
