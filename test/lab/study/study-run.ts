/**
 * The runs of a study in its folder: for each set, model and seed, a tuned model with its teacher, and the arms, most of which begin with a
 * copy of that run. Interrupted work continues at the next call.
 */
import { createHash } from "node:crypto";
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { requiredSplit } from "../../../main/documents/stored/split-files.ts";
import type { Control } from "../../../main/trimming/job-control.ts";
import { usedBase } from "../../../main/trimming/devices/used-base.ts";
import type { PlannedBase, UsedBaseOptions } from "../../../main/trimming/devices/used-base.ts";
import { trainingRows } from "../../../main/trimming/rows/rows.ts";
import { runRecipe } from "../../../main/trimming/run/trim-run.ts";
import { plannedModel } from "../../../main/trimming/run/vocabulary.ts";
import { curriculumOf } from "../../../main/trimming/training/teacher.ts";
import { readJournal, writeJournal } from "../../../main/trimming/journal/journal-file.ts";
import type { Depth } from "../../../main/trimming/schedule/depth.ts";
import type { ChatMeasured, TrimOperations } from "../../../main/trimming/schedule/operations.ts";
import { scheduleOf, noTokens } from "../../../main/trimming/schedule/planned-run.ts";
import { nameOf } from "../../../main/trimming/schedule/stage-names.ts";
import type { Step } from "../../../main/trimming/schedule/step.ts";
import { tunedModel } from "../../../main/trimming/schedule/trim.ts";
import { patched } from "../../../preload/contract/plans/plan.ts";
import type { PlanPatch } from "../../../preload/contract/plans/plan.ts";
import { defaultsOf, planTrim } from "../../../main/trimming/plan/planning.ts";
import { failureOf } from "../../../native-models/failure.ts";
import { localDisk } from "../../../native-models/formats/atomic.ts";
import { withModel } from "../../../native-models/open-model.ts";
import type { OpenModel } from "../../../native-models/open-model.ts";
import { Device } from "../../../preload/contract/plans/device.ts";
import type { RecipeName, TrimPlan } from "../../../preload/contract/plans/plan.ts";
import type { RunEvent } from "../../../preload/contract/runs/run.ts";
import { sentence } from "../../../preload/contract/words/sentence.ts";
import { healedAlone } from "./arms.ts";
import type { Arm } from "./arms.ts";
import type { ArmResult, TunedResult, Tuning } from "./results.ts";
import { aboutData, modelOf } from "./run-figures.ts";
import { readSet } from "./sets.ts";
import type { StudySet } from "./sets.ts";
import { addSpent, NOTHING_SPENT, Spent, startClock } from "./spent.ts";
import { armFolder, dataOf, exportIn, readIn, sourceOf, tunedFolder } from "./study-folders.ts";
import type { StudyFolders, Subjects } from "./study-folders.ts";
import { logText } from "../../../preload/contract/words/run-log.ts";

export interface StudyOptions extends StudyFolders {
  readonly threads: number;
  readonly origin: TunedResult["origin"];
  /** Changes to the default plan for all arms, for example for a tiny study. */
  readonly settings?: PlanPatch;
  readonly say: (line: string) => void;
  /** Cancelled when the call's time is over. */
  readonly control: Control;
}

/** Tunes, measures and records the teacher. Null if the time ended first. Throws as `checkTuning`, for the tuning of existing results. */
export async function runTuned(
  options: StudyOptions,
  subjects: Subjects,
  before: Tuning | null = null,
): Promise<TunedResult | null> {
  const { set } = subjects;
  const data = await readSet(set, sourceOf(options, set), readIn(options, set));
  return withModel(subjects.model.path, async (model) => {
    const keep = set.made ? 1 : 0.5; // a model that is only tuned teaches nothing
    const plan = planOf(options, subjects, model, data.folder, {}, keep);
    const tuning = tuningOf(plan);
    checkTuning(subjects, tuning, before);
    const done = await piece(options, tunedFolder(options, subjects), plan, model, tunedInChat);
    if (!done) return null;
    const { base, tuned, chat } = done.value;
    const { model: of, seed } = subjects;
    return {
      kind: "tuned",
      set: set.name,
      model: of.name,
      seed,
      origin: options.origin,
      tuning,
      data: aboutData(data),
      device: done.device,
      spent: done.spent,
      models: [
        modelOf({ ...tuned, name: "base", validated: null, measured: base }, plan, {
          subject: "base",
          chat: chat.base,
        }),
        modelOf(tuned, plan, { subject: "tuned", chat: chat.tuned }),
      ],
    };
  });
}

