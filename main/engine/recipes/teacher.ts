/** The tuned model at full depth as a teacher: its final hidden states of every training token, in a bf16 file. */
import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { z } from "zod";
import { decode, encode } from "../../../native-models/formats/storage.ts";
import { writeFileAtomic } from "../../../native-models/formats/atomic.ts";
import { sha256OfFile } from "../../../native-models/formats/sha256.ts";
import { fail, failureOf } from "../../../native-models/failure.ts";
import { groupRows, PASS_TOKENS } from "../../../native-models/training/batch.ts";
import type { Batch, Batcher, TokenRow } from "../../../native-models/training/batch.ts";

const BYTES = 2;

export class Teacher {
  /** The result of `write`; null from a version that returned none. */
  static readonly Hash = z.string().nullable();

  readonly #file: FileHandle;
  readonly #width: number;
  /** Index of the first token of each row. */
  readonly #starts: readonly number[];

  private constructor(file: FileHandle, width: number, starts: readonly number[]) {
    this.#file = file;
    this.#width = width;
    this.#starts = starts;
  }

  /** Writes the file and returns its SHA-256: `hidden` gives the normed hidden states of a batch, [N, D]. */
  static async write(
    path: string,
    rows: readonly TokenRow[],
    batcher: Batcher,
    hidden: (batch: Batch) => Promise<Float32Array>,
    progress: (tokens: number) => Promise<void>,
  ): Promise<string> {
    const hash = createHash("sha256");
    async function* pieces(): AsyncGenerator<Uint8Array> {
      for (const group of groupRows(rows, PASS_TOKENS)) {
        const batch = batcher.batch(group);
        const bytes = encode("bf16", await hidden(batch));
        hash.update(bytes);
        yield bytes;
        await progress(batch.tokens.length);
      }
    }
    await writeFileAtomic(path, pieces());
    return hash.digest("hex");
  }

  /** Whether a file exists and has this SHA-256. */
  static async isWhole(path: string, hash: string): Promise<boolean> {
    const found = await sha256OfFile(path).catch((error: unknown) => {
      if (failureOf(error).code === "not-found") return null;
      throw error;
    });
    return found === hash;
  }

  /** Opens a file that `write` made from the same rows. Throws `corrupt-file`. */
  static async open(path: string, rows: readonly TokenRow[], width: number): Promise<Teacher> {
    const starts = [0];
    for (const { ids } of rows) starts.push(starts.at(-1)! + ids.length - 1);
    const file = await open(path, "r");
    const { size } = await file.stat();
    if (size !== starts.at(-1)! * width * BYTES) {
      await file.close();
      fail({
        code: "corrupt-file",
        path,
        section: "teacher",
        reason: "its size does not match the training rows",
      });
    }
    return new Teacher(file, width, starts);
  }

  /** The hidden states of rows, concatenated. [N, D] */
  async hidden(rows: readonly number[]): Promise<Float32Array> {
    const tokens = rows.reduce((sum, row) => sum + this.#starts[row + 1]! - this.#starts[row]!, 0);
    const values = new Float32Array(tokens * this.#width);
    let done = 0;
    for (const row of rows) {
      const count = (this.#starts[row + 1]! - this.#starts[row]!) * this.#width;
      const bytes = new Uint8Array(count * BYTES);
      await this.#file.read(bytes, 0, bytes.length, this.#starts[row]! * this.#width * BYTES);
      decode("bf16", bytes, values.subarray(done));
      done += count;
    }
    return values;
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}
