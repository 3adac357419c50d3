/** Options that several commands share, and the parsers of their values. A wrong value is a usage error. */
import { resolve } from "node:path";
import { InvalidArgumentError, Option } from "commander";
import type { Command } from "commander";
import { z } from "zod";
import { PRECISIONS } from "../../native-models/inference/precision.ts";
import { WantedTime } from "../../preload/contract/calls/wizard.ts";
import type { Goal } from "../../preload/contract/plans/goal.ts";
import { Device } from "../../preload/contract/plans/device.ts";
import { PERSONAL_KINDS, PersonalKind } from "../../preload/contract/data/personal.ts";
import { FIELD_VOCABULARY, WeightStorage } from "../../preload/contract/plans/plan.ts";
import type { TrimPlan, Vocabulary } from "../../preload/contract/plans/plan.ts";
import type { SamplingChoices } from "../services/chat/chat-engine.ts";
import { textOption } from "./text-option.ts";

export { textOption };

/** "15" is a number of units, "0.5" is a share. */
export function keepOption(text: string): TrimPlan["trim"]["keep"] {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1 && Number.isSafeInteger(number)) return { units: number };
  if (/^\d*\.\d+$/.test(text) && number > 0 && number <= 1) return { fraction: number };
  throw new InvalidArgumentError('Write a share such as 0.5, or a number such as 15 or "1" for one.');
}

/** `--vocabulary`, "field", "16384" or "0.25": how many of a model's tokens are kept. */
export function vocabularyOption(): Option {
  const option = new Option(
    "--vocabulary <tokens>",
    `keep only some tokens: field (those of your data, and the likeliest others up to ${FIELD_VOCABULARY.tokens}), a number, or a share such as 0.25`,
  );
  return option.argParser((text): Vocabulary => {
    if (text === "field") return FIELD_VOCABULARY;
    const number = Number(text);
    if (/^\d+$/.test(text) && number >= 1 && Number.isSafeInteger(number)) return { tokens: number };
    if (/^\d*\.\d+$/.test(text) && number > 0 && number <= 1) return { share: number };
    throw new InvalidArgumentError("Write field, a number of tokens or a share such as 0.25.");
  });
}

/** What a result must reach: a goal for its depth, or a share of the accuracy. */
export type Target = Goal | { readonly kind: "accuracy"; readonly share: number };

/** "500MB", "2x", "40tps", "without-loss" or "95%". */
export function targetOption(text: string): Target {
  const [, number, unit] = /^(\d+(?:\.\d+)?)\s*(MB|GB|x|tps|%)$/i.exec(text.trim()) ?? [];
  const figure = Number(number);
  switch (unit?.toLowerCase()) {
    case "mb":
    case "gb":
      if (figure > 0) return { kind: "memory", bytes: figure * (unit!.toLowerCase() === "gb" ? 1e9 : 1e6) };
      break;
    case "x":
      if (figure > 1) return { kind: "speed", times: figure };
      break;
    case "tps":
      if (figure > 0) return { kind: "tokens-per-second", tokensPerSecond: figure };
      break;
    case "%":
      if (figure >= 1 && figure <= 100) return { kind: "accuracy", share: figure / 100 };
      break;
    default:
      if (text.trim() === "without-loss") return { kind: "no-loss" };
  }
  throw new InvalidArgumentError(
    "Write a memory such as 500MB, a speed above 1 such as 2x, a speed in tokens per second such as 40tps, without-loss, or a share of the accuracy such as 95%.",
  );
}

/** "90m", "2h", or "18:00". */
export function timeLimitOption(text: string): WantedTime {
  const [, number, unit] = /^(\d+(?:\.\d+)?)\s*(m|h)$/i.exec(text.trim()) ?? [];
  const minutes = Number(number) * (unit?.toLowerCase() === "h" ? 60 : 1);
  const limit = WantedTime.safeParse(
    number === undefined ? { by: text.trim().padStart(5, "0") } : { minutes },
  );
  if (limit.success) return limit.data;
  throw new InvalidArgumentError("Write a time such as 90m or 2h, or a time of day such as 18:00.");
}

/** A whole number of at least `least`. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  const limits = most < Number.MAX_SAFE_INTEGER ? `from ${least} to ${most}` : `of at least ${least}`;
  return (text) => {
    if (/^\d+$/.test(text) && Number(text) >= least && Number(text) <= most) return Number(text);
    throw new InvalidArgumentError(`Enter a whole number ${limits}.`);
  };
}

/** A number within limits. */
export function numberBetween(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (text.trim() !== "" && number >= least && number <= most) return number;
    throw new InvalidArgumentError(`Enter a number from ${least} to ${most}.`);
  };
}

