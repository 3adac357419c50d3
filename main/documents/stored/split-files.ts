/** Splits on disk: one JSON file each, one row per line, in a folder that `report.json` completes. */
import { createHash } from "node:crypto";
import { createReadStream, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { z } from "zod";
import { fail } from "../../../native-models/failure.ts";
import { writeFileAtomic } from "../../../native-models/formats/atomic.ts";
import { DatasetReport, Split } from "../../../preload/contract/data/data.ts";
import type { ChoiceStyle, SplitName } from "../../../preload/contract/data/data.ts";

/** The names of the split files in a dataset's folder. */
export const SPLIT_FILES: Record<SplitName, string> = {
  train: "train.json",
  valid: "valid.json",
  test: "test.json",
  offDomain: "off-domain.json",
};

/** Writes a split, replacing the file atomically. Throws `disk-full`, `unwritable`. */
export async function writeSplit(folder: string, name: SplitName, split: Split): Promise<void> {
  await writeFileAtomic(join(folder, SPLIT_FILES[name]), piecesOf(split));
}

/** A split of a dataset; null if the dataset has none of that name. Throws `unreadable`, `bad-data`. */
export function readSplit(folder: string, name: SplitName): Split | null {
  const path = join(folder, SPLIT_FILES[name]);
  return existsSync(path) ? parsedFile(path, Split) : null;
}

/** A file of a dataset, parsed by `schema`. Throws `unreadable`, `bad-data`. */
export function parsedFile<Schema extends z.ZodType>(path: string, schema: Schema): z.output<Schema> {
  try {
    return schema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code)
      return fail({ code: "unreadable", path, reason: { code: "system", detail: (error as Error).message } });
    return fail({ code: "bad-data", path, reason: "damaged-data-set" });
  }
}

/** The same for a required split. Also throws `not-found`. */
export function requiredSplit(folder: string, name: SplitName): Split {
  const path = join(folder, SPLIT_FILES[name]);
  return readSplit(folder, name) ?? fail({ code: "not-found", path, what: "data set" });
}

/** The file that completes a dataset's folder. */
export const REPORT_FILE = "report.json";

/** The reader's report on a dataset, or the part of it that `schema` selects. Throws `not-found`, `unreadable`, `bad-data`. */
export function readReport<Schema extends z.ZodType>(folder: string, schema: Schema): z.output<Schema> {
  const path = join(folder, REPORT_FILE);
  if (!existsSync(path)) fail({ code: "not-found", path, what: "data set" });
  return parsedFile(path, schema);
}

/** A dataset as training and scoring use it. */
export interface Splits {
  readonly train: Split;
  readonly valid: Split;
  readonly test: Split;
  readonly offDomain: Split | null;
  readonly style: ChoiceStyle;
}

/** All splits of a dataset that the reader wrote (dataset.ts). Throws as `readReport` does. */
export function readSplits(folder: string): Splits {
  return {
    train: requiredSplit(folder, "train"),
    valid: requiredSplit(folder, "valid"),
    test: requiredSplit(folder, "test"),
    offDomain: readSplit(folder, "offDomain"),
    style: readReport(folder, DatasetReport.pick({ choiceStyle: true })).choiceStyle,
  };
}

/** SHA-256 over the split files of a folder, by name and content: the same rows give the same hash anywhere. */
export async function datasetHash(folder: string): Promise<string> {
  const all = createHash("sha256");
  for (const file of Object.values(SPLIT_FILES)) {
    const path = join(folder, file);
    if (!existsSync(path)) continue;
    const one = createHash("sha256");
    for await (const chunk of createReadStream(path)) one.update(chunk as Buffer);
    all.update(`${file} ${one.digest("hex")}\n`);
  }
  return all.digest("hex");
}

/** The JSON of a split in pieces: as one string it could exceed the maximum length of a string. */
function* piecesOf(split: Split): Generator<Buffer> {
  const pieceCharacters = 2 ** 18;
  let piece = "";
  for (const text of jsonOf(split)) {
    piece += text;
    if (piece.length < pieceCharacters) continue;
    yield Buffer.from(piece);
    piece = "";
  }
  yield Buffer.from(piece);
}

function* jsonOf({ examples, questions, conversations }: Split): Generator<string> {
  const lists = { examples, questions, ...(conversations?.length ? { conversations } : {}) };
  let separator = "{";
  for (const [name, rows] of Object.entries(lists)) {
    yield `${separator}${JSON.stringify(name)}:[`;
    for (let i = 0; i < rows.length; i++) yield `${i === 0 ? "\n" : ",\n"}${JSON.stringify(rows[i])}`;
    yield "]";
    separator = ",\n";
  }
  yield "}\n";
}
