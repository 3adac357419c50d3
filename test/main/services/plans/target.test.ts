import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { REPORT_FILE } from "../../../../main/documents/stored/split-files.ts";
import { affordsActivations } from "../../../../main/services/plans/admission.ts";
import { Reading } from "../../../../main/services/data/reading.ts";
import { chatSpeed, runSeconds } from "../../../../main/trimming/plan/run-seconds.ts";
import { sample } from "../../../../main/services/models/sample.ts";
import { estimateTarget, probeTarget } from "../../../../main/services/plans/target.ts";
import type { Planned } from "../../../../main/services/plans/target.ts";
import { FIELD_VOCABULARY, Method, patched } from "../../../../preload/contract/plans/plan.ts";
import type { PlanPatch } from "../../../../preload/contract/plans/plan.ts";
import { DatasetReport } from "../../../../preload/contract/data/data.ts";
import type { Probe, TokenCost } from "../../../../preload/contract/plans/probe.ts";
import { llama2, smolLm2 } from "../../../native-models/shapes.ts";
import { servicesForTest } from "../services.ts";

const roomy = { memoryBytes: () => 64e9, diskBytes: () => 500e9 };

async function plannedOnSample() {
  const { home } = servicesForTest();
  const reading = new Reading();
  onTestFinished(() => reading.stop());
  const model = await reading.inspect(sample.model);
  const { folder } = await reading.dataset({ data: [sample.data] }, sample.model, 1, home.datasets);
  const planned: Planned = { model, dataset: folder, patch: {} };
  return { home, planned };
}

/** Makes the report of the dataset in `folder` say that its longest row has that many tokens. */
function lengthen(folder: string, longest: number): void {
  const path = join(folder, REPORT_FILE);
  const report = DatasetReport.parse(JSON.parse(readFileSync(path, "utf8")));
  writeFileSync(path, JSON.stringify({ ...report, tokenLengths: { ...report.tokenLengths!, longest } }));
}

/** A round computer: a token costs a millisecond and another for each of ten blocks, forward a fourth of that. */
const round: Probe = {
  blocks: 10,
  deviceProblem: null,
  tokens: {
    trainingRows: 100,
    training: 1000,
    validation: 100,
    calibration: 50,
    calibrationRows: 64,
    calibrationChoices: 50,
    choosing: 0,
    test: 100,
    answerPrompts: 0,
    answers: 0,
    scored: 0,
    prompted: 0,
    promptedAnswers: { read: 0, written: 0 },
    watched: 0,
    writing: {},
  },
  training: { fixed: 1e-3, perBlock: 1e-3 },
  forward: { fixed: 0.25e-3, perBlock: 0.25e-3 },
  scanFactor: 1,
  spread: 0,
  chat: [
    { blocks: 5, tokensPerSecond: 20, sizeBytes: 5e6, seconds: 1 },
    { blocks: 10, tokensPerSecond: 10, sizeBytes: 10e6, seconds: 2 },
  ],
  seconds: 5,
};

