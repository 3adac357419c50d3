/** Measures the cost of a plan's run on this computer with a few real steps on real rows. */
import { join } from "node:path";
import { mean } from "../../../native-models/evaluation/statistics.ts";
import type { Kept, Model } from "../../../native-models/model.ts";
import type { Tokenizer } from "../../../native-models/tokenizer.ts";
import { Batcher, groupRows } from "../../../native-models/training/batch.ts";
import type { Batch, TokenRow } from "../../../native-models/training/batch.ts";
import { mergedModel } from "../../../native-models/training/merge.ts";
import { gradientNorm } from "../../../native-models/training/parameters.ts";
import { onlyTrained } from "../../../native-models/training/parts.ts";
import type { DistillationTargets, Trainee } from "../../../native-models/training/trainee.ts";
import { reportedSections } from "../../../preload/contract/plans/model.ts";
import { teachesTokens } from "../../../preload/contract/plans/plan.ts";
import type { TrimPlan } from "../../../preload/contract/plans/plan.ts";
import type { ChatProbe, PlannedTokens, Probe, TokenCost } from "../../../preload/contract/plans/probe.ts";
import { usedMethods } from "../../../preload/methods/index.ts";
import type { JobContext } from "../job-control.ts";
import { depthOf, unitsOf, without } from "../schedule/units.ts";
import { mostlyTrained } from "../schedule/update.ts";
import { measureChatModel, speedTogether } from "../chat/chat-model.ts";
import type { Reference } from "../chat/chat-model.ts";
import { problemOf } from "../devices/device-check.ts";
import { openStack } from "../devices/open-stack.ts";
import { usedBase } from "../devices/used-base.ts";
import { usedLoops } from "../devices/used-loops.ts";
import { distillationTargets, distillationBatch } from "../training/distillation-targets.ts";
import { updateBlock } from "../training/optimizer.ts";
import { curriculumOf } from "../training/teacher.ts";
import { readPlanned } from "./planned-data.ts";
import { runRows, tokensOfRows } from "./run-rows.ts";

export interface ProbeInput {
  readonly plan: TrimPlan;
  readonly model: Model;
  /** The model with all of its tokens: the same, unless the plan trims its vocabulary. */
  readonly original: Model;
  readonly tokenizer: Tokenizer;
  /** The folder for the timed chat models, which are removed afterwards. */
  readonly workFolder: string;
  readonly keepsActivations: boolean;
}

/** Each kind of work is repeated this many times, or fewer if it takes longer than ENOUGH_MS in total. */
const REPEATS = 3;
const FEWEST_REPEATS = 2;
const ENOUGH_MS = 6000;
/** Runs that take longer than this are not repeated: one-off work and disturbances are a small part of them. */
const LONG_MS = 8000;
/** Tokens on which forward passes and a calibration scan are timed, and tokens that only create sessions. */
const TIMED_TOKENS = 512;
const SCAN_TOKENS = 256;
const WARM_UP_TOKENS = 32;
/** This many units, evenly spread, are left out one at a time. */
const SCANNED_UNITS = 4;
/** Training, forward, a scan, two chat models. */
const PARTS = 5;

