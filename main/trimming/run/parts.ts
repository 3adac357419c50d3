/** What all operations of a run share, opened in its folder. */
import { z } from "zod";
import { Batcher } from "../../../native-models/training/batch.ts";
import type { Trainee } from "../../../native-models/training/trainee.ts";
import { TrimPlan } from "../../../preload/contract/plans/plan.ts";
import type { RunEvent } from "../../../preload/contract/runs/run.ts";
import type { JobContext } from "../job-control.ts";
import { Journal } from "../journal/checkpoint.ts";
import { ChatMeasured } from "../schedule/operations.ts";
import type { TrimOperations } from "../schedule/operations.ts";
import { scheduleOf, workOf } from "../schedule/planned-run.ts";
import { nameOf } from "../schedule/stage-names.ts";
import { perform } from "../schedule/step.ts";
import type { Step } from "../schedule/step.ts";
import { originalInChat } from "../schedule/trim.ts";
import { depthOf } from "../schedule/units.ts";
import { problemOf } from "../devices/device-check.ts";
import { openUntrained } from "../devices/untrained.ts";
import { openStack } from "../devices/open-stack.ts";
import { checkMethods } from "../methods/index.ts";
import { usedBaseOf } from "../devices/used-base.ts";
import { usedLoopsOf } from "../devices/used-loops.ts";
import type { Encoder } from "../rows/rows.ts";
import { ActiveClock } from "../training/active-clock.ts";
import { Trainer } from "../training/train.ts";
import { DepthModels } from "./depth-models.ts";
import type { DepthModelsInput } from "./depth-models.ts";
import { readPlanned } from "./planned-data.ts";
import { Progress } from "./progress.ts";
import { runRows, tokensOfRows } from "./run-rows.ts";
import type { RunRows } from "./run-rows.ts";
import { Stages } from "./stages.ts";
import type { LogLine } from "../../../preload/contract/runs/log-line.ts";

export interface TrimInput extends DepthModelsInput {
  readonly encoder: Encoder;
  /** As for a `Stack`: faster, but takes more memory. */
  readonly keepsActivations?: boolean;
  /** The whole job's clock, so that a time budget includes what comes before the recipe; by default, one that starts with the recipe. */
  readonly clock?: ActiveClock;
  /** How the trained tensors are opened; by default as the plan says. */
  readonly open?: typeof openStack;
}

export interface RunParts {
  /** With the base in use, and the encoder for the plan. */
  readonly input: TrimInput;
  readonly stack: Trainee;
  readonly journal: Journal;
  readonly stages: Stages;
  readonly rows: RunRows;
  readonly batcher: Batcher;
  readonly trainer: Trainer;
  readonly models: DepthModels;
}

/** Opens a run, or resumes it: with the trained values of its last save. Throws `bad-choice` if it could not be completed. */
export async function openParts(
  recipe: (run: TrimOperations) => Step<unknown>,
  given: TrimInput,
  context: JobContext<RunEvent>,
): Promise<RunParts> {
  const { runFolder, model, keepsActivations = false, open = openStack, clock = new ActiveClock() } = given;
  context.report({ event: "phase", phase: "prepare" });
  checkMethods(given.plan, model.config);
  const journal = await Journal.open(runFolder);
  const data = readPlanned(given.plan);
  const device = await journal.stage(nameOf.device, DeviceUsed, () => usedDevice(given.plan, context));
  const log = (said: LogLine) => context.report({ event: "log", said });
  const base = await usedBaseOf(journal, { ...given.plan, device }, { log });
  const loops = device === "cpu" ? await usedLoopsOf(journal, base) : undefined;
  // What was trained elsewhere may not fit in this computer's memory.
  const isElsewhere = journal.stages.includes(nameOf.elsewhere);
  if (isElsewhere) log("elsewhere");
  const plan = { ...given.plan, base };
  const input = { ...given, plan };

  const batcher = new Batcher();
  const rows = runRows({ ...input, maxPositions: model.config.maxPositions }, data);
  const planned = scheduleOf(plan, model.sections, { tokens: tokensOfRows(rows) }, recipe).stages;
  const { budget } = plan;
  const before = journal.activeSeconds;
  journal.countTime(() => before + clock.seconds);
  const progress = new Progress(planned, context.report, {
    now: () => 1000 * clock.seconds,
    ...(budget && { given: () => Math.max(0, budget.seconds - before - clock.seconds) }),
  });
  const stages = new Stages(journal, progress, context);
  const models = new DepthModels(input, { journal, stages, rows, batcher, context });
  if (planned.some(({ name }) => name === nameOf.chat("base"))) await measureOriginal(stages, models);
  const stack = (isElsewhere ? openUntrained : open)(
    model,
    { ...given.plan, device, base, keepsActivations, loops },
    runFolder,
  );
  const trainer = new Trainer({
    stack,
    rows: rows.training,
    batcher,
    plan,
    journal,
    context,
    clock,
    onTokens: (tokens) =>
      stages.worked(workOf({ kind: "training", tokens, passes: 1, blocks: depthOf(stack.kept) })),
  });
  if (journal.isBefore) stages.report({ event: "damaged", what: "journal" });
  await trainer.restore();
  // The recipe is followed from its start with results from the journal, and each journalled cut is applied again.
  stack.keep(model.sections);
  return { input, stack, journal, stages, rows, batcher, trainer, models };
}

/** Measures the original's chat model before the weights that are trained take their memory; the recipe then finds it in the journal. */
async function measureOriginal(stages: Stages, models: DepthModels): Promise<void> {
  try {
    await perform(
      stages.once(nameOf.chat("base"), ChatMeasured, {
        begins: { phase: "evaluate" },
        run: () => models.measure(null, originalInChat),
      }),
    );
  } catch (error) {
    await models.close();
    throw error;
  }
}

/** The result of a stage that has none. */
export const nothing = z.null();

/** A forward pass over tokens is done. */
export async function forwardDone({ stack, stages }: RunParts, tokens: number): Promise<void> {
  stages.worked(tokens * depthOf(stack.kept));
  await stages.yieldToEventLoop();
}

/** A stage that changes what is trained, or its values, and saves it. */
export function* changing(
  { stages, journal, trainer }: RunParts,
  phase: "prepare" | "tune" | "train",
  name: string,
  change: () => Promise<void> | void,
): Step<void> {
  yield* stages.once(name, nothing, {
    begins: { phase },
    run: async () => {
      if (journal.save?.stage === name) return null; // it was done, and its save is what the run continued from
      await change();
      await trainer.save(name, 0);
      return null;
    },
  });
}

/** The device that trains: determined once, so that the run continues with the same bits. */
const DeviceUsed = TrimPlan.shape.device.unwrap();

async function usedDevice(plan: TrimPlan, context: JobContext<RunEvent>): Promise<TrimPlan["device"]> {
  const problem = await problemOf(plan);
  if (problem === null) return plan.device;
  context.report({ event: "log", said: { code: "no-graphics", problem } });
  return "cpu";
}