/**
 * Throws a sentence if existing results began with another tuning, or with weights in another storage: new ones could not be compared with
 * them.
 */
function checkTuning({ set, model, seed }: Subjects, tuning: Tuning, before: Tuning | null): void {
  if (!before || isDeepStrictEqual(before, tuning)) return;
  throw new Error(
    `The results of ${set.name}, ${model.name}, seed ${seed} began with another tuning (${before.schedule}, ${before.base}): remove them, or choose another seed.`,
  );
}

/**
 * Runs an arm. Unless the arm tunes itself, it begins with the tuned model, which `runTuned` must have made. `exports`: writes its last
 * model to `exportIn` its folder. Null if the time ended first. Throws as `checkTuning`, for the tuning of that model's results.
 */
export async function runArm(
  options: StudyOptions,
  subjects: Subjects,
  arm: Arm,
  keep: number,
  { exports = false, before = null }: { exports?: boolean; before?: Tuning | null } = {},
): Promise<ArmResult | null> {
  const { set } = subjects;
  if (arm.tunesItself) await readSet(set, sourceOf(options, set), readIn(options, set));
  const data = dataOf(options, subjects);
  return withModel(subjects.model.path, async (model) => {
    const blocks = model.sections.length;
    const kept = Math.round(keep * blocks);
    const usual = planOf(options, subjects, model, data, {}, keep);
    checkTuning(subjects, tuningOf(usual), before);
    const settings = arm.settings?.(usual, blocks, kept) ?? {};
    const plan = onItsDevice(options, (device) =>
      planOf(options, subjects, model, data, { ...settings, ...device }, keep),
    );
    const folder = armFolder(options, subjects, { arm: arm.name, keep });
    const taught = ({ trim, methods }: TrimPlan) => JSON.stringify([curriculumOf(trim), methods]);
    if (!arm.tunesItself)
      await beginFrom(tunedFolder(options, subjects), folder, {
        taught: taught(plan) === taught(usual),
        onProcessor: plan.device === "cpu",
      });
    const depthsOf = arm.recipe ?? healedAlone;
    const recipe = lastInChat(exports ? exporting(depthsOf) : depthsOf);
    const done = await piece(options, folder, plan, model, recipe);
    if (!done) return null;
    const { model: of, seed } = subjects;
    return {
      kind: "arm",
      set: set.name,
      model: of.name,
      seed,
      arm: arm.name,
      keep,
      origin: options.origin,
      rowsAfterTuning: rowsAfterTuning(plan, blocks, model, recipe),
      device: done.device,
      spent: done.spent,
      unit: plan.trim.unit,
      drops: done.drops,
      models: done.value.depths.map((depth) => {
        const subject = depth.name === "control" ? "control" : "trimmed";
        const chat = depth === done.value.depths.at(-1) ? done.value.chat : null;
        return modelOf(depth, plan, { subject, chat, isDetailed: depth.healed || subject === "control" });
      }),
    };
  });
}

/** Tunes and records the teacher, then measures the whole models as they will run. */
function* tunedInChat(run: TrimOperations) {
  const { base, tuned } = yield* tunedModel(run);
  const original = yield* run.chat("base", null, { scores: true, original: null });
  const chat = yield* run.chat("tuned", tuned.snapshot, { scores: true, original });
  return { base, tuned, chat: { base: original, tuned: chat } };
}

/** A recipe, followed by measuring its last depth as it will run. */
function lastInChat(recipe: (run: TrimOperations) => Step<readonly Depth[]>) {
  return function* (run: TrimOperations): Step<{ depths: readonly Depth[]; chat: ChatMeasured | null }> {
    const depths = yield* recipe(run);
    const last = depths.at(-1);
    const chat = last ? yield* run.chat(last.name, last.snapshot, { scores: true, original: null }) : null;
    return { depths, chat };
  };
}

