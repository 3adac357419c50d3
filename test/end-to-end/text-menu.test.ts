/** The menu of the right mouse button, which is the system's: what it offers is noted in place of showing it. */
import { expect, test } from "vitest";
import { composer, go } from "./chat-page.ts";
import { openCoppice } from "./coppice.ts";
import { electronOnly } from "./electron-only.ts";

test("the right mouse button offers what can be done with a field's text, and to copy selected text", async () => {
  electronOnly("the menu is Electron's");
  const { electron, page } = await openCoppice();
  await electron.evaluate(({ Menu }) => {
    Menu.buildFromTemplate = (items) => {
      const offered = items.filter(({ enabled }) => enabled).map(({ label }) => label);
      Object.assign(globalThis, { offered });
      return { popup: () => {} } as unknown as Electron.Menu;
    };
  });
  const offered = () => electron.evaluate(() => (globalThis as { offered?: string[] }).offered);

  await page.getByRole("heading", { level: 1 }).click({ button: "right" });
  await page.getByRole("heading", { level: 1 }).selectText();
  await page.getByRole("heading", { level: 1 }).click({ button: "right" });
  await expect.poll(offered).toEqual(["Copy"]);

  await go(page, "#/chat?model=sample");
  await expect.poll(() => composer(page).isEnabled()).toBe(true);
  await composer(page).fill("Is there a table in the shop?");
  await page.evaluate(() => window.coppice.settings.set({ language: "de" }));
  const field = page.getByRole("textbox", { name: "Ihre Nachricht" });
  await field.selectText();
  await field.click({ button: "right" });
  await expect.poll(offered).toEqual(expect.arrayContaining(["Ausschneiden", "Kopieren", "Alles auswählen"]));
});
