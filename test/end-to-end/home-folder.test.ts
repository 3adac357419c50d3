/** Everything that Coppice keeps, copied and moved. */
import { existsSync, mkdirSync, readdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openServices } from "../../main/services/open.ts";
import { clauses } from "../main/services/runs/clauses.ts";
import { finishedRun } from "../main/services/runs/finished-run.ts";
import { expectAccessible } from "./accessibility.ts";
import { newFolder, openCoppice } from "./coppice.ts";
import { choose } from "./dialogs.ts";

async function fill(home: string): Promise<void> {
  const services = openServices(home);
  try {
    await finishedRun(services, clauses);
  } finally {
    services.close();
  }
}

/** So large that a copy takes a while. */
function writeLarge(path: string): void {
  writeFileSync(path, "");
  truncateSync(path, 2 ** 30);
}

test("everything is backed up into a folder, and the copy opens", async () => {
  const folder = newFolder();
  await fill(join(folder, "home"));
  const into = join(folder, "stick");
  mkdirSync(into);
  const coppice = await openCoppice({ folder });
  const { page } = coppice;
  await page.evaluate(() => (location.hash = "#/settings/folders"));
  await choose(coppice, into);
  await page.getByRole("button", { name: "Back up to a folder" }).click();
  await page.getByText("Backed up and verified").waitFor();
  await expectAccessible(page);
  await coppice.screenshot("settings-backed-up");
  expect(await page.getByRole("button", { name: "Move to a folder" }).isDisabled()).toBe(true);
  const [copy] = readdirSync(into);
  const services = openServices(join(into, copy!));
  expect(services.library.runs().map(({ name }) => name)).toEqual(["Clauses"]);
  services.close();
});

test("a backup that cannot be complete says which file it lacks, and is made once that is there", async () => {
  const folder = newFolder();
  const home = join(folder, "home");
  await fill(home);
  const into = join(folder, "stick");
  mkdirSync(into);
  const link = join(home, "models", "on-another-disk");
  symlinkSync(join(folder, "unplugged"), link);
  const coppice = await openCoppice({ folder });
  const { page } = coppice;
  await page.evaluate(() => (location.hash = "#/settings/folders"));
  await choose(coppice, into);
  await page.getByRole("button", { name: "Back up to a folder" }).click();
  const problem = page.getByText(`"${link}" cannot be read: it is a link to something missing.`);
  await problem.waitFor();
  await coppice.screenshot("settings-backup-failed");
  await expectAccessible(page);
  expect(readdirSync(into)).toEqual([]);
  mkdirSync(join(folder, "unplugged"));
  writeFileSync(join(folder, "unplugged", "model.gguf"), "weights");
  await choose(coppice, into);
  await page.getByRole("button", { name: "Back up to a folder" }).click();
  await page.getByText("Backed up and verified").waitFor();
  expect(await problem.count()).toBe(0);
  const [copy] = readdirSync(into);
  expect(readdirSync(join(into, copy!, "models", "on-another-disk"))).toEqual(["model.gguf"]);
});

test("a backup goes on while another page is shown, and can still be cancelled", async () => {
  const folder = newFolder();
  const home = join(folder, "home");
  await fill(home);
  const into = join(folder, "stick");
  mkdirSync(into);
  writeLarge(join(home, "models", "large.gguf"));
  const coppice = await openCoppice({ folder });
  const { page } = coppice;
  await page.evaluate(() => (location.hash = "#/settings/folders"));
  await choose(coppice, into);
  await page.getByRole("button", { name: "Back up to a folder" }).click();
  await page.getByRole("progressbar").waitFor();
  await page.evaluate(() => (location.hash = "#/"));
  await page.getByRole("link", { name: "Clauses", exact: true }).waitFor();
  await page.evaluate(() => (location.hash = "#/settings/folders"));
  await page.getByRole("progressbar").waitFor();
  expect(await page.getByRole("button", { name: "Back up to a folder" }).isDisabled()).toBe(true);
  await coppice.screenshot("settings-backing-up");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect.poll(() => page.getByRole("progressbar").count()).toBe(0);
  expect(await page.getByRole("button", { name: "Back up to a folder" }).isDisabled()).toBe(false);
  await expect.poll(() => readdirSync(into)).toEqual([]);
});

test("everything moves to another folder, and the old one is deleted once the new one has opened", async () => {
  const folder = newFolder();
  const data = join(folder, "data");
  const old = join(data, "coppice");
  await fill(old);
  writeLarge(join(old, "models", "large.gguf"));
  const into = join(folder, "disk");
  mkdirSync(into);
  const environment = { COPPICE_HOME: "", XDG_DATA_HOME: data };
  const coppice = await openCoppice({ folder, environment });
  const { page, electron } = coppice;
  await electron.evaluate(({ app }) => {
    app.relaunch = () => {}; // the test is who starts it again
  });
  await page.evaluate(() => (location.hash = "#/settings/folders"));
  await choose(coppice, into);
  await page.getByRole("button", { name: "Move to a folder" }).click();
  await expectAccessible(page);
  await coppice.screenshot("settings-move");
  const ended = new Promise((resolve) => electron.process().once("exit", resolve));
  await page.getByRole("button", { name: "Move and restart" }).click();
  // What the person does meanwhile comes along.
  await page.evaluate(() =>
    window.coppice.conversations.create({ title: "While it moved", model: "sample" }),
  );
  await ended;
  expect(existsSync(join(old, "coppice.db"))).toBe(true);

  const again = await openCoppice({ folder, environment });
  await again.page.getByRole("link", { name: "Clauses", exact: true }).waitFor();
  expect(existsSync(join(into, "Coppice", "coppice.db"))).toBe(true);
  await expect.poll(() => readdirSync(old)).toEqual(["moved.json"]);
  await again.page.evaluate(() => (location.hash = "#/chat"));
  await again.page.getByText("While it moved").waitFor();
  await again.page.evaluate(() => (location.hash = "#/settings/folders"));
  await again.page.locator(`[title="${join(into, "Coppice", "runs")}"]`).waitFor();
  await again.screenshot("settings-moved");
});
