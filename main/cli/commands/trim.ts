import type { Command } from "commander";
import { Option } from "commander";
import { resolve } from "node:path";
import { remove } from "../../../native-models/formats/atomic.ts";
import { DocumentChoices } from "../../../preload/contract/data.ts";
import { DEEPEST_SHARE } from "../../../preload/contract/goal.ts";
import type { Goal } from "../../../preload/contract/goal.ts";
import {
  CHAT_PRECISIONS,
  MOST_VECTORS,
  Programs,
  RECIPES,
  UnitScorer,
  USUAL_MIXED,
  USUAL_FURTHER,
  USUAL_VECTORS,
} from "../../../preload/contract/plan.ts";
import type { Probe } from "../../../preload/contract/probe.ts";
import type {
  Method,
  ProgramName,
  RecipeName,
  TrimPlan,
  UnitKind,
  Vocabulary,
  WeightStorage,
} from "../../../preload/contract/plan.ts";
import { nextTime } from "../../../preload/contract/time-of-day.ts";
import { fail } from "../../../native-models/failure.ts";
import { newWorkFolder } from "../../home-cache.ts";
import { homeIn } from "../../home.ts";
import type { Home } from "../../home.ts";
import { needsProbe } from "../../services/plans/goals.ts";
import { withSettings } from "../../services/plans/limits.ts";
import { defaultsOf, planTrim, readSettings } from "../../services/plans/planning.ts";
import type { Keep, PlanSettings, TrimChoices } from "../../services/plans/planning.ts";
import { preparedBefore, prepareTrim, readTrim } from "../../services/runs/trimming.ts";
import type { PreparedTrim, PrepareOptions, TrimRequest } from "../../services/runs/trimming.ts";
import type { HandedCommand } from "../../writer-socket.ts";
import type { Context } from "../context.ts";
import { followTrim, showOutcome } from "../following.ts";
import { writingOrHanding } from "../handing.ts";
import { confirmTime } from "../long-run.ts";
import { choiceWarnings, showPrepared } from "../prepared.ts";
import { measuringSpeed } from "../target-speed.ts";
import { recognitionShown } from "../recognition.ts";
import { addSources, sourcesOf } from "../reading-options.ts";
import type { SourceOptions } from "../reading-options.ts";
import { fittedChoices, timeOption, withinTime } from "../within.ts";
import type { Time } from "../within.ts";
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
} from "../options.ts";

interface TrimOptions extends SourceOptions {
  model: string;
  data: string[];
  keep?: Keep;
  targetMemory?: number;
  targetSpeed?: number;
  targetTokensPerSecond?: number;
  smallestWithoutLoss?: boolean;
  accuracyFloor?: number;
  method?: Method["kind"];
  unit?: UnitKind;
  scorer?: UnitScorer;
  base?: WeightStorage;
  vocabulary?: Vocabulary | "all";
  control?: boolean;
  tuneFurther?: number | true;
  rewriteAnswers?: number | true;
  recoveryPrompt?: number | true;
  precision?: (typeof CHAT_PRECISIONS)[number];
  mixedBits?: number | true;
  minutes?: number;
  until?: string;
  healDepths?: number[];
  for?: ProgramName[];
  settings?: string;
  recipe?: string;
  seed?: number;
  threads?: number;
  device?: TrimPlan["device"];
  out?: string;
  name?: string;
  yes?: boolean;
}

const usual = defaultsOf.coppice;

const TARGET_SPEED = "--target-tokens-per-second";

