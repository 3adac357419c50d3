/** The menu bar, and the menu of the right mouse button, which is the system's: what it offers is noted in place of showing it. */
import { expect, test } from "vitest";
import { composer, go } from "./chat-page.ts";
import { openCoppice } from "./coppice.ts";
import { electronOnly } from "./electron-only.ts";

test("the menu bar and the menu of the right mouse button offer what can be done, in the language of the settings", async () => {
  electronOnly("the menu is Electron's");
  const { electron, page } = await openCoppice();
  await electron.evaluate(({ Menu }) => {
    const build = Menu.buildFromTemplate;
    Menu.buildFromTemplate = (items) => {
      const offered = items.filter(({ enabled }) => enabled).map(({ label }) => label);
      Object.assign(globalThis, { offered });
      return Object.assign(build(items), { popup: () => {} });
    };
  });
  const menuBar = () =>
    electron.evaluate(({ BrowserWindow, Menu }) => ({
      labels: Menu.getApplicationMenu()!.items.map(({ label }) => label),
      isShown: BrowserWindow.getAllWindows()[0]!.isMenuBarVisible(),
    }));
  expect(await menuBar()).toEqual({ labels: ["File", "Edit", "View", "Window"], isShown: false });
  const offered = () => electron.evaluate(() => (globalThis as { offered?: string[] }).offered);

  await page.getByRole("heading", { level: 1 }).click({ button: "right" });
  await page.getByRole("heading", { level: 1 }).selectText();
  await page.getByRole("heading", { level: 1 }).click({ button: "right" });
  await expect.poll(offered).toEqual(["Copy"]);

  await go(page, "#/chat?model=sample");
  await expect.poll(() => composer(page).isEnabled()).toBe(true);
  await composer(page).fill("Is there a table in the shop?");
  await page.evaluate(() => window.coppice.settings.set({ language: "de" }));
  expect(await menuBar()).toEqual({
    labels: ["Datei", "Bearbeiten", "Ansicht", "Fenster"],
    isShown: false,
  });
  const field = page.getByRole("textbox", { name: "Ihre Nachricht" });
  await field.selectText();
  await field.click({ button: "right" });
  await expect.poll(offered).toEqual(expect.arrayContaining(["Ausschneiden", "Kopieren", "Alles auswählen"]));
});
