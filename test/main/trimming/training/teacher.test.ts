/** A run whose teacher says more than its last hidden states. */
import { cpSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  distillationTargets,
  distillationBatch,
} from "../../../../main/trimming/training/distillation-targets.ts";
import { curriculumOf, Teacher } from "../../../../main/trimming/training/teacher.ts";
import { Batcher } from "../../../../native-models/training/batch.ts";
import type { TokenRow } from "../../../../native-models/training/batch.ts";
import { Stack } from "../../../../native-models/training/stack.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { characters, collecting, runTrim, tinyModel, tinyPlan, tinyTrim } from "../run/tiny-run.ts";

const taught = {
  ...tinyTrim,
  distillation: 0.5,
  tokens: "all",
};

const run = (folder: string, trim: object = taught, context = collecting()) =>
  runTrim(
    { runFolder: folder, plan: tinyPlan(folder, { trim }), model: tinyModel(), encoder: characters },
    context,
  );

const rows: TokenRow[] = [
  { ids: [3, 4, 5, 6, 7], promptLength: 4, answers: [[1, 3]] },
  { ids: [9, 8, 7], promptLength: 1 },
];

describe("A teacher", () => {
  test.each(["answers", "all"] as const)(
    "says what it recorded, to the precision of its files: tokens at %s",
    async (places) => {
      const folder = temporaryFolder();
      const { trim } = tinyPlan(folder, { trim: { ...taught, tokens: places } });
      const stack = Stack.open(tinyModel(), { threads: 1, trainable: { kind: "none" } });
      const curriculum = curriculumOf(trim);
      const batcher = new Batcher();
      const record = stack.record.bind(stack);
      const hashes = await Teacher.write(folder, rows, curriculum, batcher, record, () => Promise.resolve());
      expect(await Teacher.isWhole(folder, hashes)).toBe(true);
      const { hiddenSize } = stack.model.config;
      const teacher = await Teacher.open(folder, rows, curriculum, hiddenSize);
      // In another order than they were written in.
      const { batch } = distillationBatch(batcher, [rows[1]!, rows[0]!], curriculum);
      const inOrder = distillationBatch(batcher, rows, curriculum);
      expect(inOrder.answers).toBe(5);
      expect(inOrder.isAnswer && [...inOrder.isAnswer]).toEqual(places === "all" ? [1, 1, 0, 1, 1, 1] : null);
      const expected = await stack.record(batch, curriculum.tokens);
      const recorded = await teacher.of([1, 0]);
      expect(recorded.tokens!.ids).toEqual(expected.tokens!.ids);
      const near = (found: Float32Array, wanted: Float32Array, share: number) => {
        expect(found.length).toBe(wanted.length);
        wanted.forEach((value, i) =>
          expect(Math.abs(found[i]! - value)).toBeLessThan(share * Math.abs(value) + 1e-5),
        );
      };
      near(recorded.tokens!.logProbabilities, expected.tokens!.logProbabilities, 2 ** -10);
      near(recorded.hidden!, expected.hidden, 2 ** -7);
      // A model that is taught by its own record learns nothing but rounding.
      const [targets] = distillationTargets(trim, curriculum, [recorded]);
      const { distillation } = await stack.accumulate(batch, 0, targets);
      expect(distillation).toBeGreaterThan(0);
      expect(distillation).toBeLessThan(1e-3);
      await teacher.close();
      await stack.close();
    },
  );

  test("that is cut short is refused", async () => {
    const folder = temporaryFolder();
    const { trim } = tinyPlan(folder, { trim: taught });
    const curriculum = curriculumOf(trim);
    const stack = Stack.open(tinyModel(), { threads: 1, trainable: { kind: "none" } });
    await Teacher.write(
      folder,
      rows,
      curriculum,
      new Batcher(),
      (batch, likeliest) => stack.record(batch, likeliest),
      () => Promise.resolve(),
    );
    truncateSync(join(folder, "teacher-tokens.bin"), 10);
    await expect(Teacher.open(folder, rows, curriculum, 64)).rejects.toMatchObject({
      failure: { code: "corrupt-file" },
    });
    await stack.close();
  });
});

describe("A run that is taught tokens", () => {
  test("weighs answers alone by their labels, and learns from the teacher", async () => {
    const context = collecting();
    const { depths } = await run(temporaryFolder(), taught, context);
    const steps = context.events.flatMap((event) => (event.event === "step" ? [event] : []));
    const taughtSteps = steps.filter(({ distillationLoss }) => distillationLoss !== null);
    expect(taughtSteps).toHaveLength(8);
    expect(taughtSteps.at(-1)!.distillationLoss).toBeLessThan(0.9 * taughtSteps[0]!.distillationLoss!);
    expect(depths.at(-1)!.snapshot.kept.filter(Boolean)).toHaveLength(1);
    const plain = collecting();
    await run(temporaryFolder(), tinyTrim, plain);
    const [first] = plain.events.flatMap((event) =>
      event.event === "step" && event.distillationLoss !== null ? [event.loss] : [],
    );
    // The first taught step's loss on answers is the same whatever is taught beside it.
    expect(taughtSteps[0]!.loss).toBeCloseTo(first!, 5);
  });

  test("ends with the same bits after a stop, and after its files were damaged, which it says", async () => {
    const whole = JSON.stringify(await run(temporaryFolder()));
    const stopped = temporaryFolder();
    const cancelling = collecting((event, control) => {
      if (event.event === "step" && event.step === 14) control.apply("cancel");
    });
    await expect(run(stopped, taught, cancelling)).rejects.toMatchObject({ failure: { code: "cancelled" } });
    for (const [file, damage] of Object.entries(damages)) {
      const folder = temporaryFolder();
      cpSync(stopped, folder, { recursive: true });
      damage(join(folder, file));
      const resumed = collecting();
      expect(JSON.stringify(await run(folder, taught, resumed)), file).toBe(whole);
      expect(resumed.events).toContainEqual({ event: "damaged", what: "teacher" });
    }
    const resumed = collecting();
    expect(JSON.stringify(await run(stopped, taught, resumed))).toBe(whole);
    expect(resumed.events.some(({ event }) => event === "damaged")).toBe(false);
  });
});

const damages: Record<string, (path: string) => void> = {
  "teacher.bin": (path) => rmSync(path),
  "teacher-tokens.bin": (path) => {
    const bytes = readFileSync(path);
    bytes[50]! ^= 4;
    writeFileSync(path, bytes);
  },
};
