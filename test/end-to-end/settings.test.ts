/** Settings: saved at once, applied at once, and the proof that nothing uses the network. */
import { expect, test } from "vitest";
import { expectAccessible } from "./accessibility.ts";
import { looks, openCoppice } from "./coppice.ts";
import type { Coppice } from "./coppice.ts";

async function toSettings({ page }: Coppice): Promise<void> {
  await page.keyboard.press("Control+5");
  await page.getByRole("heading", { level: 1, name: /Settings|Einstellungen/ }).waitFor();
  await page.getByRole("row", { name: /Database|Datenbank/ }).waitFor();
}

test.each(looks)("the settings are accessible at $size.width in the $theme theme", async (look) => {
  const coppice = await openCoppice(look);
  await toSettings(coppice);
  await expectAccessible(coppice.page);
  await coppice.screenshot(`settings-${look.size.width}-${look.theme}`);
  await coppice.page.getByRole("button", { name: "Prove it now" }).click();
  await coppice.page.getByText("no connection to another computer").waitFor();
  await coppice.page.getByText("The processes and their sockets").first().click();
  await expectAccessible(coppice.page);
  await coppice.screenshot(`settings-proof-${look.size.width}-${look.theme}`);
});

test("the theme and the language change at once, and are the same after a restart", async () => {
  const first = await openCoppice();
  await toSettings(first);
  await first.page.getByText("Dark", { exact: true }).click();
  await expect.poll(() => first.page.evaluate(() => document.documentElement.dataset["theme"])).toBe("dark");
  await first.page.getByLabel("Language").selectOption("Deutsch");
  await first.page.getByRole("heading", { level: 1, name: "Einstellungen" }).waitFor();
  await first.page.getByRole("switch", { name: "Weniger Bewegung" }).check();
  await expect.poll(() => first.page.title()).toBe("Einstellungen · Coppice");
  await first.screenshot("settings-german");
  expect(await first.close()).toBe(0);

  const second = await openCoppice({ folder: first.folder });
  await toSettings(second);
  expect(await second.page.evaluate(() => ({ ...document.documentElement.dataset }))).toEqual({
    theme: "dark",
    motion: "reduced",
  });
  expect(await second.page.evaluate(() => document.documentElement.lang)).toBe("de");
});

test("what the window asks of another address is refused, and counted in the proof", async () => {
  const coppice = await openCoppice();
  const { page } = coppice;
  await toSettings(coppice);
  const refused = page.getByText("Refused requests since the start").locator("xpath=following-sibling::dd");
  await page.getByRole("button", { name: "Prove it now" }).click();
  await expect.poll(() => refused.innerText()).toBe("0");
  const answer = await page.evaluate(() => fetch("https://example.com").then(String, () => "refused"));
  expect(answer).toBe("refused");
  await page.getByRole("button", { name: "Prove it again" }).click();
  await expect.poll(() => refused.innerText()).toBe("1");
});

test("a place of the application is reached by keyboard alone, and its heading has the focus", async () => {
  const { page } = await openCoppice();
  await page.keyboard.press("Tab");
  expect(await page.evaluate(() => document.activeElement?.textContent.trim())).toBe("Skip to content");
  await page.keyboard.press("Control+3");
  await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe("H1");
  expect(new URL(page.url()).hash).toBe("#/compare");
  await page.keyboard.press("Control+5");
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe("Settings");
  await page.keyboard.press("Alt+ArrowLeft");
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe("Compare");
});
