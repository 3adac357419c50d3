/** The files of a folder that comes from another computer. */
import { lstatSync } from "node:fs";
import { join } from "node:path";
import type { z } from "zod";
import { fail } from "../../../native-models/failure.ts";
import { FileBytes } from "../../../native-models/formats/bytes.ts";
import { parsedJson } from "../../../native-models/formats/parsed-json.ts";
import { sha256OfFile } from "../../../native-models/formats/sha256.ts";
import type { JobProblem } from "../../../preload/contract/failures/home.ts";

/** No JSON text is longer. */
const MOST_TEXT_BYTES = 2 ** 28;

/** A folder of which only plain files are read: no links, pipes or devices, and nothing behind a link. Its methods throw `bad-job`. */
export class PlainFolder {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  refuse(problem: JobProblem, file: string): never {
    return fail({ code: "bad-job", path: this.#path, file, problem });
  }

  has(name: string): boolean {
    return lstatSync(join(this.#path, name), { throwIfNoEntry: false }) !== undefined;
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

  /** The path of a file that is no link, nor in one. */
  plain(name: string): string {
    const names = name.split("/");
    for (const [index] of names.entries()) {
      const found = lstatSync(join(this.#path, ...names.slice(0, index + 1)), { throwIfNoEntry: false });
      if (!found) return this.refuse("changed", name);
      if (index < names.length - 1 ? !found.isDirectory() : !found.isFile())
        return this.refuse("contents", name);
    }
    return join(this.#path, name);
  }
}
