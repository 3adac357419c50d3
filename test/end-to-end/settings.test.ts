/** Settings: saved at once, applied at once, and the proof that nothing uses the network. */
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { expectAccessible } from "./accessibility.ts";
import { answers, ask, composer, go, question } from "./chat-page.ts";
import { openCoppice } from "./coppice.ts";
import type { Coppice } from "./coppice.ts";
import { electronOnly } from "./electron-only.ts";
import { expectInEachLook } from "./looks.ts";

/** No graphics card is found, whatever the computer has; or SwiftShader, which comes with Electron and emulates one. */
const noGraphicsCard = { VK_ICD_FILENAMES: "/nowhere.json" };
const emulatedCard = () => ({
  VK_ICD_FILENAMES: join(dirname(process.env["COPPICE_TEST_BINARY"]!), "vk_swiftshader_icd.json"),
});

async function toSettings({ page }: Coppice): Promise<void> {
  await page.keyboard.press("Control+6");
  await page.getByRole("heading", { level: 1, name: /Settings|Einstellungen/ }).waitFor();
  await page.getByRole("row", { name: /Database|Datenbank/ }).waitFor();
}

test("the settings are accessible in each size and theme", async () => {
  const coppice = await openCoppice();
  await toSettings(coppice);
  await expectInEachLook(coppice, "settings");
  await coppice.page.getByRole("button", { name: "Prove it now" }).click();
  await coppice.page.getByText("no connection to another computer").waitFor();
  await coppice.page.getByText("The processes and their sockets").first().click();
  await expectInEachLook(coppice, "settings-proof");
});

test("a device is chosen and tested", async () => {
  const coppice = await openCoppice({ environment: noGraphicsCard });
  const { page } = coppice;
  await toSettings(coppice);
  await page.getByRole("link", { name: "Device" }).click();
  const list = page.getByRole("radiogroup", { name: "Compute device" });
  await expect.poll(() => list.getByRole("radio", { name: /^Processor/ }).isChecked()).toBe(true);
  await list.getByText("Not tested yet").first().waitFor();
  const absent = list.getByRole("radio", { name: /\(DirectML\) Not available on this system/ });
  expect(await absent.isDisabled()).toBe(true);
  await list.getByRole("button", { name: "Test: Graphics card (WebGPU)" }).click();
  await list.getByText(/^Comparing a training step with the processor/).waitFor();
  expect(await list.getByRole("radio", { name: /^Processor/ }).isChecked()).toBe(true); // a test chooses nothing
  await list.getByText(/^Unusable here \(no graphics card/).waitFor();
  await expectInEachLook(coppice, "settings-device", () => list.scrollIntoViewIfNeeded());
});

test("a chosen device survives a restart, and the chat says why it answers without it", async () => {
  const first = await openCoppice({ environment: noGraphicsCard });
  await toSettings(first);
  const webgpu = (coppice: Coppice) => coppice.page.getByRole("radio", { name: /\(WebGPU\)/ });
  await webgpu(first).check();
  await expect.poll(() => webgpu(first).isChecked()).toBe(true);
  expect(await first.close()).toBe(0);

  const second = await openCoppice({ folder: first.folder, environment: noGraphicsCard });
  await toSettings(second);
  expect(await webgpu(second).isChecked()).toBe(true);
  await second.page.evaluate(() => window.coppice.settings.set({ language: "de" }));
  await second.page.getByRole("button", { name: "Testen: Grafikkarte (WebGPU)" }).click();
  await second.page
    .getByText(/^Hier nicht verwendbar \(keine Grafikkarte mit einem passenden Treiber gefunden\)/)
    .waitFor();
  await second.screenshot("settings-device-german");
  await expectAccessible(second.page);
  await second.page.evaluate(() => window.coppice.settings.set({ language: "en" }));

  await go(second.page, "#/chat?model=sample");
  await composer(second.page).fill("W");
  await second.page
    .getByText(/^The processor answers, because “Graphics card \(WebGPU\)” is unusable here/)
    .waitFor();
  await second.screenshot("chat/device-fell-back");
  await expectAccessible(second.page);
});

test("a graphics card that works says how fast it is, and answers in the chat", async () => {
  electronOnly("the emulated graphics card is a file of Electron's");
  const coppice = await openCoppice({ environment: emulatedCard() });
  const { page } = coppice;
  await toSettings(coppice);
  await page.getByRole("button", { name: "Test: Graphics card (WebGPU)" }).click();
  await page.getByText(/^Works: same results as the processor/).waitFor();
  await page.getByRole("radio", { name: /\(WebGPU\)/ }).check();
  await coppice.screenshot("settings-device-works");
  await go(page, "#/chat?model=sample");
  await composer(page).fill("W");
  await page.getByText(/, Graphics card \(WebGPU\)$/).waitFor();
  await ask(page, question);
  await expect.poll(() => answers(page).count()).toBe(1);
  await page.getByRole("button", { name: "Send" }).waitFor();
  await coppice.screenshot("chat/device-webgpu");
  await expectAccessible(page);
});

test("the theme and the language change at once, and are the same after a restart", async () => {
  const first = await openCoppice();
  await toSettings(first);
  await first.page.getByText("Dark", { exact: true }).click();
  await expect.poll(() => first.page.evaluate(() => document.documentElement.dataset["theme"])).toBe("dark");
  await first.page.getByLabel("Language").selectOption("Deutsch");
  await first.page.getByRole("heading", { level: 1, name: "Einstellungen" }).waitFor();
  await first.page.getByRole("switch", { name: "Bewegung reduzieren" }).check();
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

test("requests of the window to other addresses are refused, and counted in the proof", async () => {
  const coppice = await openCoppice();
  const { page } = coppice;
  await toSettings(coppice);
  const place = () => page.getByRole("button", { name: "Prove it now" }).boundingBox();
  for (let times = 0; times < 2; times++) {
    await page.getByRole("link", { name: "Privacy, with proof", exact: true }).click();
    await expect.poll(async () => (await place())!.y).toBeLessThan(800);
    await page.locator("#content").evaluate((content) => (content.scrollTop = 0));
    await expect.poll(async () => (await place())!.y).toBeGreaterThan(800);
  }
  const refused = page.getByText("Requests refused since the start").locator("xpath=following-sibling::dd");
  await page.getByRole("button", { name: "Prove it now" }).click();
  await expect.poll(() => refused.innerText()).toBe("0");
  const answer = await page.evaluate(() => fetch("https://example.com").then(String, () => "refused"));
  expect(answer).toBe("refused");
  await page.getByRole("button", { name: "Prove it again" }).click();
  await expect.poll(() => refused.innerText()).toBe("1");
});

test("every page is reached by keyboard alone, and its heading gets the focus", async () => {
  const { page } = await openCoppice();
  await page.keyboard.press("Tab");
  expect(await page.evaluate(() => document.activeElement?.textContent.trim())).toBe("Skip to content");
  await page.keyboard.press("Control+4");
  await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe("H1");
  expect(new URL(page.url()).hash).toBe("#/compare");
  await page.keyboard.press("Control+6");
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe("Settings");
  await page.keyboard.press("Alt+ArrowLeft");
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe("Compare");
});
