import { fileURLToPath } from "node:url";
import { format, resolveConfig } from "prettier";
import { expect, test } from "vitest";
import { judgedRuns } from "./judged.ts";

/** From worst to best; too few questions promise nothing. */
const LEVELS = ["no-use", "not-yet", "too-few", "with-care", "ready"];
const runs = judgedRuns();

test("no run whose outcome is known is judged better than by a person", () => {
  const better = runs.filter(({ verdict, person }) => LEVELS.indexOf(verdict) > LEVELS.indexOf(person));
  expect(better).toEqual([]);
});

test("there are runs of two forms of data and of three models, and three of four good ones are called of use", () => {
  expect(runs.length).toBeGreaterThanOrEqual(12);
  expect(runs.some(({ accuracy }) => accuracy === null)).toBe(true);
  const good = runs.filter(({ person }) => person === "ready" || person === "with-care");
  const found = good.filter(({ verdict }) => verdict === "ready" || verdict === "with-care");
  expect(found.length / good.length).toBeGreaterThanOrEqual(0.75);
});

test("the table is that of these runs", async () => {
  const path = fileURLToPath(new URL("../results/verdicts.json", import.meta.url));
  const text = await format(JSON.stringify(runs), { ...(await resolveConfig(path)), filepath: path });
  await expect(text).toMatchFileSnapshot(path);
});
