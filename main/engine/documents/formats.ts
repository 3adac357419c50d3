/** The document formats that can be read, told apart by the end of a file's name. */
import { extname } from "node:path";
import { fail } from "../../../native-models/failure.ts";
import { jsonLines } from "./json-lines.ts";
import { plainText } from "./plain-text.ts";
import { charactersIn } from "./row.ts";
import type { DocumentFormat, Row } from "./row.ts";

const formats: readonly DocumentFormat[] = [jsonLines, plainText];

/** The ends of names that are understood, such as ".jsonl". */
export const supportedExtensions: readonly string[] = formats.flatMap(({ extensions }) => extensions);

/** Whether a file's name says that it can be read. */
export function isSupported(path: string): boolean {
  return supportedExtensions.includes(extname(path).toLowerCase());
}

/** Far more than this kind of computer can train on, little enough to hold at once, and within a string as JSON. */
const MOST_MILLION_CHARACTERS = 128;

/** The rows of several documents, all in memory. Throws what `readDocument` throws, and `bad-data` over 128 million characters. */
export function readDocuments(paths: readonly string[]): Row[] {
  const rows: Row[] = [];
  let characters = 0;
  for (const path of paths) {
    for (const row of readDocument(path)) {
      characters += charactersIn(row);
      if (characters > MOST_MILLION_CHARACTERS * 1e6) {
        const reason = `the data is over ${MOST_MILLION_CHARACTERS} million characters; take a part of it`;
        fail({ code: "bad-data", path, line: row.line, reason });
      }
      rows.push(row);
    }
  }
  return rows;
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
