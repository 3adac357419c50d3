/** Zooming as in browsers: by the menu's keys, by keys that no menu names and by the mouse wheel. */
import { expect, test } from "vitest";
import { openCoppice } from "./coppice.ts";
import { electronOnly } from "./electron-only.ts";

test("Ctrl zooms with −, =, the number pad and the mouse wheel", async () => {
  electronOnly("a browser zooms by itself");
  const { electron, page } = await openCoppice();
  const press = (keyCode: string) =>
    electron.evaluate(({ BrowserWindow }, key) => {
      const { webContents } = BrowserWindow.getAllWindows()[0]!;
      webContents.sendInputEvent({ type: "keyDown", keyCode: key, modifiers: ["control"] });
    }, keyCode);
  const turnWheel = () =>
    electron.evaluate(({ BrowserWindow }) => {
      BrowserWindow.getAllWindows()[0]!.webContents.emit("zoom-changed", {}, "out");
    });
  const zoom = () => page.evaluate(() => Math.round(100 * devicePixelRatio));
  await press("=");
  await expect.poll(zoom).toBe(110);
  await press("numadd");
  await expect.poll(zoom).toBe(120);
  await turnWheel();
  await expect.poll(zoom).toBe(110);
  await press("num0");
  await expect.poll(zoom).toBe(100);
  await press("-");
  await expect.poll(zoom).toBe(91);
  await press("0");
  await expect.poll(zoom).toBe(100);
});
