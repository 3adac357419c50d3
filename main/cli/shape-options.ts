/** Options that say what an answer must be. */
import { Option } from "commander";
import type { Command } from "commander";
import { fail } from "../../native-models/failure.ts";
import type { AnswerShape } from "../../preload/contract/chat/chat.ts";
import { readTextFile } from "../documents/encodings/text-encoding.ts";

export interface ShapeOptions {
  schema?: string;
  choices?: string[];
  pattern?: string;
}

export function addShape(command: Command): Command {
  return command
    .addOption(
      new Option("--schema <file>", "answer with JSON that this JSON schema allows").conflicts([
        "choices",
        "pattern",
      ]),
    )
    .addOption(new Option("--choices <text...>", "answer with one of these texts").conflicts("pattern"))
    .option("--pattern <regex>", "answer with a text that this regular expression matches as a whole");
}

/** The requested shape, if any. Failures: not-found, unreadable, bad-data. */
export function shapeOf({ schema, choices, pattern }: ShapeOptions): AnswerShape | undefined {
  if (schema !== undefined) return { kind: "json-schema", schema: readJson(schema) };
  if (choices !== undefined) return { kind: "choices", choices };
  return pattern === undefined ? undefined : { kind: "pattern", pattern };
}

function readJson(path: string): unknown {
  const text = readTextFile(path);
  try {
    return JSON.parse(text);
  } catch {
    return fail({ code: "bad-data", path, reason: "bad-json" });
  }
}