/** coppice trim: takes a model and data and produces a specialised, trimmed model. */
export function addTrim(program: Command, contextOf: (command: Command) => Context): void {
  const trimming = program
    .command("trim")
    .summary("specialise a model on your data and trim it")
    .description(
      "Fine-tunes a model on your data, removes the blocks that it needs least, and measures every depth.",
    )
    .requiredOption("--model <model>", "GGUF file, model folder, finished run, or sample", textOption)
    .requiredOption("--data <path...>", "training files or folders", textsOption);
  addSources(trimming)
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
    )
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
    .addOption(vocabularyOption())
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
    )
    .option(
      "--tune-further [epochs]",
      `fine-tune for this many more epochs (${USUAL_FURTHER}) before anything is cut, so that the trimmed model learns from a better one; takes longer`,
      numberBetween(0, 50),
    )
    .option(
      "--rewrite-answers [share]",
      "have the fine-tuned model rewrite the free-text answers of this share of the rows (all), for the trimmed model to learn from",
      numberBetween(0, 1),
    )
    .option(
      "--recovery-prompt [vectors]",
      `also train a prompt of this many vectors (${USUAL_VECTORS}) that every chat begins with, to recover what cutting and rounding cost`,
      wholeNumber(1, MOST_VECTORS),
    )
    .addOption(
      new Option(
        "--precision <precision>",
        "chat weights of the run's models (int8 up to about 500 million parameters, otherwise int4)",
      ).choices(CHAT_PRECISIONS),
    )
    .addOption(
      new Option(
        "--mixed-bits [share]",
        `with int4, keep 8 bits where rounding costs most, which makes the blocks larger by at most this share (${USUAL_MIXED})`,
      ).argParser(numberBetween(0, 0.8)),
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
    )
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
    .option("--yes", "start a long run without asking")
    .action(async (options: TrimOptions, command: Command) => {
      const asking = { yes: options.yes ?? false, time: timeOf(options) };
      const context = contextOf(command);
      const { keep, method, unit, scorer, seed, threads, device, control, healDepths, vocabulary } = options;
      const { for: programs } = options;
      const settings = settingsWith(options);
      const request: TrimRequest = {
        model: context.model(options.model),
        sources: sourcesOf(options.data, options),
        choices: {
          ...{
            recipe: recipeOf(options),
            keep,
            method,
            unit,
            scorer,
            seed,
            threads,
            device,
            programs,
            settings,
          },
          ...{ control, rewrittenShare: rewrittenOf(options), recoveryVectors: vectorsOf(options) },
          ...{ healDepths, vocabulary, goal: goalOf(options), accuracyFloor: options.accuracyFloor },
          ...{ chatPrecision: options.precision, mixedBits: mixedOf(options) },
        },
        name: options.name,
        output: options.out,
      };
      await trim(context, request, asking);
    });
}

const rewrittenOf = ({ rewriteAnswers }: TrimOptions): number | undefined =>
  rewriteAnswers === true ? 1 : rewriteAnswers;

const vectorsOf = ({ recoveryPrompt }: TrimOptions): number | undefined =>
  recoveryPrompt === true ? USUAL_VECTORS : recoveryPrompt;

const mixedOf = ({ mixedBits }: TrimOptions): number | undefined =>
  mixedBits === true ? USUAL_MIXED : mixedBits;

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

