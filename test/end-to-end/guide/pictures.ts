/** Makes the pictures of docs/guide by doing the main job in the window: every figure in them was measured. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { openCoppice } from "../coppice.ts";
import { summaryOf } from "../short-run.ts";
import { doWholeJob } from "../whole-job.ts";

const folder = fileURLToPath(new URL("../../../docs/guide/pictures/", import.meta.url));
const MINUTE = 60_000;

test("the guide's pictures", { timeout: 30 * MINUTE }, async () => {
  const coppice = await openCoppice({ reducedMotion: true });
  const { page } = coppice;
  mkdirSync(folder, { recursive: true });
  const picture = (name: string) => page.screenshot({ path: join(folder, `${name}.png`) });
  const show = async (hash: string) => {
    await page.evaluate((to) => void (location.hash = to), hash);
    await page.getByRole("heading", { level: 1 }).first().waitFor();
    await page.waitForLoadState("networkidle");
  };

  await doWholeJob(coppice, async (stop) => {
    // The list of models to download takes a moment longer than the page.
    if (stop === "model")
      await page
        .getByRole("heading", { name: /^Recommended for this computer/ })
        .waitFor({ timeout: MINUTE });
    await picture(stop);
  });

  // A second depth of the same questions, to compare with.
  const ids = await page.evaluate(async () => {
    const { coppice: main } = window;
    const list = await main.runs.list();
    if (!list.ok) throw new Error(JSON.stringify(list.failure));
    const { id } = list.value[0]!;
    const detail = await main.runs.get({ id });
    if (!detail.ok || !detail.value.model) throw new Error("The run is not known.");
    const { model } = detail.value;
    const sample = await main.data.sample();
    if (!sample.ok) throw new Error(JSON.stringify(sample.failure));
    const started = await main.runs.start({
      model: { path: model.path, name: model.name },
      sources: { data: [sample.value.path] },
      patch: { trim: { keep: { units: 6 } } },
      name: "Hire agreements, careful",
    });
    if (!started.ok) throw new Error(JSON.stringify(started.failure));
    return [id, started.value.id];
  });
  const isDone = async () => (await summaryOf(page, ids[1]!)).state;
  await expect.poll(isDone, { timeout: 15 * MINUTE, interval: 1000 }).toBe("done");
  await show(`#/compare?runs=${ids.join(",")}`);
  await picture("compare");
  await show("#/library");
  await picture("library");
  await show("#/settings");
  await page.getByRole("button", { name: "Prove it now", exact: true }).click();
  await page.getByText("No network connection").waitFor();
  const privacy = page.getByRole("heading", { name: "Privacy, with proof" });
  await privacy.evaluate((heading) => heading.scrollIntoView({ block: "start" }));
  await picture("settings");
});
