/** The document formats that can be read, told apart by the end of a file's name. */
import { extname } from "node:path";
import { fail } from "../../../native-models/failure.ts";
import { jsonLines } from "./json-lines.ts";
import { plainText } from "./plain-text.ts";
import type { DocumentFormat, Row } from "./row.ts";

const formats: readonly DocumentFormat[] = [jsonLines, plainText];

/** The ends of names that are understood, such as ".jsonl". */
export const supportedExtensions: readonly string[] = formats.flatMap(({ extensions }) => extensions);

/** Whether a file's name says that it can be read. */
export function isSupported(path: string): boolean {
  return supportedExtensions.includes(extname(path).toLowerCase());
}

/** The rows of a document. Throws `unsupported-format`, `not-found`, `unreadable`, `bad-data` (a file without any row, too). */
export function* readDocument(path: string): Generator<Row> {
  const format = formats.find(({ extensions }) => extensions.includes(extname(path).toLowerCase()));
  if (!format) fail({ code: "unsupported-format", path, supported: [...supportedExtensions] });
  let empty = true;
  for (const row of format.read(path)) {
    empty = false;
    yield row;
  }
  if (empty) fail({ code: "bad-data", path, reason: "the file is empty" });
}
