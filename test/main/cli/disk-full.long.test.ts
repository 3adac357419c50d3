import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { shortSampleTrim } from "../../faults/short-sample.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { coppice, repository, start } from "./command.ts";
import { doneOf, figuresOf, onlyRun, weightsOf } from "./trimmed.ts";

/** Enough for the whole run, so that it is let in. */
const diskBytes = 100e6;
/** Enough for a few steps. */
const rows = { "train.jsonl": 24, "valid.jsonl": 8, "test.jsonl": 8, "test_sft.jsonl": 2 };
/** Left for the database while the first save (several MB) is written. */
const leftBytes = 1e6;

test("a disk that fills up during a trim ends it with the space needed, and resume gives the same weights", async (context) => {
  const folder = temporaryFolder();
  const home = join(folder, "small");
  mkdirSync(home);
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${diskBytes}`, "tmpfs", home]);
  if (mounted.status !== 0) return context.skip("this account may not mount a small file system");
  onTestFinished(() => void spawnSync("umount", ["-l", home]));

  const trim = [...shortSampleTrim(folder, rows), "--keep", "0.75"]; // one round
  const undisturbed = doneOf(await coppice(join(folder, "undisturbed"), trim));

  const program = start(home, trim);
  await program.event(({ event }) => event === "step");
  const { bavail, bsize } = statfsSync(home);
  const filler = join(home, "filler");
  writeFileSync(filler, Buffer.alloc(bavail * bsize - leftBytes));
  const stopped = await program.ended;
  expect(stopped.code).toBe(1);
  expect(stopped.errors).toMatch(
    /^The disk is full at [^\n]+; at least [\d.]+ [kM]B more are needed\. Free some space [^\n]+\.\n$/,
  );

  rmSync(filler);
  const resumed = doneOf(await coppice(home, ["resume", onlyRun(home).id, "--json"]));
  expect(weightsOf(resumed)).toEqual(weightsOf(undisturbed));
  expect(figuresOf(resumed)).toEqual(figuresOf(undisturbed));
});

test.runIf(process.platform === "linux")(
  "a full disk under the output of a command is named in a line",
  async () => {
    const program = ["sh", "-c", 'exec "$0" "$@" > /dev/full', ...repository];
    const { code, errors } = await coppice(temporaryFolder(), ["runs"], { program });
    expect([code, errors]).toEqual([
      1,
      expect.stringMatching(/^Not all output could be written \(ENOSPC[^\n]+\n$/),
    ]);
  },
);
