/** A run that another computer carries out, by the command line: its folder, and what comes back. */
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { homeIn } from "../../../main/home/home.ts";
import { finishJob } from "../trimming/elsewhere/finish-job.ts";
import { coppice } from "./in-process.ts";
import { tinyTrim } from "./tiny-trim.ts";
import { doneOf } from "./trimmed.ts";

let [home, folder, job] = ["", "", ""];
let trim: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "coppice-elsewhere-"));
  ({ home, trim } = await tinyTrim(folder));
  job = join(folder, "job");
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a plan is written as a folder once the person agrees that its rows leave, and comes back as a run", async () => {
  const asked = await coppice(home, [...trim, "--elsewhere", job]);
  expect(asked.errors).toBe(
    "Nothing was written. If the rows may leave, run the command again with --yes.\n",
  );
  expect(asked.code).toBe(1);
  expect(existsSync(job)).toBe(false);

  const written = await coppice(home, [...trim, "--elsewhere", job, "--yes"]);
  expect(written.events.at(-1)).toEqual({ event: "done", folder: job });
  expect(written.events).toContainEqual({ event: "leaving", rows: expect.any(Number), masked: null });
  expect(readdirSync(job)).toContain("coppice_train.py");
  expect(readdirSync(homeIn(home).runs)).toEqual([]);

  const unfinished = await coppice(home, ["import", job]);
  expect(unfinished.errors).toContain("start the same command there again");
  expect(readdirSync(homeIn(home).runs)).toEqual([]);

  await finishJob(job);
  const done = doneOf(await coppice(home, ["import", job, "--json"]));
  expect(done.metrics.trimmed).toMatchObject({ name: "healed", units: 1, keptIndices: [0] });
  expect(done.metrics.trimmed.tokensPerSecond).toBeGreaterThan(0);
  const answer = await coppice(home, [
    "generate",
    "--model",
    done.output,
    "--prompt",
    "Hello",
    "--max-tokens",
    "3",
  ]);
  expect([answer.code, answer.errors]).toEqual([0, ""]);

  const again = await coppice(home, [
    "export",
    "--plan",
    done.runId,
    "--out",
    join(folder, "again"),
    "--yes",
  ]);
  expect(again.output).toContain('coppice import "');
});

test("what only this computer can carry out is refused before anything is asked", async () => {
  const refused = await coppice(home, [...trim, "--elsewhere", join(folder, "no"), "--unit", "sublayer"]);
  expect(refused.errors).toContain("because of unit sublayer");
  const both = await coppice(home, [...trim, "--elsewhere", join(folder, "no"), "--by", "1h"]);
  expect([both.code, both.errors]).toEqual([2, expect.stringContaining("neither --by nor --out")]);
  const neither = await coppice(home, ["export", "--out", join(folder, "no")]);
  expect([neither.code, neither.errors]).toEqual([
    2,
    expect.stringContaining("Missing required argument 'run'"),
  ]);
});
