/** Rows of data as JSONL, JSON and CSV: the forms that people bring. */
import { join } from "node:path";
import iconv from "iconv-lite";
import type { Random } from "../../../native-models/random.ts";
import { chance, pick, several, textOf } from "../draw.ts";
import { changedJson, jsonBytes } from "../json-values.ts";
import type { Json } from "../json-values.ts";
import type { FuzzedParser } from "../parser.ts";
import { damaged } from "../pieces.ts";
import { lookedAt } from "./document.ts";

type Row = { [key: string]: Json };

/** Rows of one form. Valid ones hold what every form wants. */
function rowsOf(random: Random, odd: boolean): Row[] {
  const text = () => (odd ? textOf(random) : "some text");
  const forms: (() => Row)[] = [
    () => ({ prompt: text(), completion: text() }),
    () => ({ question: text(), choices: ["one", "two", text()], answer: 1, task: text() }),
    () => ({
      messages: [
        { role: "system", content: text() },
        { role: "user", content: text() },
        { role: "assistant", content: text() },
      ],
    }),
    () => ({
      conversations: [
        { from: "human", value: text() },
        { from: "gpt", value: text() },
      ],
    }),
    () => ({ text: text(), source: "s" }),
    () => ({ Frage: text(), Antwort: text(), Vertrag: pick(random, ["v1", "v2"]) }),
    () => ({ question: text(), option_a: "one", option_b: "two", correct: pick(random, ["A", "B"]) }),
    () => ({ instruction: text(), input: "", output: text(), __proto__x: 1 }),
    () => ({
      query: text(),
      response: text(),
      history: [
        ["", text()],
        [text(), "some text"],
      ],
    }),
    () => ({
      systemInstruction: { parts: [{ text: "some text" }] },
      contents: [
        { role: "user", parts: [{ text: text() }] },
        { role: "model", parts: [{ text: text() }] },
      ],
    }),
    () => ({
      messages: [
        { role: "user", content: text() },
        { role: "assistant", content: text() },
      ],
      label: true,
    }),
    () => ({
      context: text(),
      question: text(),
      answers: { text: odd && chance(random, 50) ? [] : [text()], answer_start: [0] },
    }),
  ];
  const form = pick(random, forms);
  return several(random, 1, 6, () => (odd && chance(random, 10) ? pick(random, forms)() : form()));
}

const parseAs = (name: string) => (folder: string) => lookedAt(join(folder, name));

export const jsonLines: FuzzedParser = {
  name: "jsonl",
  shortCount: 2000,
  make(random, isChanged) {
    const lines = rowsOf(random, isChanged).map((row) => {
      const change = isChanged && chance(random, 30);
      return jsonBytes(change ? changedJson(row, random) : row, random, change);
    });
    const end = isChanged ? pick(random, ["\n", "\r\n", "\n\n", "\r"]) : "\n";
    const bytes = Buffer.concat(lines.flatMap((line) => [line, Buffer.from(end)]));
    return { "rows.jsonl": isChanged ? inAnotherEncoding(bytes, random) : bytes };
  },
  parse: parseAs("rows.jsonl"),
};

export const json: FuzzedParser = {
  name: "json",
  shortCount: 2000,
  make(random, isChanged) {
    const rows = rowsOf(random, isChanged);
    const value: Json = chance(random, 50) ? rows : { version: 1, data: rows, tags: ["x"] };
    const bytes = jsonBytes(
      isChanged ? changedJson(value, random) : value,
      random,
      isChanged,
      random.integer(3),
    );
    return { "rows.json": isChanged ? inAnotherEncoding(bytes, random) : bytes };
  },
  parse: parseAs("rows.json"),
};

export const csv: FuzzedParser = {
  name: "csv",
  shortCount: 2000,
  make(random, isChanged) {
    const rows = rowsOf(random, isChanged);
    const delimiter = pick(random, [",", ";", "\t", "|"]);
    const cell = (value: Json | undefined): string => {
      const text = typeof value === "string" ? value : JSON.stringify(value ?? "");
      if (isChanged && chance(random, 5)) return text; // a quote or delimiter that is not put in quotes
      return /["\n\r]/.test(text) || text.includes(delimiter) || chance(random, 20)
        ? `"${text.replace(/"/g, '""')}"`
        : text;
    };
    const names = Object.keys(rows[0]!);
    const lines = [names.map(cell), ...rows.map((row) => names.map((name) => cell(row[name])))];
    if (isChanged && chance(random, 20)) pick(random, lines).push("more");
    if (isChanged && chance(random, 20)) lines.splice(random.integer(lines.length), 1);
    if (isChanged && chance(random, 10)) lines.unshift([`sep=${delimiter}`]);
    const end = isChanged ? pick(random, ["\n", "\r\n", "\r"]) : "\n";
    const bytes = Buffer.from(lines.map((line) => line.join(delimiter)).join(end) + end);
    return {
      "rows.csv": isChanged
        ? inAnotherEncoding(chance(random, 30) ? damaged(bytes, random) : bytes, random)
        : bytes,
    };
  },
  parse: parseAs("rows.csv"),
};

/** The same text as other programs write it, mostly as it is. */
function inAnotherEncoding(bytes: Buffer, random: Random): Buffer {
  switch (random.integer(20)) {
    case 0:
      return Buffer.from(`\ufeff${bytes.toString("utf8")}`, "utf16le");
    case 1:
      return Buffer.from(`\ufeff${bytes.toString("utf8")}`, "utf16le").swap16();
    case 2:
      return Buffer.from(bytes.toString("utf8"), "latin1");
    case 3:
      return Buffer.concat([Buffer.of(0xef, 0xbb, 0xbf), bytes]);
    case 4:
      return iconv.encode(`${bytes.toString("utf8")}Bürgen;für Größen`, pick(random, ["macintosh", "cp850"]));
    default:
      return bytes;
  }
}
