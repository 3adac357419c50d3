/** The options of `coppice trim`, and what they ask for. */
import { Option } from "commander";
import type { Command } from "commander";
import { DEEPEST_SHARE } from "../../preload/contract/plans/goal.ts";
import type { Goal } from "../../preload/contract/plans/goal.ts";
import { CHAT_PRECISIONS, Method, patched, Programs, RECIPES, UnitScorer } from "../../preload/contract/plans/plan.ts";
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
import { defaultsOf, readSettings } from "../services/plans/planning.ts";
import { METHOD_FORMS, methodsOption } from "./methods-option.ts";
import {
  baseOption,
  bytesOption,
  deviceOption,
  keepOption,
  numberBetween,
  textOption,
  textsOption,
  threadsOption,
  timeOfDayOption,
  timesOption,
  vocabularyOption,
  wholeNumber,
  wholeNumbers,
} from "./options.ts";
import type { StartOptions } from "./options.ts";
import { addSources } from "./reading-options.ts";
import type { SourceOptions } from "./reading-options.ts";

export interface TrimOptions extends SourceOptions, StartOptions {
  model: string;
  data: string[];
  keep?: TrimPlan["trim"]["keep"];
  targetMemory?: number;
  targetSpeed?: number;
  targetTokensPerSecond?: number;
  smallestWithoutLoss?: boolean;
  accuracyFloor?: number;
  method?: TrimPlan["method"]["kind"];
  unit?: UnitKind;
  scorer?: UnitScorer;
  base?: WeightStorage;
  vocabulary?: Vocabulary;
  control?: boolean;
  with?: TrimPlan["methods"];
  precision?: (typeof CHAT_PRECISIONS)[number];
  minutes?: number;
  until?: string;
  healDepths?: number[];
  for?: ProgramName[];
  settings?: string;
  recipe?: string;
}

const usual = defaultsOf.coppice;

export const TARGET_SPEED = "--target-tokens-per-second";

/** Adds the options to a command. */
export function addTrimOptions(command: Command): void {
  command
    .requiredOption("--model <model>", "GGUF file, model folder, finished run, or sample", textOption)
    .requiredOption("--data <path...>", "training files or folders", textsOption);
  addSources(command);
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
    .addOption(
      goalOption(
        "--target-memory <size>",
        "keep as many units as possible while chat fits into this memory, such as 500MB or 1.5GB",
      ).argParser(bytesOption),
    )
    .addOption(
      goalOption(
        "--target-speed <times>",
        "keep as many units as possible while answering this many times as fast, such as 2x",
      ).argParser(timesOption),
    )
    .addOption(
      goalOption(
        `${TARGET_SPEED} <n>`,
        "keep as many units as possible while answering at this many tokens per second, such as 40; measures this computer first",
      ).argParser(numberBetween(0.1, 1_000_000)),
    )
    .addOption(
      goalOption(
        "--smallest-without-loss",
        `cut to ${100 * DEEPEST_SHARE}%, heal intermediate depths (trimllm trains in its rounds instead), and take as the result the smallest depth without a clear loss on validation rows`,
      ),
    )
    .option(
      "--accuracy-floor <share>",
      "take as the result the smallest depth that keeps this share of the fine-tuned accuracy on validation questions, such as 0.95",
      numberBetween(0.01, 1),
    );
}

/** What is trained, scored and cut, and how it is stored. */
function addTraining(command: Command): Command {
  return command
    .addOption(new Option("--method <method>", `what to train (${usual.method})`).choices(["lora", "full"]))
    .addOption(
      new Option("--unit <unit>", `what to cut: whole blocks, or half-blocks (${usual.unit})`).choices([
        "block",
        "sublayer",
      ]),
    )
    .addOption(
      new Option("--scorer <scorer>", `how to score units (${usual.trim.scorer})`).choices(
        UnitScorer.options,
      ),
    )
    .addOption(baseOption())
    .addOption(vocabularyOption());
}

/** How long it may take. */
function addTime(command: Command): Command {
  return command
    .option(
      "--minutes <n>",
      "finish within this many minutes: measures first, then fits rounds, rows and epochs to the time",
      numberBetween(1, 100_000),
    )
    .addOption(
      new Option(
        "--until <time>",
        "like --minutes, but finish by a time of day such as 18:00; a pause leaves less training",
      )
        .argParser(timeOfDayOption)
        .conflicts("minutes"),
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
    .option(
      "--heal-depths <n,…>",
      "intermediate depths to heal as well, as the numbers of units left at the end of rounds",
      wholeNumbers,
    )
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
    .option(
      "--recipe <recipe>",
      `how to trim: ${RECIPES.join(", or ")} as published, with its own defaults (coppice)`,
    )
    .option("--seed <n>", "the same seed gives the same model (1)", wholeNumber(0))
    .addOption(threadsOption())
    .addOption(deviceOption("trains"))
    .option("--out <folder>", "the folder for the trimmed model", textOption)
    .option("--name <name>", "the run's name", textOption)
    .option("--yes", "start a long run without asking");
}

/** The ways to say how deep to cut, of which only one may be given. */
const DEPTHS = [
  "keep",
  "targetMemory",
  "targetSpeed",
  "targetTokensPerSecond",
  "smallestWithoutLoss",
] as const;

function goalOption(flags: string, description: string): Option {
  const option = new Option(flags, description);
  return option.conflicts(DEPTHS.filter((name) => name !== option.attributeName()));
}

export function goalOf({
  targetMemory,
  targetSpeed,
  targetTokensPerSecond: tokensPerSecond,
  smallestWithoutLoss,
}: TrimOptions): Goal | undefined {
  if (targetMemory !== undefined) return { kind: "memory", bytes: targetMemory };
  if (targetSpeed !== undefined) return { kind: "speed", times: targetSpeed };
  if (tokensPerSecond !== undefined) return { kind: "tokens-per-second", tokensPerSecond };
  return smallestWithoutLoss ? { kind: "no-loss" } : undefined;
}

/** The patch of a plan that the options and the settings file make: an option replaces what the file says. */
export function patchOf(options: TrimOptions): PlanPatch {
  const { recipe, settings, keep, unit, scorer, seed, threads, device, control, accuracyFloor } = options;
  const { method: kind, base: storage, vocabulary, precision, healDepths: depths } = options;
  const file = settings ?? (recipe !== undefined && !isRecipe(recipe) ? recipe : undefined);
  const before = file === undefined ? {} : readSettings(file);
  return patched(
    before,
    given({
      recipe: recipe !== undefined && isRecipe(recipe) ? recipe : undefined,
      seed,
      threads,
      device,
      control,
      vocabulary,
      accuracyFloor,
      method: kind && Method.parse({ kind }),
      base: given({ storage }),
      trim: given({ unit, keep, scorer, programs: options.for }),
      heal: given({ depths }),
      methods: options.with && { ...before.methods, ...options.with },
      chat: given({ precision }),
    }),
  );
}

/** What is given of some values. */
const given = <T extends object>(values: T): Partial<T> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;

const isRecipe = (name: string): name is RecipeName => (RECIPES as readonly string[]).includes(name);

/** When the run is to be done, if a person says so. */
export function limitOf({ minutes, until }: TrimOptions): TimeLimit | undefined {
  if (until !== undefined) return { doneBy: nextTime(until, new Date()).toISOString() };
  return minutes === undefined ? undefined : { minutes };
}