function exporting(recipe: (run: TrimOperations) => Step<readonly Depth[]>): typeof recipe {
  return function* (run) {
    const depths = yield* recipe(run);
    const last = depths.at(-1);
    if (last) yield* run.export(last.snapshot);
    return depths;
  };
}

const tuningOf = ({ recipe, base: { storage } }: TrimPlan): Tuning => ({
  schedule: recipe === "trimllm" ? "cosine" : "cosine-to-half",
  base: storage,
});

/** The plan: the product's defaults, overridden in turn by the set's settings, the study's and the arm's. */
function planOf(
  { settings = {}, threads }: StudyOptions,
  { model: { path }, seed, set }: Subjects,
  { config: { blocks, maxPositions, hiddenSize } }: OpenModel,
  dataFolder: string,
  own: PlanPatch,
  keep: number,
): TrimPlan {
  const changes: readonly PlanPatch[] = [
    epochsOf(set, dataFolder, own.recipe),
    settings,
    own,
    { threads, seed },
  ];
  return planTrim(
    { model: { path, layers: blocks.length, maxPositions, hiddenSize }, sha256: "", dataFolder },
    changes.reduce(patched, { trim: { keep: { fraction: keep } } }),
  );
}

/** A plan, for the processor if the study's device cannot compute it. Throws what `plan` throws for the processor. */
function onItsDevice(
  { say }: StudyOptions,
  plan: (settings: Pick<PlanPatch, "device">) => TrimPlan,
): TrimPlan {
  try {
    return plan({});
  } catch (error) {
    const onProcessor = plan({ device: "cpu" });
    say(`${sentence(failureOf(error))} The processor computes it.`);
    return onProcessor;
  }
}

/** Shorter epochs for a set that has more training rows than there is time for. */
function epochsOf(
  { epochRows = Infinity }: StudySet,
  dataFolder: string,
  recipe: RecipeName = "coppice",
): PlanPatch {
  const share = Math.min(1, epochRows / requiredSplit(dataFolder, "train").examples.length);
  if (share === 1) return {};
  return {
    tune: { share },
    heal: { epochs: share * defaultsOf[recipe].healEpochs },
  };
}

/**
 * Makes the tuned run the start of another: its journal is copied; its objects, which never change, are linked. `taught`: with the teacher's
 * records; otherwise, the other run records what its own plan needs. `onProcessor`: the other run uses the processor; otherwise it uses the
 * tuned run's device.
 */
async function beginFrom(
  tuned: string,
  folder: string,
  { taught, onProcessor }: { readonly taught: boolean; readonly onProcessor: boolean },
): Promise<void> {
  if (existsSync(folder)) return;
  const partial = `${folder}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(join(partial, "objects"), { recursive: true });
  const link = (name: string) => linkSync(join(tuned, name), join(partial, name));
  for (const name of readdirSync(join(tuned, "objects"))) link(join("objects", name));
  if (taught)
    readdirSync(tuned)
      .filter((name) => name.endsWith(".bin"))
      .forEach(link);
  const { content } = (await readJournal(tuned))!;
  const stages = content.stages
    .filter(({ name }) => taught || name !== nameOf.teacher)
    .map((stage) => (stage.name === nameOf.device && onProcessor ? { ...stage, result: "cpu" } : stage));
  await writeJournal(partial, content, { ...content, stages }, localDisk);
  renameSync(partial, folder);
}

async function deviceOf(runFolder: string): Promise<Device> {
  const { content } = (await readJournal(runFolder))!;
  return Device.parse(content.stages.find(({ name }) => name === nameOf.device)!.result);
}

const SPENT = "spent.json";

interface Piece<T> {
  readonly value: T;
  readonly device: Device;
  readonly spent: Spent;
  readonly drops: number[][];
}

/** Throws a sentence if this computer would store a plan's frozen weights differently: the figures could not be compared with others. */
export async function checkWeights(plan: PlannedBase, options: UsedBaseOptions = {}): Promise<void> {
  const { storage } = await usedBase(plan, options);
  if (storage !== plan.base.storage)
    throw new Error(
      `On this computer's ${plan.device}, frozen weights would be stored as ${storage} instead of ${plan.base.storage}: choose --storage ${storage}, or another computer.`,
    );
}

