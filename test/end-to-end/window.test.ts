/** The window opens, fits, and comes back; what may not happen in it is in security/. */
import { expect, test } from "vitest";
import { expectAccessible } from "./accessibility.ts";
import { openCoppice, startAgain } from "./coppice.ts";
import { electronOnly } from "./electron-only.ts";
import { overflowOf } from "./looks.ts";

test("the window opens with its title", async () => {
  const coppice = await openCoppice();
  expect(await coppice.page.title()).toContain("Coppice");
  await expect.poll(() => coppice.page.getByRole("main").innerText()).not.toBe("");
  await coppice.screenshot("window-light");
});

test.each([
  { size: { width: 1280, height: 800 }, theme: "dark" },
  { size: { width: 900, height: 600 }, theme: "light" },
] as const)(
  "it fits $size.width × $size.height in the $theme theme, and axe-core finds nothing",
  async (look) => {
    const coppice = await openCoppice(look);
    const { page } = coppice;
    await page.getByRole("heading", { level: 1 }).waitFor();
    expect(await page.evaluate(() => [innerWidth, innerHeight])).toEqual([look.size.width, look.size.height]);
    expect(await overflowOf(page)).toBeLessThanOrEqual(0);
    await expectAccessible(page);
    await coppice.screenshot(`window-${look.size.width}-${look.theme}`);
  },
);

test("a second start exits, and the first one's window comes to the front", async () => {
  electronOnly("one instance at a time is Electron's lock");
  const { electron, page, folder } = await openCoppice();
  await electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.minimize());
  expect(await startAgain(folder)).toBe(0);
  await expect
    .poll(() =>
      electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((w) => w.isMinimized())),
    )
    .toEqual([false]);
  expect(await page.title()).toContain("Coppice");
});

test("it quits, and reopens with the same home", async () => {
  const first = await openCoppice();
  expect(await first.close()).toBe(0);
  const second = await openCoppice({ folder: first.folder });
  expect(await second.page.title()).toContain("Coppice");
});

test("it leaves the folder in which it was started, which may hold a double-clicked file and programs", async () => {
  const { electron } = await openCoppice();
  await expect.poll(() => electron.evaluate(() => process.cwd())).not.toBe(process.cwd());
});

test("a second start after a kill opens the same home", async () => {
  const first = await openCoppice();
  await first.kill();
  const second = await openCoppice({ folder: first.folder });
  expect(await second.page.title()).toContain("Coppice");
});

test("a page is removed as soon as it is left, and is not created again for the next page's address", async () => {
  const { page } = await openCoppice();
  const chat = page.getByRole("region", { name: "Conversations" });
  await page.evaluate(() => (location.hash = "#/chat"));
  await chat.waitFor();
  await page.evaluate(() => {
    const made: string[] = [];
    const watch = new MutationObserver((changes) => {
      const nodes = changes.flatMap(({ addedNodes }) => [...addedNodes]);
      made.push(...nodes.flatMap((node) => (node instanceof HTMLElement ? [node.className] : [])));
    });
    watch.observe(document.querySelector("main")!, { childList: true });
    Object.assign(window, { made });
  });
  await page.evaluate(() => (location.hash = "#/settings"));
  await page.getByRole("heading", { name: "Settings", level: 1 }).waitFor();
  const made = await page.evaluate(() => (window as unknown as { made: string[] }).made);
  expect(made.length).toBeGreaterThan(0);
  expect(made.filter((name) => name.split(" ").includes("chat"))).toEqual([]);
});