/** Runs the probe. Throws `too-little-data`, `cancelled`, and the errors of reading the model and data. */
export async function probe(
  { plan, model, original, tokenizer, workFolder, keepsActivations }: ProbeInput,
  { control, report }: JobContext<{ done: number }>,
): Promise<Probe> {
  const started = performance.now();
  let parts = 0;
  const writes = usedMethods(plan).some(({ spec }) => spec.writes);
  const all = PARTS + (plan.vocabulary ? 1 : 0) + (writes ? 1 : 0);
  const yieldToEventLoop = async () => {
    await control.yieldToEventLoop();
    await control.throwIfCancelled();
  };
  const part = async <T>(run: () => Promise<T>): Promise<T> => {
    await yieldToEventLoop();
    const result = await run();
    report({ done: ++parts / all });
    return result;
  };

  const { rows, calibration, tokens } = plannedRows(plan, model, tokenizer);
  const deviceProblem = await problemOf(plan);
  const device = deviceProblem === null ? plan.device : "cpu";
  const base = await usedBase({ ...plan, device });
  const loops = device === "cpu" ? usedLoops(base) : undefined;
  const stack = openStack(model, { ...plan, device, base, keepsActivations, loops }, workFolder);
  const whole = [...stack.kept];
  const half = everySecond(whole);
  try {
    const trained = mostlyTrained(plan, whole);
    if (trained) stack.hold(onlyTrained(stack.parts, trained));
    const batcher = new Batcher();
    const step = batcher.batch(evenly(rows, plan.optimizer.rowsPerStep));
    const scored = batcher.batch(firstGroup(rows, TIMED_TOKENS));
    const little = batcher.batch(firstGroup(rows, WARM_UP_TOKENS));
    const depths = [half, whole] as const;
    const training = await part(() =>
      timed(stack, depths, [little, step], (batch) => trainStep(stack, batch, plan), yieldToEventLoop),
    );
    const forward = await part(() =>
      timed(stack, depths, [little, scored], (batch) => stack.nll(batch), yieldToEventLoop),
    );
    const costs = { training: costOf(training), forward: costOf(forward) };
    const scanFactor = await part(() =>
      timeScan(stack, plan, batcher.batch(firstGroup(calibration, SCAN_TOKENS)), costs.forward),
    );
    const teaching = teachesTokens(plan.trim)
      ? await timeLessons(stack, plan, batcher, evenly(rows, plan.optimizer.rowsPerStep), costs)
      : undefined;
    await stack.close();
    const [folder, wholeFolder] = [join(workFolder, "chat"), join(workFolder, "whole")];
    const chatHow = { yieldToEventLoop, precision: plan.chat.precision };
    const chat = (of: Model, kept: readonly Kept[], reference: Reference) =>
      part(() => timeChat(of, kept, folder, plan.threads, { ...chatHow, reference }));
    const ofWhole = await part(() =>
      timeChat(model, whole, wholeFolder, plan.threads, { ...chatHow, keep: true }),
    );
    const reference = { model, folder: wholeFolder, tokensPerSecond: ofWhole.tokensPerSecond };
    return {
      blocks: whole.length,
      ...reportedSections(model.sections),
      deviceProblem,
      tokens,
      ...costs,
      scanFactor,
      ...(teaching && { teaching }),
      spread: Math.max(...[...training, ...forward].map(({ spread }) => spread)),
      chat: [await chat(model, half, reference), ofWhole],
      ...(writes && {
        together: await part(() => speedTogether(model, tokenizer, folder, plan)),
      }),
      ...(plan.vocabulary && { original: await chat(original, whole, reference) }),
      seconds: (performance.now() - started) / 1000,
    };
  } finally {
    await stack.close();
  }
}

/** The rows of a run and their number of tokens, as parts.ts creates them. */
function plannedRows(
  plan: TrimPlan,
  { config }: Model,
  tokenizer: Tokenizer,
): { rows: readonly TokenRow[]; calibration: readonly TokenRow[]; tokens: PlannedTokens } {
  const of = { plan, encoder: tokenizer, product: { tokenizer }, maxPositions: config.maxPositions };
  const all = runRows(of, readPlanned(plan));
  const calibration = all.calibration.map(({ row }) => row);
  const rows = all.training;
  return { rows, calibration: calibration.length > 0 ? calibration : rows, tokens: tokensOfRows(all) };
}

/** This many rows, evenly spread by length: a typical step. */
function evenly(rows: readonly TokenRow[], count: number): TokenRow[] {
  const byLength = [...rows].sort((a, b) => a.ids.length - b.ids.length);
  const wanted = Math.min(count, rows.length);
  return Array.from({ length: wanted }, (_, i) => byLength[Math.floor(((i + 0.5) * rows.length) / wanted)]!);
}

function firstGroup(rows: readonly TokenRow[], tokens: number): TokenRow[] {
  return groupRows(evenly(rows, rows.length > 64 ? 64 : rows.length), tokens)[0]!;
}

function everySecond(kept: readonly Kept[]): Kept[] {
  return kept.map((section, block) => (block % 2 === 0 ? section : null));
}

interface Timing {
  readonly blocks: number;
  readonly secondsPerToken: number;
  readonly spread: number;
}

/**
 * Alternates between both depths, so that a temporarily slow computer is slow for both, and takes the fastest run of each: other programs
 * can only slow it down, as the spread shows. A small batch creates the sessions. The first run of each depth allocates memory and reads
 * weights, which can take longer than the work itself: it does not count, unless it took very long.
 */
