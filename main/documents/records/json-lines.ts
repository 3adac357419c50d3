/** JSONL: a JSON object on each line. */
import type { BadDataReason } from "../../../preload/contract/failures/bad-data.ts";
import { fail } from "../../../native-models/failure.ts";
import { EXTENSIONS } from "../../../preload/contract/data/data-files.ts";
import type { Line } from "../files/lines.ts";
import type { DataRecord, DocumentFormat, Fields } from "../row.ts";
import { openLines } from "../files/text-chunks.ts";

/** The records of a JSONL file. Throws `not-found`, `unreadable`, and `bad-data` at the first line that is not a JSON object. */
export const jsonLines: DocumentFormat = {
  extensions: EXTENSIONS.jsonl,
  open(path) {
    const { encoding, lines } = openLines(path);
    return { format: "jsonl", kind: "records", details: { encoding }, records: recordsOf(path, lines) };
  },
};

function* recordsOf(path: string, lines: Iterable<Line>): Generator<DataRecord> {
  for (const line of filledLines(lines)) yield recordOfLine(path, line);
}

/** The lines that are not blank. */
export function* filledLines(lines: Iterable<Line>): Generator<Line> {
  for (const line of lines) if (line.text.trim() !== "") yield line;
}

/** Throws `bad-data` if the line is not a JSON object. */
export function recordOfLine(path: string, { number: line, text }: Line): DataRecord {
  const refuse = (reason: BadDataReason): never => fail({ code: "bad-data", path, line, reason });
  return { line, fields: objectOf(text, refuse) };
}

function objectOf(text: string, refuse: (reason: BadDataReason) => never): Fields {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const spread = /^\s*[[{]\s*$/.test(text);
    return refuse(spread ? "part-of-json" : "bad-json");
  }
  if (Array.isArray(value)) return refuse("json-list");
  if (typeof value !== "object" || value === null) return refuse("no-object");
  return value as Fields;
}
