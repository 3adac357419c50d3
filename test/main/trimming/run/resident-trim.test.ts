/** A whole trim with its weights in a step graph, on the CPU, compared with one of block graphs. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import type { openStack } from "../../../../main/trimming/devices/open-stack.ts";
import { denseStorage } from "../../../../main/trimming/devices/used-base.ts";
import { Journal } from "../../../../main/trimming/journal/checkpoint.ts";
import { ResidentStack } from "../../../../native-models/training/resident-stack.ts";
import { trainableOf } from "../../../../native-models/training/unit-graphs.ts";
import type { Trainable } from "../../../../native-models/training/unit-graphs.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { characters, collecting, runTrim, tinyModel, tinyPlan } from "./tiny-run.ts";
import { codeOf } from "../../../../native-models/codes.ts";

const resident: typeof openStack = (model, { method, base, ...options }, folder) =>
  ResidentStack.open(model, {
    ...options,
    trainable: trainableOf(method) as Exclude<Trainable, { kind: "full" }>,
    storage: denseStorage(base.storage),
    file: join(folder, "base.bin"),
  });

const run = (
  runFolder: string,
  change: Record<string, unknown>,
  open?: typeof openStack,
  context = collecting(),
) =>
  runTrim(
    {
      runFolder,
      plan: tinyPlan(runFolder, change),
      model: tinyModel(),
      encoder: characters,
      ...(open && { open }),
    },
    context,
  );

test.each([
  ["blocks by their NLL", { unit: "block", scorer: "nll-halving", keep: { units: 1 } }],
  ["halves of blocks by their influence", { unit: "sublayer", scorer: "influence", keep: { units: 2 } }],
])("drops the %s that one of block graphs drops, and ends as good", async (_, units) => {
  const change = { trim: { ...tinyPlan(temporaryFolder()).trim, ...units } };
  const [folder, other] = [temporaryFolder(), temporaryFolder()];
  const [actual, expected] = [await run(folder, change, resident), await run(other, change)];
  expect(actual.depths.map(({ snapshot }) => snapshot.kept)).toEqual(
    expected.depths.map(({ snapshot }) => snapshot.kept),
  );
  for (const [index, { measured }] of expected.depths.entries())
    expect(actual.depths[index]!.measured.test.perplexity! / measured.test.perplexity!).toBeCloseTo(1, 2);
  expect(readdirSync(folder)).not.toContain("base.bin");
});

test("cancelled and resumed, it ends with the bits of an uninterrupted run", async () => {
  const whole = await run(temporaryFolder(), {}, resident);
  const folder = temporaryFolder();
  const cancelled = collecting((event, control) => {
    if (event.event === "step" && event.step === 9) control.apply("cancel");
  });
  await expect(run(folder, {}, resident, cancelled)).rejects.toThrow();
  expect(await run(folder, {}, resident)).toEqual(whole);
});

test("on a device it uses ordinary 8 bits instead of int8 products, says so, and measures with them", async () => {
  const folder = temporaryFolder();
  const journal = await Journal.open(folder);
  await journal.stage("device", z.string(), () => Promise.resolve("cuda")); // as if it had been compared here
  const opened: string[] = [];
  const onProcessor: typeof openStack = (model, options, into) => {
    opened.push(options.base.storage);
    return resident(model, { ...options, device: "cpu" }, into);
  };
  const context = collecting();
  const { tuned } = await run(folder, { device: "cuda", base: { storage: "w8a8" } }, onProcessor, context);
  expect([opened, tuned.measured.test.storage]).toEqual([["q8"], "q8"]);
  const logs = context.events.flatMap((event) => (event.event === "log" ? [codeOf(event.said)] : []));
  expect(logs.filter((code) => code === "no-int8")).toHaveLength(1);
});
