/** Options that say what an answer must be. */
import { InvalidArgumentError } from "commander";
import type { Command } from "commander";
import { readFileSync } from "node:fs";
import { fail } from "../../native-models/failure.ts";
import type { Shape } from "../../preload/contract/chat.ts";

export interface ShapeOptions {
  schema?: string;
  choices?: string[];
  pattern?: string;
}

export function addShape(command: Command): Command {
  return command
    .option("--schema <file>", "answer with JSON that this JSON schema allows")
    .option("--choices <text...>", "answer with one of these texts")
    .option("--pattern <regex>", "answer with a text that this regular expression matches as a whole");
}

/** The shape that was asked for, if any. Failures: not-found, unreadable, bad-data. */
export function shapeOf({ schema, choices, pattern }: ShapeOptions): Shape | undefined {
  const shapes: Shape[] = [
    ...(schema === undefined ? [] : [{ kind: "json-schema" as const, schema: readJson(schema) }]),
    ...(choices === undefined ? [] : [{ kind: "choices" as const, choices }]),
    ...(pattern === undefined ? [] : [{ kind: "pattern" as const, pattern }]),
  ];
  if (shapes.length > 1) throw new InvalidArgumentError("Use only one of --schema, --choices and --pattern.");
  return shapes[0];
}

function readJson(path: string): unknown {
  const text = readFileSync(path, "utf8");
  try {
    return JSON.parse(text);
  } catch {
    return fail({ code: "bad-data", path, reason: "it is not JSON" });
  }
}
