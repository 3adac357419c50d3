/**
 * The tuned model at full depth as a teacher: what it recorded of every training token, in files: its final hidden states (bf16) and its
 * likeliest tokens (ids u32, log-probabilities f16).
 */
import { createHash } from "node:crypto";
import type { Hash } from "node:crypto";
import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { fail, failureOf } from "../../../native-models/failure.ts";
import { Replacement } from "../../../native-models/formats/atomic.ts";
import { sha256OfFile } from "../../../native-models/formats/sha256.ts";
import { decode, encode } from "../../../native-models/formats/storage.ts";
import { groupRows, labelPlaces, PASS_TOKENS } from "../../../native-models/training/batch.ts";
import type { Batch, Batcher, TokenRow } from "../../../native-models/training/batch.ts";
import type { Likeliest, TopTokens } from "../../../native-models/training/head.ts";
import type { TeacherRecord } from "../../../native-models/training/trainee.ts";
import { TAUGHT_TOKENS } from "../../../preload/contract/plans/plan.ts";
import type { TrimPlan } from "../../../preload/contract/plans/plan.ts";
import { TEACHER_FILES } from "../journal/run-files.ts";

type Part = keyof typeof TEACHER_FILES;

const HALF_BYTES = 2;
const ID_BYTES = 4;

/** What a plan's teacher records. */
export interface Curriculum {
  readonly hidden: boolean;
  /** Null: none. */
  readonly tokens: Likeliest | null;
  /** Whether its likeliest tokens are recorded for every position of a row, not only for those of answers. */
  readonly everywhere: boolean;
}

export function curriculumOf({ distillation, tokens }: TrimPlan["trim"]): Curriculum {
  return {
    hidden: distillation > 0,
    tokens: tokens === "none" ? null : { count: TAUGHT_TOKENS, temperature: 1 },
    everywhere: tokens === "all",
  };
}

/** A row as it is taught: with a label after each token if the curriculum covers every position. */
export const taughtRow = (row: TokenRow, { everywhere }: Curriculum): TokenRow =>
  everywhere ? { ...row, promptLength: 1, answers: [] } : row;

/** A row in one file: its number of items, and the bytes of each. */
interface Items {
  readonly count: (row: TokenRow) => number;
  readonly bytes: number;
}

function itemsOf(part: Part, curriculum: Curriculum, width: number): Items {
  if (part === "hidden") return { count: ({ ids }) => ids.length - 1, bytes: HALF_BYTES * width };
  const k = curriculum.tokens!.count;
  return {
    count: (row) => labelPlaces(taughtRow(row, curriculum)).length,
    bytes: ID_BYTES * k + HALF_BYTES * (k + 1),
  };
}

const partsOf = ({ hidden, tokens }: Curriculum): Part[] => [
  ...(hidden ? (["hidden"] as const) : []),
  ...(tokens ? (["tokens"] as const) : []),
];

/** A row's bytes in one file, from the record of its batch. */
function rowBytes(part: Part, batch: Batch, row: number, { hidden, tokens }: TeacherRecord): Uint8Array[] {
  const width = hidden.length / batch.tokens.length;
  const states = hidden.subarray(batch.rowStarts[row]! * width, batch.rowStarts[row + 1]! * width);
  if (part === "hidden") return [encode("bf16", states)];
  const { ids, logProbabilities } = tokens!;
  const k = ids.length / batch.labels.length;
  const [first, end] = [batch.labelStarts[row]!, batch.labelStarts[row + 1]!];
  return [
    new Uint8Array(Uint32Array.from(ids.subarray(first * k, end * k)).buffer),
    encode("f16", logProbabilities.subarray(first * (k + 1), end * (k + 1))),
  ];
}

/** What the teacher recorded of some rows. */
export interface TeacherBatch {
  /** [N, D] */
  readonly hidden: Float32Array | null;
  readonly tokens: TopTokens | null;
}

export class Teacher {
  /** The result of `write`: the SHA-256 of each file by its name. */
  static readonly Hashes = z.record(z.string(), z.string());

  readonly curriculum: Curriculum;
  readonly #rows: readonly TokenRow[];
  readonly #width: number;
  readonly #files: ReadonlyMap<Part, RowFile>;

  private constructor(
    curriculum: Curriculum,
    rows: readonly TokenRow[],
    width: number,
    files: ReadonlyMap<Part, RowFile>,
  ) {
    this.curriculum = curriculum;
    this.#rows = rows;
    this.#width = width;
    this.#files = files;
  }

  /** Writes the files into a folder and returns their hashes. Throws `disk-full`, `unwritable`. */
  static async write(
    folder: string,
    rows: readonly TokenRow[],
    curriculum: Curriculum,
    batcher: Batcher,
    record: (batch: Batch, likeliest: Likeliest | null) => Promise<TeacherRecord>,
    progress: (tokens: number) => Promise<void>,
  ): Promise<Record<string, string>> {
    const files: HashedFile[] = [];
    try {
      for (const part of partsOf(curriculum)) files.push(await HashedFile.begin(folder, part));
      for (const group of groupRows(rows, PASS_TOKENS)) {
        const batch = batcher.batch(group.map((row) => taughtRow(row, curriculum)));
        const recorded = await record(batch, curriculum.tokens);
        for (const file of files)
          for (const row of group.keys())
            for (const bytes of rowBytes(file.part, batch, row, recorded)) await file.write(bytes);
        await progress(batch.tokens.length);
      }
      for (const file of files) await file.publish();
    } catch (error) {
      for (const file of files) await file.discard();
      throw error;
    }
    return Object.fromEntries(files.map(({ part, hash }) => [TEACHER_FILES[part], hash]));
  }