describe("An estimate of a target", () => {
  test("gives a smaller, lighter model, and no speed or time before they are measured", async () => {
    const { home, planned } = await plannedOnSample();
    const estimate = estimateTarget(home, planned, null, roomy);
    expect(estimate.units).toEqual({ total: planned.model.layers, kept: planned.model.layers / 2 });
    expect(estimate.trimmed.chatSizeBytes).toBeLessThan(estimate.base.chatSizeBytes);
    expect(estimate.trimmed.chatMemoryBytes).toBeLessThan(estimate.base.chatMemoryBytes);
    expect([estimate.trimmed.tokensPerSecond, estimate.seconds]).toEqual([null, null]);
    expect([estimate.fits, estimate.nearest]).toEqual([true, null]);
  });

  test("proposes the field's vocabulary where most weights are tokens', and not once it is planned", async () => {
    const { home, planned } = await plannedOnSample();
    expect(estimateTarget(home, planned, null, roomy).fieldVocabulary).toBeNull();
    const model = { ...planned.model, vocabularySize: 262_144 };
    const { trimmed, fieldVocabulary } = estimateTarget(home, { ...planned, model }, null, roomy);
    expect(fieldVocabulary!.chatMemoryBytes).toBeLessThan(0.8 * trimmed.chatMemoryBytes);
    const patch = { vocabulary: FIELD_VOCABULARY };
    expect(estimateTarget(home, { ...planned, model, patch }, null, roomy).fieldVocabulary).toBeNull();
  });

  test("has a wanted speed turned into a depth once it is measured, from the speed of each depth", async () => {
    const { home, planned } = await plannedOnSample();
    const goal = { kind: "tokens-per-second" as const, tokensPerSecond: 10 };
    const wanted = { ...planned, goal };
    const before = estimateTarget(home, wanted, null, roomy);
    expect(before).toMatchObject({ trimmed: { tokensPerSecond: null }, units: { kept: 4 } }); // half, as without a goal
    // 0.05 s a token for embedding and head, and 0.01 s for each of eight blocks
    const chat: Probe["chat"] = [
      { ...round.chat[0], blocks: 4, tokensPerSecond: 1 / 0.09 },
      { ...round.chat[1], blocks: 8, tokensPerSecond: 1 / 0.13 },
    ];
    const kept = { key: before.probeKey, probe: { ...round, blocks: 8, chat } };
    const { units, trimmed, probeKey } = estimateTarget(home, wanted, kept, roomy);
    expect([units.kept, probeKey]).toEqual([5, before.probeKey]);
    expect(trimmed.tokensPerSecond).toBeCloseTo(1 / 0.1);
  });

  test("counts the rounds of the recipe", async () => {
    const { home, planned } = await plannedOnSample();
    const roundsOf = (recipe: "coppice" | "trimllm") =>
      estimateTarget(home, { ...planned, patch: { recipe } }, null, roomy).rounds;
    // Of 8 blocks 4 go, one a round; of 16 halves 8, two a round until a quarter is gone, then one.
    expect([roundsOf("coppice"), roundsOf("trimllm")]).toEqual([4, 6]);
  });

  test("keeps activations if memory is plentiful, only on the CPU", async () => {
    const { home, planned } = await plannedOnSample();
    const { plan, needs } = estimateTarget(home, planned, null, roomy);
    const afforded = (memoryBytes: number, device: "cpu" | "webgpu" = "cpu") =>
      affordsActivations(planned.model, { ...plan, device }, planned.dataset, {
        ...roomy,
        memoryBytes: () => memoryBytes,
      });
    expect([afforded(64e9), afforded(64e9, "webgpu")]).toEqual([true, false]);
    expect(afforded(needs.memoryBytes)).toBe(false); // it fits, and leaves nothing to a person's other work
  });

  test("of a plan that does not fit offers a change that makes it fit", async () => {
    const { home, planned } = await plannedOnSample();
    lengthen(planned.dataset, 1000);
    const larger = { ...planned, model: { ...planned.model, ...smolLm2 } };
    const full = { ...larger, patch: { method: { kind: "full" as const } } };
    const room = (memoryBytes: number) => ({ memoryBytes: () => memoryBytes, diskBytes: () => 500e9 });
    const small = estimateTarget(home, larger, null, roomy).needs.memoryBytes;
    const refused = estimateTarget(home, full, null, room(small + 1));
    expect(refused.fits).toBe(false);
    expect(refused.nearest).toMatchObject({
      change: "lora",
      patch: { method: { kind: "lora" } },
      memoryBytes: small,
    });
    const nearestIn = (memoryBytes: number) => {
      const { nearest } = estimateTarget(home, larger, null, room(memoryBytes));
      expect(nearest!.memoryBytes).toBeLessThanOrEqual(memoryBytes);
      return nearest!;
    };
    const streamed = nearestIn(0.9 * small);
    expect(streamed).toMatchObject({
      change: "streamed",
      patch: { base: { storage: "f32", streamed: true } },
    });
    let further = nearestIn(streamed.memoryBytes - 1);
    while (further.change === "smaller-base") further = nearestIn(further.memoryBytes - 1);
    expect(further).toMatchObject({
      change: "streamed-and-shorter-rows",
      patch: { base: { storage: "f32", streamed: true }, maxTokens: 512 },
    });
    const offers = [further];
    const below = (memoryBytes: number) => estimateTarget(home, larger, null, room(memoryBytes - 1)).nearest;
    for (let next; (next = below(offers.at(-1)!.memoryBytes));) offers.push(next);
    const lengths = offers.map(({ patch }) => patch.maxTokens!);
    expect(new Set(lengths).size).toBeGreaterThan(1);
    expect(lengths).toEqual([...lengths].sort((a, b) => b - a)); // no more text is lost than must be
    const none = estimateTarget(home, full, null, room(1));
    expect([none.fits, none.nearest]).toEqual([false, null]);
  });
});

