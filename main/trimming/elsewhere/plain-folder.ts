/** The files of a folder that comes from another computer. */
import { closeSync, constants, fstatSync, lstatSync, openSync, readSync } from "node:fs";
import type { Stats } from "node:fs";
import { join } from "node:path";
import type { z } from "zod";
import { AppError, fail } from "../../../native-models/failure.ts";
import { fileReasonOf } from "../../../native-models/file-reasons.ts";
import { FileBytes, UNREADABLE } from "../../../native-models/formats/bytes.ts";
import { parsedJson } from "../../../native-models/formats/parsed-json.ts";
import { sha256OfFile } from "../../../native-models/formats/sha256.ts";
import type { JobProblem } from "../../../preload/contract/failures/home.ts";

/** No JSON text is longer. */
const MOST_TEXT_BYTES = 2 ** 28;

/** A folder of which only plain files are read: no links, pipes or devices, and nothing behind a link. Its methods throw `bad-job`, `unreadable`. */
export class PlainFolder {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  refuse(problem: JobProblem, file: string): never {
    return fail({ code: "bad-job", path: this.#path, file, problem });
  }

  has(name: string): boolean {
    return this.#stats(name) !== undefined;
  }

  /** The path of a file that has this hash. */
  async check(name: string, hash: string | undefined): Promise<string> {
    const path = this.plain(name);
    if ((await sha256OfFile(path)) !== hash) this.refuse("changed", name);
    return path;
  }

  json<T>(name: string, schema: z.ZodType<T>, problem: JobProblem): T {
    const parsed = schema.safeParse(parsedJson(this.text(name)));
    return parsed.success ? parsed.data : this.refuse(problem, name);
  }

  text(name: string): string {
    const file = FileBytes.open(this.plain(name));
    try {
      if (file.sizeBytes > MOST_TEXT_BYTES) return this.refuse("contents", name);
      return Buffer.from(file.read(0, file.sizeBytes, "file")).toString("utf8");
    } finally {
      file.close();
    }
  }

  /**
   * The bytes of a file that may be growing, from `after` on, or from its start if it ends before that; only the last `most` of them. And where
   * they start, and when the file was last written.
   */
  tail(name: string, after: number, most: number): { start: number; bytes: Buffer; writtenMs: number } {
    const path = this.plain(name);
    return this.#reading(name, () => {
      const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
      try {
        const stats = fstatSync(file);
        if (!stats.isFile()) this.refuse("contents", name);
        const start = Math.max(stats.size < after ? 0 : after, stats.size - most);
        const bytes = Buffer.alloc(stats.size - start);
        return {
          start,
          bytes: bytes.subarray(0, readSync(file, bytes, 0, bytes.length, start)),
          writtenMs: stats.mtimeMs,
        };
      } finally {
        closeSync(file);
      }
    });
  }

  #stats(name: string): Stats | undefined {
    return this.#reading(name, () => lstatSync(join(this.#path, name), { throwIfNoEntry: false }));
  }

  #reading<T>(name: string, read: () => T): T {
    try {
      return read();
    } catch (error) {
      if (error instanceof AppError) throw error;
      const reason = fileReasonOf(error as Error, UNREADABLE);
      return fail({ code: "unreadable", path: join(this.#path, name), reason });
    }
  }

  /** The path of a file that is no link, nor in one. */
  plain(name: string): string {
    const names = name.split("/");
    for (const [index] of names.entries()) {
      const found = this.#stats(names.slice(0, index + 1).join("/"));
      if (!found) return this.refuse("changed", name);
      if (index < names.length - 1 ? !found.isDirectory() : !found.isFile())
        return this.refuse("contents", name);
    }
    return join(this.#path, name);
  }
}
