/** When something goes wrong: it is logged and explained, and a report is available that is shown before it is saved. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { lastEntries } from "../../main/log/read.ts";
import { openServices } from "../../main/services/open.ts";
import { clauses } from "../main/services/runs/clauses.ts";
import { finishedRun } from "../main/services/runs/finished-run.ts";
import { planWithSeed } from "../main/services/plan.ts";
import { expectAccessible } from "./accessibility.ts";
import { newFolder, openCoppice } from "./coppice.ts";
import type { Coppice } from "./coppice.ts";
import { saveTo } from "./dialogs.ts";
import { expectInEachLook } from "./looks.ts";
import { showRun } from "./short-run.ts";
import { electronOnly } from "./electron-only.ts";

const logOf = ({ home }: Coppice) => lastEntries(join(home, "logs", "coppice.log"), 1000);
const eventsOf = (coppice: Coppice) => logOf(coppice).map(({ event }) => event);

async function openReport({ page }: Coppice): Promise<void> {
  await page.evaluate(() => (location.hash = "#/settings/help"));
  await page.getByRole("button", { name: /Save a report…|Bericht speichern …/ }).click();
  await page.getByRole("dialog").getByRole("checkbox").first().waitFor();
}

test("a report is accessible in each size and theme", async () => {
  const coppice = await openCoppice();
  await openReport(coppice);
  await expectInEachLook(coppice, "report");
  for (const summary of await coppice.page.getByText(/^Show \d+ lines?$/).all()) await summary.click();
  await expectInEachLook(coppice, "report-open");
});

test("the file contains exactly what was shown, without the parts that were left out", async () => {
  const folder = newFolder();
  const services = openServices(join(folder, "home"));
  await finishedRun(services, clauses);
  services.close();
  const coppice = await openCoppice({ folder });
  const { page } = coppice;
  await openReport(coppice);
  for (const summary of await page.getByText(/^Show \d+ lines?$/).all()) await summary.click();
  const shown = await page.locator("dialog pre").allInnerTexts();
  expect(shown).toHaveLength(6);
  await page.getByRole("checkbox", { name: "Settings" }).uncheck();
  const path = join(folder, "report.txt");
  await saveTo(coppice, path);
  await page.getByRole("button", { name: "Save as…" }).click();
  await page.getByText("The report was saved.").waitFor();
  const text = readFileSync(path, "utf8");
  for (const [index, part] of shown.entries()) expect(text.includes(part)).toBe(index !== 2);
  expect(text).not.toContain("== settings ==");
  expect(text).toContain("1 done");
  expect(text).not.toContain("Clauses");
  expect(text).not.toContain(folder);
});

test("a run that failed with its engine offers a report with its figures", async () => {
  const folder = newFolder();
  const services = openServices(join(folder, "home"));
  const { modelId, datasetId } = services.runs.get(await finishedRun(services, clauses));
  const same = { modelId: modelId!, datasetId: datasetId! };
  const { id } = services.runs.create(planWithSeed(7), { name: "Zebrafink", ...same });
  services.runs.start(id);
  services.runs.fail(id, {
    code: "engine-stopped",
    kind: "trainer",
    reason: { code: "crashed", signal: "Zebrafink" },
  });
  services.close();
  const coppice = await openCoppice({ folder });
  const { page } = coppice;
  await showRun(page, id);
  await page.getByRole("button", { name: "Save a report…" }).click();
  const section = page.getByRole("dialog").getByRole("listitem").filter({ hasText: "Figures of this run" });
  await section.getByText(/^Show \d+ lines$/).click();
  const text = await section.locator("pre").innerText();
  expect(text).toContain(`run ${id.slice(-5)}: failed`);
  expect(text).toContain('{"code":"engine-stopped"}');
  expect(text).toContain('"seed":7');
  expect(text).toContain('"layers":8');
  expect(text).not.toMatch(/Zebrafink|small\.gguf|clauses/i);
  await expectAccessible(page);
  await coppice.screenshot("report-of-a-run");
});

test("an uncaught error of the window is shown once and logged without its message", async () => {
  const coppice = await openCoppice();
  const { page, pageErrors } = coppice;
  await page.evaluate(() => {
    setTimeout(() => {
      throw new TypeError("Zebrafink");
    });
    void Promise.reject(new RangeError("Zebrafink"));
  });
  await page.getByText("An unexpected error occurred.").waitFor();
  await expectAccessible(page);
  await coppice.screenshot("trouble");
  await expect.poll(() => eventsOf(coppice).filter((event) => event === "error")).toHaveLength(2);
  expect(await page.getByText("An unexpected error occurred.").count()).toBe(1);
  expect(JSON.stringify(logOf(coppice))).not.toContain("Zebrafink");
  await page.getByRole("button", { name: "Save a report…" }).click();
  await page.getByRole("dialog").getByText("Crashes and errors").waitFor();
  pageErrors.splice(0); // they were meant
});

test("an uncaught error of main is logged with its place, and the window keeps working", async () => {
  const coppice = await openCoppice();
  await coppice.electron.evaluate(() => {
    setTimeout(() => {
      throw new TypeError("Zebrafink");
    });
  });
  await coppice.page.getByText("An unexpected error occurred.").waitFor();
  const error = logOf(coppice).find(({ event }) => event === "error");
  expect(error).toMatchObject({ where: "main", trouble: { name: "TypeError" } });
  expect(JSON.stringify(logOf(coppice))).not.toContain("Zebrafink");
  expect(await coppice.close()).toBe(0);
});

test("a window that crashes reopens where it was, says so once, and leaves no memory dump", async () => {
  electronOnly("a window whose process ended is reloaded through Electron");
  const coppice = await openCoppice();
  const { electron, page } = coppice;
  await page.evaluate(() => (location.hash = "#/settings/privacy"));
  await page.getByRole("heading", { level: 1, name: "Settings" }).waitFor();
  const crash = () =>
    electron.evaluate(({ BrowserWindow }) => {
      BrowserWindow.getAllWindows()[0]!.webContents.forcefullyCrashRenderer();
    });
  // Playwright has lost this page; a script that reaches it between its end and its new beginning is never answered.
  const inWindow = (script: string) =>
    electron.evaluate(({ BrowserWindow }, code) => {
      const answer = BrowserWindow.getAllWindows()[0]!.webContents.executeJavaScript(code);
      return Promise.race([answer as Promise<unknown>, new Promise((late) => setTimeout(late, 1000))]);
    }, script);
  await crash();
  await expect
    .poll(() => inWindow("document.body.innerText"))
    .toContain("This window crashed and was reloaded.");
  expect(await inWindow("location.hash")).toBe("#/settings/privacy");
  expect(eventsOf(coppice)).toEqual(expect.arrayContaining(["window-gone", "window-reloaded"]));
  const files = readdirSync(coppice.folder, { recursive: true, encoding: "utf8" });
  expect(files.filter((name) => /\.dmp$|core\.\d+$/.test(name))).toEqual([]);
});

test("the next program reports a kill once, and can save a report", async () => {
  const first = await openCoppice({ folder: newFolder() });
  await first.kill();
  const second = await openCoppice({ folder: first.folder });
  await second.page.getByText("Coppice did not close properly last time.").waitFor();
  await expectAccessible(second.page);
  await second.screenshot("ended-without-word");
  expect(eventsOf(second)).toContain("ended-without-word");
  expect(await second.close()).toBe(0);
  expect(existsSync(join(second.home, "cache", "running.json"))).toBe(false);
  const third = await openCoppice({ folder: first.folder });
  await third.page.getByRole("heading", { level: 1 }).waitFor();
  expect(await third.page.getByText("Coppice did not close properly last time.").count()).toBe(0);
});

test("in German, the text around a report is German", async () => {
  const coppice = await openCoppice({ size: { width: 900, height: 600 } });
  await coppice.page.evaluate(() => window.coppice.settings.set({ language: "de" }));
  await openReport(coppice);
  await coppice.page.getByText("Das ist der genaue Inhalt der Datei.").waitFor();
  await expectAccessible(coppice.page);
  await coppice.screenshot("report-german");
});