/** Runs a recipe, or continues it, until it or the time ends. Throws as `checkWeights`. */
async function piece<T>(
  { control, say }: StudyOptions,
  runFolder: string,
  plan: TrimPlan,
  model: OpenModel,
  recipe: (run: TrimOperations) => Step<T>,
): Promise<Piece<T> | null> {
  await checkWeights(plan);
  mkdirSync(runFolder, { recursive: true });
  belongsTo(runFolder, plan);
  const path = join(runFolder, SPENT);
  const before = existsSync(path) ? Spent.parse(JSON.parse(readFileSync(path, "utf8"))) : NOTHING_SPENT;
  const clock = startClock();
  const drops = new Map<number, number[]>();
  const save = (): Spent => {
    const spent = addSpent(before, clock());
    writeFileSync(path, JSON.stringify(spent));
    return spent;
  };
  const report = (event: RunEvent) => {
    reported(event, drops, say);
    if (event.event === "phase") save(); // so that most of a killed piece's time is counted
  };
  const context = { control, report };
  try {
    const planned = await plannedModel(model, plan, runFolder);
    const { tokenizer } = planned;
    const product = { tokenizer, output: exportIn(runFolder), ...(plan.vocabulary && { original: model }) };
    const input = { runFolder, plan, model: planned, encoder: tokenizer, product, keepsActivations: true };
    const value = await runRecipe(recipe, input, context);
    const spent = save();
    return { value, device: await deviceOf(runFolder), spent, drops: [...drops.values()] };
  } catch (error) {
    save();
    if (failureOf(error).code === "cancelled") return null;
    throw error;
  }
}

const PLAN = "plan.json";

/** Throws a sentence if a folder holds a run with another plan or other rows: its stages would be taken for this run's. */
function belongsTo(runFolder: string, plan: TrimPlan): void {
  const path = join(runFolder, PLAN);
  const rows = readFileSync(join(plan.data.path, "train.json"));
  const own = JSON.stringify({
    plan: { ...plan, threads: null, data: null, model: null },
    rows: createHash("sha256").update(rows).digest("hex"),
  });
  if (!existsSync(path)) writeFileSync(path, own);
  else if (readFileSync(path, "utf8") !== own)
    throw new Error(
      `${runFolder} holds a run with another plan or other rows: remove it, or choose another --folder.`,
    );
}

function reported(event: RunEvent, drops: Map<number, number[]>, say: StudyOptions["say"]): void {
  if (event.event === "dropped") drops.set(event.round, event.units);
  if (event.event === "log") say(logText(event.said));
  if (event.event === "phase") say(`${event.phase}${event.round === undefined ? "" : ` ${event.round}`}`);
  if (event.event === "evaluation" && event.split === "test") {
    const { accuracy, perplexity } = event.depth.evaluation;
    const figure = accuracy
      ? `${(100 * accuracy.value).toFixed(1)}%`
      : `perplexity ${perplexity?.toFixed(3)}`;
    say(`${event.subject}, ${event.depth.units} units: ${figure}`);
  }
}

function rowsAfterTuning(
  plan: TrimPlan,
  blocks: number,
  { tokenizer }: OpenModel,
  recipe: (run: TrimOperations) => Step<unknown>,
): number {
  const rows = trainingRows(tokenizer, requiredSplit(plan.data.path, "train"), plan.maxTokens).length;
  const tokens = { ...noTokens, trainingRows: rows, training: rows }; // one token per row, so that tokens count rows
  const { stages } = scheduleOf(plan, blocks, { tokens }, recipe);
  const trained = stages.filter(
    ({ kind, phase }) => kind === "training" && (phase === "train" || phase === "heal"),
  );
  return trained.reduce((sum, stage) => sum + stage.tokens, 0);
}
