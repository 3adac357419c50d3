/** Everything that Coppice keeps, copied and moved. */
import { existsSync, mkdirSync, readdirSync } from "node:fs";
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

test("everything moves to another folder, and the old one is deleted once the new one has opened", async () => {
  const folder = newFolder();
  const data = join(folder, "data");
  const old = join(data, "coppice");
  await fill(old);
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
  await ended;
  expect(existsSync(join(old, "coppice.db"))).toBe(true);

  const again = await openCoppice({ folder, environment });
  await again.page.getByRole("link", { name: "Clauses", exact: true }).waitFor();
  expect(existsSync(join(into, "Coppice", "coppice.db"))).toBe(true);
  await expect.poll(() => readdirSync(old)).toEqual(["moved.json"]);
});
