/** A model that a colleague handed on: opened by a double-click, damaged, changed, and made here. */
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { modelFolder, parcelBytes, passportIn } from "../main/parcel.ts";
import { expectAccessible } from "./accessibility.ts";
import { answered, ask, composer, question } from "./chat-page.ts";
import { newFolder, openCoppice } from "./coppice.ts";
import { choose } from "./dialogs.ts";
import { dropOn } from "./dropping.ts";
import { expectInEachLook } from "./looks.ts";
import { showRun, startRun } from "./short-run.ts";

async function colleaguesFile(folder: string): Promise<{ path: string; bytes: Buffer }> {
  const model = modelFolder();
  const bytes = await parcelBytes(model, passportIn(model));
  const path = join(folder, "Clauses.coppice");
  writeFileSync(path, bytes);
  return { path, bytes };
}

test("a colleague's file is shown with who signed it, opened, and answers", async () => {
  const folder = newFolder();
  const { path } = await colleaguesFile(folder);
  const coppice = await openCoppice({ folder, args: [path] });
  const { page, home } = coppice;
  const dialog = page.getByRole("dialog", { name: "“Clauses” was handed on to you" });
  await dialog.getByText("Signed by somebody new").waitFor();
  await dialog.getByText("78 of 100 right, was 58. 1.8 times as fast.").waitFor();
  await dialog.getByText("Masked: 12 names of persons.").waitFor();
  expect(readdirSync(join(home, "models"))).toEqual([]);
  await expectInEachLook(coppice, "handed-on/looked-at");
  await page.evaluate(() => window.coppice.settings.set({ language: "de" }));
  await page.getByRole("dialog", { name: "„Clauses“ wurde an Sie weitergegeben" }).waitFor();
  await expectAccessible(page);
  await coppice.screenshot("handed-on/german");
  await page.evaluate(() => window.coppice.settings.set({ language: "en" }));
  await dialog.getByLabel("Name of the sender").fill("Anna");
  await dialog.getByRole("button", { name: "Open it" }).click();
  await dialog.getByText("“Clauses” is on this computer now.").waitFor();
  await expectAccessible(page);
  await coppice.screenshot("handed-on/opened");
  await dialog.getByRole("button", { name: "Train it further" }).click();
  await page.getByRole("heading", { name: "Clauses", level: 2 }).waitFor();
  await expect.poll(() => page.getByRole("button", { name: "Next: your data" }).isEnabled()).toBe(true);
  await page.getByText("“Clauses” was handed on to you.").waitFor();
  await coppice.screenshot("handed-on/to-start-from");

  // Dropped again: its sender is known now, and it answers.
  await dropOn(page.getByText("Drop a GGUF file"), path);
  await dialog.getByText("Signed by Anna").waitFor();
  await dialog.getByRole("button", { name: "Open it" }).click();
  await dialog.getByRole("button", { name: "Chat" }).click();
  await expect.poll(() => composer(page).isEnabled()).toBe(true);
  await ask(page, question);
  await answered(page, 1);
  expect(readdirSync(join(home, "models", "received"))).toHaveLength(1);
});

test("a damaged, a changed and another file are refused in a sentence, and leave nothing", async () => {
  const folder = newFolder();
  const { path, bytes } = await colleaguesFile(folder);
  const coppice = await openCoppice({ folder });
  const { page, home } = coppice;
  await page.getByRole("link", { name: "New model", exact: true }).first().click();
  const dialog = page.getByRole("dialog", { name: "A model was handed on to you" });
  const refused = async (content: Uint8Array, sentence: RegExp) => {
    writeFileSync(path, content);
    await choose(coppice, path);
    await page.getByRole("button", { name: "Choose a file…" }).click();
    await dialog.getByRole("alert").filter({ hasText: sentence }).waitFor();
    expect(await dialog.getByRole("button", { name: "Open it" }).count()).toBe(0);
  };
  const leave = () => dialog.getByRole("button", { name: "Close" }).click();
  const damaged = Buffer.from(bytes);
  damaged[damaged.length - 5000]! ^= 1;
  await refused(damaged, /is damaged: it does not match its own passport/);
  await expectInEachLook(coppice, "handed-on/damaged");
  await leave();
  const better = Buffer.from(bytes);
  better.write('"count":99', better.indexOf('"count":78'));
  await refused(better, /was changed after it was signed/);
  await leave();
  await refused(bytes.subarray(0, bytes.length / 2), /is incomplete/);
  await leave();
  await refused(Buffer.from("PK"), /is not a model that was handed on with Coppice/);
  await leave();
  expect(readdirSync(join(home, "models"))).toEqual([]);
});

test("a result is handed on as one file, with the fingerprint of its key", async () => {
  const coppice = await openCoppice();
  const { page, folder } = coppice;
  const id = await startRun(coppice, { keep: 6, unitsPerRound: 2 });
  await showRun(page, id);
  await page.waitForFunction(() => location.hash.endsWith("/result"));
  const out = join(folder, "out");
  mkdirSync(out);
  await choose(coppice, out);
  await page.getByRole("button", { name: "Export this depth…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("radio", { name: /^Hand on to a colleague/ }).check();
  await coppice.screenshot("handed-on/choosing");
  await page.getByRole("button", { name: "Choose a folder and export…" }).click();
  await dialog.getByText(/^([0-9A-Z]{4}-){4}[0-9A-Z]{4}$/).waitFor();
  await expectInEachLook(coppice, "handed-on/made");
  expect(readdirSync(out)).toEqual([expect.stringMatching(/^Short-sample-.+\.coppice$/)]);
});
