/** One input tried: whether the parser gave a value or a failure, or something else. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "../../native-models/failure.ts";
import type { Files, FuzzedParser } from "./parser.ts";

/** The outcome of an input: correct (`refused` says how it was refused), or an error that no parser may throw. */
export interface Verdict {
  readonly error: string | null;
  readonly refused: string | null;
}

/** Writes the files into an empty folder and parses them. */
export async function judge(parser: FuzzedParser, files: Files, folder: string): Promise<Verdict> {
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
  try {
    await parser.parse(folder);
    return { error: null, refused: null };
  } catch (error) {
    if (error instanceof AppError && error.failure.code !== "internal")
      return { error: null, refused: error.message };
    return { error: told(error), refused: null };
  } finally {
    if (Object.keys(files).length > 1) empty(folder);
  }
}

function empty(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
}

/** An error by its kind and its positions in our code, so that each bug is reported once. */
function told(error: unknown): string {
  if (!(error instanceof Error)) return `threw ${String(error)}`;
  const places = [...(error.stack ?? "").matchAll(/(?:native-models|main|node_modules)\/[\w@./-]+:\d+/g)];
  const message = error.message.replace(/\S*coppice-fuzz\S*/g, "FILE").slice(0, 200);
  return `${error.name}: ${message} (${places
    .slice(0, 3)
    .map(([place]) => place)
    .join(" < ")})`;
}
