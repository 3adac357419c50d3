/** The export of a depth as a person goes through it: another depth where a program needs one, cancelled, on a full disk, opened again. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { expectAccessible } from "./accessibility.ts";
import { openCoppice } from "./coppice.ts";
import { expectInEachLook } from "./looks.ts";
import { choose } from "./dialogs.ts";
import { showRun, startRun } from "./short-run.ts";

test("an export offers a depth that the program loads, can be cancelled, and survives a full disk", async () => {
  const coppice = await openCoppice();
  const { page, folder, screenshot } = coppice;
  const id = await startRun(coppice, { unit: "sublayer", keep: 10, unitsPerRound: 3 });
  await showRun(page, id);
  await page.waitForFunction(() => location.hash.endsWith("/result"));
  const button = (name: string | RegExp) => page.getByRole("button", { name, exact: true });
  const dialog = page.getByRole("dialog");
  const open = () => button("Export this depth…").click();

  await open();
  await expect.poll(() => dialog.getByRole("radio", { name: /^Hugging Face/ }).isDisabled()).toBe(true);
  expect(await dialog.getByRole("radio", { name: /^Ollama/ }).isDisabled()).toBe(false);
  await dialog.getByText("Another depth for Hugging Face", { exact: true }).waitFor();
  await dialog.getByText(/has [1-8] whole blocks \(\d+\.\d% right, [\d,]+ tokens\/s\)\.$/).waitFor();
  await expectInEachLook(coppice, "export/another");
  await page.evaluate(() => window.coppice.settings.set({ language: "de" }));
  await page.getByRole("dialog", { name: /^Exportieren: 10 Halbblöcke/ }).waitFor();
  await dialog.getByText("Eine andere Tiefe für Hugging Face", { exact: true }).waitFor();
  await expectAccessible(page);
  await screenshot("export/another-german");
  await page.evaluate(() => window.coppice.settings.set({ language: "en" }));

  await dialog.getByRole("button", { name: /^Instead: / }).click();
  await page.getByRole("dialog", { name: /^Export (?!10 )/ }).waitFor();
  expect(await dialog.getByRole("radio", { name: /^Hugging Face/ }).isChecked()).toBe(true);

  // Cancelled while it writes: by its button, and by closing the dialog.
  const out = join(folder, "out");
  mkdirSync(out);
  await choose(coppice, out);
  await button("Choose a folder and export…").click();
  await dialog.getByRole("progressbar").waitFor();
  await expectAccessible(page);
  await screenshot("export/writing");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await button("Choose a folder and export…").waitFor();
  expect(await dialog.getByRole("alert").count()).toBe(0);
  await expect.poll(() => readdirSync(out)).toEqual([]);
  await button("Choose a folder and export…").click();
  await dialog.getByRole("progressbar").waitFor();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await expect.poll(() => readdirSync(out)).toEqual([]);

  // A full disk is named, nothing half is left there, and another folder does.
  await open();
  const small = join(folder, "small");
  mkdirSync(small);
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=500k", "tmpfs", small]);
  if (mounted.status === 0) {
    onTestFinished(() => void spawnSync("umount", ["-l", small]));
    await choose(coppice, small);
    await button("Choose a folder and export…").click();
    await dialog.getByRole("alert").filter({ hasText: "The disk is full" }).waitFor();
    await expectAccessible(page);
    await screenshot("export/disk-full");
    expect(readdirSync(small)).toEqual([]);
    await choose(coppice, out);
    await dialog.getByRole("button", { name: "Try again" }).click();
  } else {
    console.log("Not on a full disk: this account may not mount a small file system.");
    await button("Choose a folder and export…").click();
  }
  await dialog.getByText(/ written\.$/).waitFor();
  expect(readdirSync(out)).toHaveLength(1);
  await dialog.getByRole("button", { name: "Close" }).last().click();

  // Opened again it starts over, and does not write where something is.
  await open();
  await dialog.getByRole("radio", { name: /^Hugging Face/ }).check();
  await button("Choose a folder and export…").click();
  await dialog.getByText(/ written\.$/).waitFor();
  expect(readdirSync(out)).toHaveLength(2);
  expect(readdirSync(out).filter((name) => name.startsWith("."))).toEqual([]);
});