  /** Whether the files exist and have these hashes. */
  static async isWhole(folder: string, hashes: Readonly<Record<string, string>>): Promise<boolean> {
    for (const [name, hash] of Object.entries(hashes)) {
      const found = await sha256OfFile(join(folder, name)).catch((error: unknown) => {
        if (failureOf(error).code === "not-found") return null;
        throw error;
      });
      if (found !== hash) return false;
    }
    return true;
  }

  /** Opens files that `write` made from the same rows; `width`: D. Throws `corrupt-file`. */
  static async open(
    folder: string,
    rows: readonly TokenRow[],
    curriculum: Curriculum,
    width: number,
  ): Promise<Teacher> {
    const files = new Map<Part, RowFile>();
    const teacher = new Teacher(curriculum, rows, width, files);
    try {
      for (const part of partsOf(curriculum)) {
        const items = itemsOf(part, curriculum, width);
        files.set(part, await RowFile.open(join(folder, TEACHER_FILES[part]), rows, items));
      }
    } catch (error) {
      await teacher.close();
      throw error;
    }
    return teacher;
  }

  /** What it recorded of rows, concatenated. */
  async of(rows: readonly number[]): Promise<TeacherBatch> {
    const tokens = rows.reduce((sum, row) => sum + this.#rows[row]!.ids.length - 1, 0);
    const width = this.#width;
    const record = {
      hidden: this.#files.has("hidden") ? new Float32Array(tokens * width) : null,
      tokens: this.#noTokens(rows),
    };
    let token = 0;
    let label = 0;
    for (const row of rows) {
      if (record.hidden)
        decode("bf16", await this.#files.get("hidden")!.read(row), record.hidden.subarray(token * width));
      if (record.tokens) label += await this.#readTokens(row, label, record.tokens);
      token += this.#rows[row]!.ids.length - 1;
    }
    return record;
  }

  #noTokens(rows: readonly number[]): TopTokens | null {
    if (!this.curriculum.tokens) return null;
    const { count } = this.curriculum.tokens;
    const labels = rows.reduce((sum, row) => sum + this.#labelsIn(row), 0);
    return { ids: new Int32Array(labels * count), logProbabilities: new Float32Array(labels * (count + 1)) };
  }

  #labelsIn(row: number): number {
    return labelPlaces(taughtRow(this.#rows[row]!, this.curriculum)).length;
  }

  /** Reads a row's likeliest tokens to the labels from `first` on, and returns the number of its labels. */
  async #readTokens(row: number, first: number, { ids, logProbabilities }: TopTokens): Promise<number> {
    const { count } = this.curriculum.tokens!;
    const labels = this.#labelsIn(row);
    const bytes = await this.#files.get("tokens")!.read(row);
    ids.set(new Int32Array(bytes.buffer, 0, labels * count), first * count);
    decode("f16", bytes.subarray(labels * count * ID_BYTES), logProbabilities.subarray(first * (count + 1)));
    return labels;
  }

  async close(): Promise<void> {
    for (const file of this.#files.values()) await file.close();
  }
}

/** A file of rows, each with its own number of items. */
class RowFile {
  readonly #file: FileHandle;
  /** The first byte of each row, and the end. */
  readonly #starts: readonly number[];

  private constructor(file: FileHandle, starts: readonly number[]) {
    this.#file = file;
    this.#starts = starts;
  }

  static async open(path: string, rows: readonly TokenRow[], items: Items): Promise<RowFile> {
    const starts = [0];
    for (const row of rows) starts.push(starts.at(-1)! + items.count(row) * items.bytes);
    const file = await open(path, "r");
    const { size } = await file.stat();
    if (size !== starts.at(-1)!) {
      await file.close();
      const reason = "its size does not match the training rows";
      fail({ code: "corrupt-file", path, section: "teacher", reason });
    }
    return new RowFile(file, starts);
  }

  /** The bytes of a row, at the start of their buffer. */
  async read(row: number): Promise<Uint8Array> {
    const [start, end] = [this.#starts[row]!, this.#starts[row + 1]!];
    const bytes = new Uint8Array(end - start);
    await this.#file.read(bytes, 0, bytes.length, start);
    return bytes;
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

/** A file that is being written and hashed. */
class HashedFile {
  readonly part: Part;
  readonly #file: Replacement;
  readonly #hash: Hash = createHash("sha256");
  #digest: string | null = null;

  private constructor(part: Part, file: Replacement) {
    this.part = part;
    this.#file = file;
  }

  static async begin(folder: string, part: Part): Promise<HashedFile> {
    return new HashedFile(part, await Replacement.begin(join(folder, TEACHER_FILES[part])));
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#hash.update(bytes);
    await this.#file.write(bytes);
  }

  async publish(): Promise<void> {
    await this.#file.finish();
    await this.#file.publish();
  }

  async discard(): Promise<void> {
    await this.#file.discard();
  }

  /** The SHA-256 of everything written. */
  get hash(): string {
    return (this.#digest ??= this.#hash.digest("hex"));
  }
}
