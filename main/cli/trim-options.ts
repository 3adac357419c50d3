/** The options of `coppice trim`, and what they ask for. */
import { Option } from "commander";
import type { Command } from "commander";
import type { WantedTime } from "../../preload/contract/calls/wizard.ts";
import { DEEPEST_SHARE } from "../../preload/contract/plans/goal.ts";
import type { Goal } from "../../preload/contract/plans/goal.ts";
import { CHAT_PRECISIONS, patched, Programs, RECIPES } from "../../preload/contract/plans/plan.ts";
import type {
  PlanPatch,
  ProgramName,
  RecipeName,
  TrimPlan,
  UnitKind,
  Vocabulary,
  WeightStorage,
} from "../../preload/contract/plans/plan.ts";
import type { TimeLimit } from "../../preload/contract/plans/plan-request.ts";
import { nextTime } from "../../preload/contract/plans/time-of-day.ts";
import { defaultsOf, readSettings } from "../trimming/plan/planning.ts";
import { METHOD_FORMS, methodsOption } from "./methods-option.ts";
import {
  deviceOption,
  keepOption,
  textOption,
  targetOption,
  textsOption,
  threadsOption,
  timeLimitOption,
  trainInOption,
  vocabularyOption,
  wholeNumber,
} from "./options.ts";
import type { StartOptions, Target } from "./options.ts";

export interface TrimOptions extends StartOptions {
  model: string;
  data: string[];
  keep?: TrimPlan["trim"]["keep"];
  target?: Target;
  unit?: UnitKind;
  trainIn?: WeightStorage;
  vocabulary?: Vocabulary;
  control?: boolean;
  with?: ReturnType<typeof methodsOption>;
  precision?: (typeof CHAT_PRECISIONS)[number];
  by?: WantedTime;
  for?: ProgramName[];
  settings?: string;
  recipe?: RecipeName;
  elsewhere?: string;
}

const defaults = defaultsOf.coppice;

/** Adds the options to a command. */
export function addTrimOptions(command: Command): void {
  command
    .requiredOption("--model <model>", "GGUF file, model folder, finished run, or sample", textOption)
    .requiredOption(
      "--data <data...>",
      'training data: files, folders, or a data set that "coppice data" has read, by its name or number',
      textsOption,
    );
  addDepth(command);
  addTraining(command);
  addTime(command);
  addExtras(command);
  addRun(command);
}

/** How deep to cut. */
function addDepth(command: Command): Command {
  return command
    .option(
      "--keep <share|n>",
      "how much to keep: a share such as 0.5, or a number of units (0.5)",
      keepOption,
    )
    .option(
      "--target <target>",
      `what the result must reach, in place of --keep: 500MB of memory in chat, 2x the speed, 40tps (tokens per second, as measured here first), without-loss (cuts to ${100 * DEEPEST_SHARE}%, heals depths on the way, and takes the smallest without a clear loss on validation rows), or 95% (takes the smallest depth that keeps this share of the accuracy on validation questions; goes with --keep, too)`,
      targetOption,
    );
}

/** What is trained, scored and cut, and how it is stored. */
function addTraining(command: Command): Command {
  return command
    .addOption(
      new Option("--unit <unit>", `what to cut: whole blocks, or half-blocks (${defaults.unit})`).choices([
        "block",
        "sublayer",
      ]),
    )
    .addOption(trainInOption())
    .addOption(vocabularyOption());
}

/** How long it may take. */
function addTime(command: Command): Command {
  return command.option(
    "--by <time>",
    "finish within a time such as 90m or 2h, or by a time of day such as 18:00: measures first, then cuts as many blocks as there is time to heal; a pause before a time of day leaves less",
    timeLimitOption,
  );
}

/** What goes beyond a plain trim. */
function addExtras(command: Command): Command {
  return command
    .option(
      "--with <methods>",
      `methods beyond the recipe, separated by commas: ${METHOD_FORMS}`,
      methodsOption,
    )
    .addOption(
      new Option(
        "--precision <precision>",
        "chat weights of the run's models (int8 up to about 500 million parameters, otherwise int4)",
      ).choices(CHAT_PRECISIONS),
    )
    .option("--control", "also train the whole model on as many rows, for comparison")
    .addOption(
      new Option(
        "--for <program...>",
        "programs that must be able to load the result; a cut that one of them cannot load is refused",
      ).choices(Programs),
    );
}

/** The run itself: its recipe, where it is computed and written. */
function addRun(command: Command): Command {
  return command
    .option("--settings <file>", "a JSON file that sets any parts of the plan", textOption)
    .addOption(
      new Option(
        "--recipe <recipe>",
        "how to trim: coppice, or trimllm as published, with its own defaults (coppice)",
      ).choices(RECIPES),
    )
    .option("--seed <n>", "the same seed gives the same model (1)", wholeNumber(0))
    .addOption(threadsOption())
    .addOption(deviceOption("trains"))
    .option("--out <folder>", "the folder for the trimmed model", textOption)
    .option(
      "--elsewhere <folder>",
      "write the run as a folder for another computer, as coppice export --plan does; --yes: without asking",
      textOption,
    )
    .option("--name <name>", "the run's name", textOption)
    .option("--yes", "start a long run without asking");
}

/** The goal that decides the depth, if the target is one. */
export const goalOf = ({ target }: TrimOptions): Goal | undefined =>
  target?.kind === "accuracy" ? undefined : target;

/** The patch of a plan that the options and the settings file make: an option replaces what the file says. */
export function patchOf(options: TrimOptions): PlanPatch {
  const { recipe, settings, keep, unit, seed, threads, device, control, target } = options;
  const { trainIn: storage, vocabulary, precision } = options;
  const before = settings === undefined ? {} : readSettings(settings);
  return patched(
    before,
    given({
      recipe,
      seed,
      threads,
      device,
      control,
      vocabulary,
      floor: target?.kind === "accuracy" ? target.share : undefined,
      base: given({ storage }),
      trim: given({ unit, keep, scorer: options.with?.scorer, programs: options.for }),
      methods: options.with && { ...before.methods, ...options.with.methods },
      chat: given({ precision }),
    }),
  );
}

/** What is given of some values. */
const given = <T extends object>(values: T): Partial<T> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;

/** When the run is to be done, if a person says so. */
export const limitOf = ({ by }: TrimOptions): TimeLimit | undefined =>
  by && "by" in by ? { doneBy: nextTime(by.by, new Date()).toISOString() } : by;