test.each<[PlanPatch, number, object]>([
  [{}, 8, { unitsPerRound: 2 }], // of 8 blocks one a round
  [{ trim: { unit: "sublayer" } }, 30, { unitsPerRound: 8 }],
  [{ trim: { unit: "sublayer" } }, 35, { unitsPerRound: 10 }],
  [{ recipe: "trimllm", trim: { unit: "sublayer" } }, 30, { unitsPerRound: 4 }],
])("offers fewer depths by rounds that drop twice as much: %j of %i blocks", async (chosen, layers, trim) => {
  const { home, planned } = await plannedOnSample();
  const deep = { ...planned, model: { ...planned.model, layers } };
  const before = patched({ method: Method.parse({ kind: "lora" }) }, chosen);
  const estimate = (change: PlanPatch, free = roomy) =>
    estimateTarget(home, { ...deep, patch: patched(before, change) }, null, free);
  const { needs, rounds } = estimate({});
  const { nearest } = estimate({}, { ...roomy, diskBytes: () => needs.diskBytes - 1 });
  expect(nearest).toMatchObject({ change: "fewer-depths", patch: { trim } });
  expect(estimate(nearest!.patch).rounds).toBeLessThan(rounds);
});

test("offers w8a8 weights streamed, then in ordinary 8 bits, then in 4", async () => {
  const { home, planned } = await plannedOnSample();
  const patch: PlanPatch = { base: { storage: "w8a8" } };
  const seven = { ...planned, model: { ...planned.model, ...llama2 }, patch };
  const offered = (memoryBytes: number, diskBytes: number) => {
    const free = { memoryBytes: () => memoryBytes, diskBytes: () => diskBytes };
    const { fits, nearest } = estimateTarget(home, seven, null, free);
    expect(fits).toBe(false);
    return [nearest?.change, nearest?.patch.base];
  };
  const { needs } = estimateTarget(home, seven, null, roomy);
  const lacking = needs.memoryBytes - 2e9;
  expect(offered(lacking, 500e9)).toEqual(["streamed", { storage: "w8a8", streamed: true }]);
  expect(offered(lacking, needs.diskBytes)).toEqual(["smaller-base", { storage: "q8", streamed: false }]);
  expect(offered(lacking - 5e9, needs.diskBytes)).toEqual([
    "smaller-base",
    { storage: "q4", streamed: false },
  ]);
});

test("An estimate uses the row lengths of the data, not the plan's maximum", async () => {
  const { home, planned } = await plannedOnSample();
  const needs = () => estimateTarget(home, planned, null, roomy).needs.memoryBytes;
  const asItIs = needs();
  lengthen(planned.dataset, 400);
  expect(needs()).toBeGreaterThan(asItIs);
});