function goalOf({
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

const isRecipe = (name: string): name is RecipeName => (RECIPES as readonly string[]).includes(name);

const recipeOf = ({ recipe }: TrimOptions): RecipeName | undefined =>
  recipe !== undefined && isRecipe(recipe) ? recipe : undefined;

/** The settings file, which `--recipe` named in earlier versions, with the weight type given by `--base`. */
function settingsWith({
  settings,
  recipe,
  base: storage,
  tuneFurther,
}: TrimOptions): PlanSettings | undefined {
  const file = settings ?? (recipe !== undefined && !isRecipe(recipe) ? recipe : undefined);
  const read = file === undefined ? undefined : readSettings(file);
  const furtherEpochs = tuneFurther === true ? USUAL_FURTHER : tuneFurther;
  if (storage === undefined && furtherEpochs === undefined) return read;
  return {
    ...read,
    ...(storage !== undefined && { base: { ...read?.base, storage } }),
    ...(furtherEpochs !== undefined && { tune: { ...read?.tune, furtherEpochs } }),
  };
}

interface Asking {
  readonly yes: boolean;
  readonly time: Time | undefined;
}

function timeOf({ minutes, until }: TrimOptions): Time | undefined {
  if (until !== undefined) return { doneBy: nextTime(until, new Date()).toISOString() };
  return minutes === undefined ? undefined : { minutes };
}

async function trim(context: Context, request: TrimRequest, asking: Asking): Promise<void> {
  const show = (prepared: PreparedTrim) => {
    showPrepared(context, prepared);
    for (const warning of choiceWarnings(prepared)) context.terminal.warn(warning);
  };
  await writingOrHanding(
    context,
    async (services) => {
      const prepared = await context.withReader((reading) =>
        prepareTrim(services, reading, request, {
          ...askingTime(context, services.home, asking),
          ...measuringSpeed(context, services.home),
          onPage: recognitionShown(context.terminal),
        }),
      );
      show(prepared);
      const done = await followTrim(context, services, prepared.run);
      showOutcome(context, services, done);
      context.terminal.emit(done);
    },
    async () => handed(request, await confirmHanded(context, request, asking)),
    (services, id) => show(preparedBefore(services, id)),
  );
}

/** If the person named a time, the plan is fitted to it; otherwise the person is asked to confirm the plan's expected time. */
function askingTime(
  context: Context,
  home: Home,
  { yes, time }: Asking,
): { fit?: ReturnType<typeof withinTime>; confirm?: PrepareOptions["confirm"] } {
  return time === undefined
    ? { confirm: confirmTime(context, home, { yes }) }
    : { fit: withinTime(context, home, time) };
}

/** What an open application creates a run from. `probe`: the measurement, if the run is to be done by a time of day. */
interface Confirmed {
  readonly choices: TrimChoices;
  readonly probe: Probe | null;
}

/**
 * Says and asks the same about a run that an open application will execute, before anything is handed over. Returns its choices, completed
 * from the application's settings, which the run would use.
 */
async function confirmHanded(context: Context, request: TrimRequest, asking: Asking): Promise<Confirmed> {
  const { time } = asking;
  const { isBusy, wanted } = await context.reading(({ runs, settings }) => ({
    isBusy: runs.list().some(({ state }) => state === "running"),
    wanted: withSettings(request.choices, settings),
  }));
  if (isBusy) {
    // a measurement during a run would be wrong, and would disturb the run
    const reason = "nothing can be measured while another run is running";
    if (time !== undefined) return fail({ code: "bad-choice", option: timeOption(time), reason });
    if (needsProbe(wanted)) return fail({ code: "bad-choice", option: TARGET_SPEED, reason });
    return { choices: wanted, probe: null };
  }
  const home = homeIn(context.home);
  const folder = newWorkFolder(home); // the next start removes it if this command is killed
  try {
    const onPage = recognitionShown(context.terminal);
    const options = { ...measuringSpeed(context, home), onPage };
    const { choices, ...read } = await context.withReader((reading) =>
      readTrim(reading, { ...request, choices: wanted }, folder, options),
    );
    const { model, dataset } = read;
    const asked = planTrim({ model, sha256: "", dataFolder: dataset.folder }, choices);
    const planned = { ...read, plan: asked };
    const { fit, confirm } = askingTime(context, home, asking);
    await confirm?.(planned);
    if (!fit) return { choices, probe: null };
    const { plan, timing } = await fit(planned);
    if (!timing) return { choices: fittedChoices(choices, plan), probe: null };
    const { doneBy, probe } = timing;
    return { choices: { ...choices, doneBy }, probe };
  } finally {
    await remove(folder);
  }
}

/** The same request, for another process: with absolute paths. */
function handed({ model, sources, name, output }: TrimRequest, { choices, probe }: Confirmed): HandedCommand {
  const paths = (some: readonly string[] = []) => some.map((path) => resolve(path));
  const { data, valid, test, offDomain, sampleRows, ocr = false } = sources;
  const { documents = DocumentChoices.parse({}), excluded, mappings = {} } = sources;
  return {
    command: "trim",
    request: {
      model,
      sources: {
        data: paths(data),
        valid: paths(valid),
        test: paths(test),
        offDomain: paths(offDomain),
        excluded: paths(excluded),
        mappings: Object.fromEntries(Object.entries(mappings).map(([path, own]) => [resolve(path), own])),
        documents,
        ocr,
        sampleRows,
      },
      choices,
      probe,
      name,
      output: output && resolve(output),
    },
  };
}
