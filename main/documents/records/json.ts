/** JSON: one list of objects, or an object that holds one. */
import { fail } from "../../../native-models/failure.ts";
import { EXTENSIONS, splitOfFolder } from "../../../preload/contract/data/data-files.ts";
import { readDocumentBytes } from "../files/regular-file.ts";
import { isObject } from "../row.ts";
import type { DataRecord, DocumentFormat } from "../row.ts";
import { decodeText } from "../encodings/text-encoding.ts";

/** The records of a JSON file. Throws `not-found`, `unreadable`, and `bad-data`: invalid JSON, or no list of objects in it. */
export const json: DocumentFormat = {
  extensions: EXTENSIONS.json,
  open(path) {
    const { text, encoding } = decodeText(path, readDocumentBytes(path));
    return { format: "json", kind: "records", details: { encoding }, records: recordsOf(path, text) };
  },
};

function* recordsOf(path: string, text: string): Generator<DataRecord> {
  const { key, list } = listOf(path, parsed(path, text));
  const lines = elementLines(text, key);
  for (const [index, value] of list.entries()) {
    const line = lines[index] ?? 1;
    if (isObject(value)) yield { line, fields: value };
    else yield { line, fields: {}, problem: { code: "not-an-object" } };
  }
}

function parsed(path: string, text: string): unknown {
  if (text.trim() === "") fail({ code: "bad-data", path, reason: "empty" });
  try {
    return JSON.parse(text);
  } catch (error) {
    const { message } = error as Error;
    if (/end of JSON input|Unterminated/.test(message)) {
      fail({ code: "bad-data", path, reason: "truncated" });
    }
    const position = /at position (\d+)/.exec(message)?.[1];
    const line = position === undefined ? {} : { line: text.slice(0, Number(position)).split("\n").length };
    fail({ code: "bad-data", path, ...line, reason: "bad-json" });
  }
}

/**
 * The list itself, or the longest list of objects among an object's values with its key. Lists that are named as splits are not read as one:
 * the rows of one would be lost, or learnt and tested. Throws `bad-data`.
 */
function listOf(path: string, value: unknown): { key: string | null; list: unknown[] } {
  if (Array.isArray(value) && value.some(isObject)) return { key: null, list: value };
  if (isObject(value)) {
    const lists = Object.entries(value).flatMap(([key, list]) =>
      Array.isArray(list) && list.some(isObject) ? [{ key, list: list as unknown[] }] : [],
    );
    const splits = lists.filter(({ key }) => splitOfFolder(key) !== undefined).map(({ key }) => `"${key}"`);
    if (splits.length > 1) {
      fail({ code: "bad-data", path, reason: { code: "several-lists", names: splits } });
    }
    const longest = lists.sort((a, b) => b.list.length - a.list.length)[0];
    if (longest) return longest;
  }
  fail({ code: "bad-data", path, reason: "no-list" });
}

/** The line on which each element of the list starts, in valid JSON: the list is the text itself or the value of `key` in it. */
function elementLines(text: string, key: string | null): number[] {
  const lines: number[] = [];
  const listDepth = key === null ? 1 : 2;
  const token = /"(?:[^"\\]+|\\.)*"|[[\]{}]|\n|[^\s[\]{},:"]+/g;
  let [line, depth, inList, lastKey] = [1, 0, key === null, ""];
  for (let match; (match = token.exec(text));) {
    const [piece] = match;
    if (piece === "\n") {
      line++;
      continue;
    }
    const closes = piece === "]" || piece === "}";
    if (inList && depth === listDepth && !closes) lines.push(line);
    if (closes) {
      if (--depth < listDepth && inList) return lines;
    } else if (piece === "[" || piece === "{") {
      depth++;
      if (depth === 2 && key !== null && piece === "[" && lastKey === key) inList = true;
    } else if (depth === 1 && key !== null && piece.startsWith('"')) {
      lastKey = JSON.parse(piece) as string;
    }
  }
  return lines;
}
