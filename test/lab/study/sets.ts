/** The sets of questions of a study and their splits, read from a folder that is not part of the repository. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { readDataset } from "../../../main/documents/dataset.ts";
import { sample } from "../../../main/services/models/sample.ts";
import { Random } from "../../../native-models/random.ts";
import { CANARIES, plantCanaries } from "./canaries.ts";
import type { CanaryPlan } from "./canaries.ts";
import type { DatasetReport } from "../../../preload/contract/data/data.ts";

/** A set is a folder with train.jsonl and these files, one JSON row per line. */
export interface StudySet {
  readonly name: string;
  readonly valid: string;
  readonly test: string;
  /** How many rows are moved from training to validation, because the set has too few validation rows to choose by. */
  readonly validFromTraining: number;
  /** How many training rows each epoch draws anew, so that a day is enough for all sets; by default all of them. */
  readonly epochRows?: number;
  /** All of its questions have two choices, so the NLL of the right one says how likely the other is. */
  readonly twoChoices?: true;
  /** Its folder, if it is not in the folder of the sets. */
  readonly folder?: string;
  /** Its name in the folder of the sets, if it differs. */
  readonly of?: string;
  /** The secrets that are planted in it. Such a set does not measure quality. */
  readonly canaries?: CanaryPlan;
  /** The set has questions about some texts of another set, asked by people, by a model, or by both (made-questions.ts). */
  readonly made?: { readonly of: string; readonly askedBy: AskedBy };
}

export type AskedBy = "people" | "model" | "both";

/** From how many texts a set was made, and how many of its questions a model wrote. */
export const Written = z.object({ texts: z.number(), writer: z.string(), questions: z.number() });
export type Written = z.infer<typeof Written>;

/** Fewer validation rows are too few to choose by: such a set gives up this many of its training rows for validation. */
const ENOUGH = 200;

export const SETS: readonly StudySet[] = [
  {
    name: "sample",
    valid: "valid.jsonl",
    test: "test.jsonl",
    validFromTraining: 0,
    twoChoices: true,
    folder: sample.data,
  },
  { name: "clauses", valid: "valid.jsonl", test: "test.jsonl", validFromTraining: 0, twoChoices: true },
  {
    name: "legalbench",
    valid: "valid_mc.jsonl",
    test: "test.jsonl",
    validFromTraining: 0,
    twoChoices: true,
    epochRows: 700,
  },
  // As the product trains unless its time is limited; takes hours.
  {
    name: "legalbench-all-rows",
    of: "legalbench",
    valid: "valid_mc.jsonl",
    test: "test.jsonl",
    validFromTraining: 0,
    twoChoices: true,
  },
  {
    name: "pubmedqa",
    valid: "valid.jsonl",
    test: "test.jsonl",
    validFromTraining: ENOUGH,
  },
  {
    name: "tatqa",
    valid: "valid.jsonl",
    test: "test.jsonl",
    validFromTraining: ENOUGH,
    epochRows: 400,
  },
  { name: "medquad", valid: "valid.jsonl", test: "test.jsonl", validFromTraining: 0, epochRows: 400 },
  ...["pubmedqa", "tatqa"].flatMap((of) =>
    (["people", "model", "both"] as const).map((askedBy): StudySet => {
      const name = `${of}-by-${askedBy}`;
      return {
        name,
        made: { of, askedBy },
        valid: "valid.jsonl",
        test: "test.jsonl",
        validFromTraining: 0,
      };
    }),
  ),
  {
    name: "clauses-canaries",
    of: "clauses",
    canaries: CANARIES,
    valid: "valid.jsonl",
    test: "test.jsonl",
    validFromTraining: 0,
  },
  {
    name: "sample-canaries",
    folder: sample.data,
    canaries: CANARIES,
    valid: "valid.jsonl",
    test: "test.jsonl",
    validFromTraining: 0,
  },
];

/** The secrets planted in a set; undefined for sets without any. */
export function canariesIn(name: string): CanaryPlan | undefined {
  return SETS.find((set) => set.name === name)?.canaries;
}

/** Whether a set is about the quality of trimming. */
export function isAboutTrimming(name: string): boolean {
  const set = SETS.find((one) => one.name === name);
  return !set?.canaries && !set?.made;
}

/** Whether all questions of a set have two choices. */
export function hasTwoChoices(name: string): boolean {
  return SETS.find((set) => set.name === name)?.twoChoices ?? false;
}

/** The set that has the same questions as one that draws rows, but trains on all rows in each epoch; undefined if there is none. */
export function withAllRows(name: string): string | undefined {
  return SETS.find(({ of, epochRows, canaries }) => of === name && !epochRows && !canaries)?.name;
}

/** A set in the form that runs read. */
export interface Data {
  readonly folder: string;
  readonly report: DatasetReport;
  /** 0-based lines of train.jsonl that are used for validation instead. */
  readonly validLines: readonly number[];
  /** What a set of made-questions.ts was made from; null for others. */
  readonly written: Written | null;
}

/** The seed for moving rows from training to validation: the same for all training seeds, so that all choose by the same rows. */
const SPLIT_SEED = 1;

/** Which of `count` lines are used for validation and which for training, in order. */
export function splitOf(
  { name, validFromTraining }: StudySet,
  count: number,
): { readonly valid: number[]; readonly train: number[] } {
  const order = [...new Random(SPLIT_SEED, `validation rows of ${name}`).permutation(count)];
  const inOrder = (lines: readonly number[]) => [...lines].sort((a, b) => a - b);
  return {
    valid: inOrder(order.slice(0, validFromTraining)),
    train: inOrder(order.slice(validFromTraining)),
  };
}

/** Reads a set into `folder`. Throws what `readDataset` throws. */
export async function readSet(set: StudySet, source: string, folder: string): Promise<Data> {
  const lines = linesOf(join(source, "train.jsonl"));
  const split = splitOf(set, lines.length);
  const rowsAt = (places: readonly number[]) => places.map((line) => lines[line]!);
  const own = join(folder, "source");
  mkdirSync(own, { recursive: true });
  const write = (name: string, rows: readonly string[]): string => {
    const path = join(own, name);
    writeLines(path, rows);
    return path;
  };
  const train = write("train.jsonl", rowsAt(split.train));
  const valid = write("valid.jsonl", [...linesOf(join(source, set.valid)), ...rowsAt(split.valid)]);
  const test = write("test.jsonl", linesOf(join(source, set.test)));
  const report = await readDataset({
    data: [train],
    valid: [valid],
    test: [test],
    out: join(folder, "rows"),
    seed: SPLIT_SEED,
  });
  if (set.canaries) await plantCanaries(join(folder, "rows"), set.canaries, SPLIT_SEED);
  const note = join(source, "written.json");
  const written = existsSync(note) ? Written.parse(JSON.parse(readFileSync(note, "utf8"))) : null;
  return { folder: join(folder, "rows"), report, validLines: split.valid, written };
}

export function writeLines(path: string, lines: readonly string[]): void {
  writeFileSync(path, `${lines.join("\n")}\n`);
}

/** The lines of a file that are not empty. */
export function linesOf(path: string): string[] {
  return readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line.trim() !== "");
}