async function timed(
  stack: Trainee,
  depths: readonly [readonly Kept[], readonly Kept[]],
  [little, batch]: readonly [Batch, Batch],
  run: (batch: Batch) => Promise<unknown>,
  yieldToEventLoop: () => Promise<void>,
): Promise<readonly [Timing, Timing]> {
  await run(little);
  const times: [number[], number[]] = [[], []];
  let all = 0;
  for (let repeat = 0; repeat <= REPEATS && !(all > ENOUGH_MS && times.every(areEnough)); repeat++) {
    for (const depth of [0, 1] as const) {
      stack.keep(depths[depth]);
      await stack.prepare();
      const started = performance.now();
      await run(batch);
      const took = performance.now() - started;
      all += took;
      if (repeat > 0 || took > LONG_MS) times[depth].push(took);
      await yieldToEventLoop();
    }
  }
  const timing = (depth: 0 | 1): Timing => {
    const fastest = Math.min(...times[depth]);
    return {
      blocks: depthOf(depths[depth]),
      secondsPerToken: fastest / 1000 / batch.tokens.length,
      spread: mean(times[depth]) / fastest - 1,
    };
  };
  return [timing(0), timing(1)];
}

const areEnough = (times: readonly number[]): boolean =>
  times.length >= FEWEST_REPEATS || times.some((took) => took > LONG_MS);

async function trainStep(
  stack: Trainee,
  batch: Batch,
  { optimizer }: TrimPlan,
  targets?: DistillationTargets,
): Promise<void> {
  stack.clearGradients();
  await stack.accumulate(batch, 1 / batch.labels.length, targets);
  const norm = gradientNorm(stack.parameters);
  // The result is discarded: any learning rate will do.
  for (const block of stack.parameters) updateBlock(block, 1, optimizer.learningRate, norm);
}

/** The line through two depths; both of its coefficients are at least 0. */
function costOf([shallow, deep]: readonly [Timing, Timing]): TokenCost {
  const blocks = deep.blocks - shallow.blocks;
  const slope = blocks > 0 ? (deep.secondsPerToken - shallow.secondsPerToken) / blocks : Infinity;
  const perBlock = Math.max(0, Math.min(slope, deep.secondsPerToken / deep.blocks));
  return { fixed: deep.secondsPerToken - perBlock * deep.blocks, perBlock };
}

/** The time of scanning some units on a few rows, relative to forward passes through everything that it computes. */
async function timeScan(
  stack: Trainee,
  { trim }: TrimPlan,
  batch: Batch,
  { fixed, perBlock }: TokenCost,
): Promise<number> {
  const units = unitsOf(stack.kept, trim.unit);
  const scanned = Math.min(SCANNED_UNITS, units.length);
  const places = Array.from({ length: scanned }, (_, i) => Math.floor(((i + 0.5) * units.length) / scanned));
  const candidates = places.map((place) => without(stack.kept, trim.unit, units[place]!));
  const started = performance.now();
  await stack.scan(batch, candidates, () => {});
  const seconds = (performance.now() - started) / 1000;
  // One pass through everything, then for each candidate the layers above the unit that it leaves out.
  const depth = depthOf(stack.kept);
  const above = places.map((place) => (depth * (units.length - place - 1)) / units.length);
  const passed = above.reduce((sum, blocks) => sum + fixed + perBlock * blocks, perBlock * depth);
  return seconds / (batch.tokens.length * passed);
}

/** The time of a taught step at full depth, and of recording for the teacher, relative to a training step and a forward pass without. */
async function timeLessons(
  stack: Trainee,
  plan: TrimPlan,
  batcher: Batcher,
  rows: readonly TokenRow[],
  costs: Pick<Probe, "training" | "forward">,
): Promise<Probe["teaching"]> {
  const curriculum = curriculumOf(plan.trim);
  const { batch } = distillationBatch(batcher, rows, curriculum);
  await stack.record(batch, curriculum.tokens);
  let started = performance.now();
  const recorded = await stack.record(batch, curriculum.tokens);
  const recording = performance.now() - started;
  const taught = { ...recorded, hidden: curriculum.hidden ? recorded.hidden : null };
  const [targets] = distillationTargets(plan.trim, curriculum, [taught]);
  await trainStep(stack, batch, plan, targets);
  started = performance.now();
  await trainStep(stack, batch, plan, targets);
  const training = performance.now() - started;
  const without = ({ fixed, perBlock }: TokenCost) =>
    1000 * batch.tokens.length * (fixed + perBlock * depthOf(stack.kept));
  return {
    trainingFactor: training / without(costs.training),
    recordingFactor: recording / without(costs.forward),
  };
}

async function timeChat(
  model: Model,
  kept: readonly Kept[],
  folder: string,
  threads: number,
  how: Parameters<typeof measureChatModel>[3],
): Promise<ChatProbe> {
  const started = performance.now();
  const cut = mergedModel(model, kept, { kind: "none" }, () => undefined);
  const { tokensPerSecond, sizeBytes } = await measureChatModel(cut, folder, threads, how);
  return {
    blocks: depthOf(kept),
    tokensPerSecond,
    sizeBytes,
    seconds: (performance.now() - started) / 1000,
  };
}