describe("The time of a run", () => {
  test("is the sum of its stages, and as uncertain as measured steps varied", async () => {
    const { home, planned } = await plannedOnSample();
    const { plan } = estimateTarget(home, planned, null, roomy);
    const one = { ...plan, tune: { ...plan.tune, maxEpochs: 1 }, heal: { ...plan.heal, epochs: 0 } };
    const whole = { ...one, trim: { ...plan.trim, keep: { units: 10 }, distillation: 0 } };
    // Base and tuned on 100 test tokens, 100 of validation, 1,000 of training; two chat models and the export: nothing is cut.
    const forward = (100 + 100 + 100) * 11 * 0.25e-3;
    const seconds = runSeconds(whole, round);
    expect(seconds.likely).toBeCloseTo(forward + 1000 * 11e-3 + 3 * 2, 6);
    expect(seconds.low).toBeCloseTo(seconds.likely / 1.1, 6);
    expect(runSeconds(whole, { ...round, spread: 2 }).low).toBeCloseTo(seconds.likely / 3, 6);
    const usual = runSeconds(plan, round);
    expect(usual.low).toBeLessThan(usual.likely);
    expect(usual.likely).toBeLessThan(usual.high);
  });

  test("the speed of a depth is interpolated between the two that were measured", () => {
    expect(chatSpeed(round, 10)).toBeCloseTo(10, 6);
    expect(chatSpeed(round, 5)).toBeCloseTo(20, 6);
    expect(chatSpeed(round, 2)).toBeCloseTo(50, 6);
  });
});

describe("A probe", () => {
  test("measures real steps on the sample, and leaves nothing behind", async () => {
    vi.stubEnv("COPPICE_TIMED_SECONDS", undefined); // two speeds are compared
    onTestFinished(() => void vi.unstubAllEnvs());
    const { home, planned } = await plannedOnSample();
    const done: number[] = [];
    const probe = await probeTarget(home, planned, { onDone: (share) => done.push(share) });
    expect(probe.blocks).toBe(planned.model.layers);
    const whole = ({ fixed, perBlock }: TokenCost) => fixed + perBlock * probe.blocks;
    expect(whole(probe.forward)).toBeGreaterThan(0);
    expect(whole(probe.training)).toBeGreaterThan(whole(probe.forward));
    expect(probe.chat[0].sizeBytes).toBeLessThan(probe.chat[1].sizeBytes);
    expect(done.at(-1)).toBe(1);
    const { probeKey } = estimateTarget(home, planned, null, roomy);
    const kept = { key: probeKey, probe };
    const { seconds, trimmed, base } = estimateTarget(home, planned, kept, roomy);
    expect(seconds!.likely).toBeGreaterThan(0);
    expect(trimmed.tokensPerSecond!).toBeGreaterThan(base.tokensPerSecond! * 0.99);
    const secondsWith = (patch: PlanPatch) =>
      estimateTarget(home, { ...planned, patch }, kept, roomy).seconds;
    expect(secondsWith({ trim: { keep: { units: planned.model.layers - 1 } } })).not.toBeNull();
    expect(secondsWith({ seed: 77 })).toBeNull();
    const within = (minutes: number) => ({ ...planned, limit: { minutes } });
    expect(estimateTarget(home, within(60), null, roomy).inTime).toBeNull();
    expect(estimateTarget(home, within(1e-6), kept, roomy).inTime).toBe("too-short");
    const steady = { key: probeKey, probe: { ...probe, spread: 0 } }; // other programs may have got in between
    const short = estimateTarget(home, within((0.9 * seconds!.likely) / 60), steady, roomy);
    expect(short.inTime).toMatchObject({ share: expect.any(Number), rounds: expect.any(Number) });
    expect(short.seconds!.high).toBeLessThanOrEqual(0.9 * seconds!.likely);
    expect(short.probeKey).toBe(probeKey);
    const doneBy = new Date(Date.now() + 1000 * 0.9 * seconds!.likely).toISOString();
    const bySoon = { ...planned, limit: { doneBy } };
    expect(estimateTarget(home, bySoon, steady, roomy).plan.budget!.seconds).toBeLessThanOrEqual(
      0.9 * seconds!.likely,
    );
    const day = estimateTarget(home, within(24 * 60), steady, roomy).seconds!;
    expect(day.high).toBeLessThan(10 * day.likely); // not until the day is over
  });
});