/** What every command that starts a run takes. */
export interface StartOptions {
  seed?: number;
  threads?: number;
  device?: TrimPlan["device"];
  out?: string;
  name?: string;
  yes?: boolean;
}

/** `--model` of a command on a run whose model was moved. */
export function movedModelOption(): Option {
  const option = new Option(
    "--model <path>",
    "the model that the run was started with, if it was moved or renamed",
  );
  return option.argParser((text) => resolve(textOption(text)));
}

/** Collects the names or paths of a repeatable option. */
export function textsOption(text: string, before: string[] = []): string[] {
  return [...before, textOption(text)];
}

/** Collects texts of at least one character. */
function charactersOption(text: string, before: string[] = []): string[] {
  if (text !== "") return [...before, text];
  throw new InvalidArgumentError("Enter a text that is not empty.");
}

export interface SamplingOptions {
  maxTokens?: number;
  temperature?: number;
  topK?: number;
  topP?: number;
  repetitionPenalty?: number;
  stop?: string[];
  samplingSeed?: number;
}

/** The sampling options. */
export function addSampling(command: Command): Command {
  return command
    .option("--max-tokens <n>", "the maximum length of an answer, in tokens (256)", wholeNumber(1))
    .option("--temperature <x>", "0 always picks the most likely token (0)", numberBetween(0, 10))
    .option("--top-k <n>", "choose among the n most likely tokens; 0: all (0)", wholeNumber(0))
    .option(
      "--top-p <x>",
      "choose among the most likely tokens that reach this probability (1)",
      numberBetween(0.001, 1),
    )
    .option("--repetition-penalty <x>", "values above 1 reduce repetition (1)", numberBetween(0.1, 10))
    .option("--stop <text...>", "end the answer before any of these texts", charactersOption)
    .option("--sampling-seed <n>", "the same seed gives the same answer (0)", wholeNumber(0));
}

/** The options in the engine's form. */
export function samplingOf(options: SamplingOptions): SamplingChoices {
  const { maxTokens, temperature, topK, topP, repetitionPenalty, stop, samplingSeed: seed } = options;
  const given = Object.entries({ maxTokens, temperature, topK, topP, repetitionPenalty, stop, seed });
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}

/** `--precision`: the precision of the chat weights. */
export function precisionOption(): Option {
  return new Option(
    "--precision <precision>",
    "precision of the chat weights (int8 up to about 500 million parameters, otherwise int4)",
  ).choices(PRECISIONS);
}

/** `--device`: the device that `does` something. */
export function deviceOption(does: string): Option {
  return new Option(
    "--device <device>",
    `the device that ${does}; "coppice devices" lists them (cpu)`,
  ).choices(Device.options);
}

/** `--train-in`: the type of the frozen weights. */
export function trainInOption(): Option {
  return new Option(
    "--train-in <type>",
    "type of the frozen weights while adapters are trained: fewer bits need less memory; w8a8 has 8 bits and trains faster on newer processors (f32)",
  ).choices(WeightStorage.options);
}

/** `--ocr`: recognition takes seconds per page, so it is off by default. */
export function ocrOption(): Option {
  return new Option("--ocr", "recognise the text of scanned pages and pictures (English and German)");
}

/** `--mask`: which kinds of personal data are masked, "all" or some of them. */
export function maskOption(): Option {
  const option = new Option(
    "--mask <kinds>",
    `replace personal data with masks such as [NAME 3]: all, or some of ${PERSONAL_KINDS.join(",")}`,
  );
  return option.argParser((text): PersonalKind[] => {
    if (text === "all") return [...PERSONAL_KINDS];
    const kinds = z.array(PersonalKind).safeParse(text.split(",").map((kind) => kind.trim()));
    if (kinds.success) return kinds.data;
    throw new InvalidArgumentError(`Enter all, or some of ${PERSONAL_KINDS.join(",")}.`);
  });
}

/** `--sample-rows`: how many training rows of large data are used. */
export function sampleOption(): Option {
  const option = new Option(
    "--sample-rows <n>",
    "use this many training rows, drawn at random with the seed",
  );
  return option.argParser(wholeNumber(1));
}

/** `--threads`, shared by several commands. */
export function threadsOption(): Option {
  return new Option("--threads <n>", "processor cores to use (all)").argParser(wholeNumber(1));
}
