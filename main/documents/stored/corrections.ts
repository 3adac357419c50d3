/** Corrections of a model's answers as a dataset: right answers to train on, and the wrong ones to compare them with. */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { z } from "zod";
import { fail } from "../../../native-models/failure.ts";
import { makeFolder, writeFileAtomic } from "../../../native-models/formats/atomic.ts";
import type { HeldOutSplit } from "../../../preload/contract/chat/correction.ts";
import { DatasetReport, Example } from "../../../preload/contract/data/data.ts";
import type { Conversation, Split } from "../../../preload/contract/data/data.ts";
import { askedText } from "./asked-text.ts";
import { conversationExample, lastTurn, renderedSplit, withLastAnswerOnly } from "../records/conversation.ts";
import type { ChatForm } from "../records/conversation.ts";
import { openDocument } from "../formats.ts";
import { heldOutSplits } from "./held-out.ts";
import { findRows, refuseLeftOut } from "../read-document.ts";
import { charactersIn, splitOf } from "../row.ts";
import type { Corrected, DataRecord, Fields, OpenDocument, Row, TextRow } from "../row.ts";
import {
  datasetHash,
  parsedFile,
  readReport,
  requiredSplit,
  REPORT_FILE,
  writeSplit,
} from "./split-files.ts";
import { rowsOfFile, writeStoredRows } from "./stored-rows.ts";
import { tokenLengths } from "../records/token-lengths.ts";
import type { CountTokens } from "../records/token-lengths.ts";

/** In a dataset of corrections: for each training row, the answer that it corrects, or null if that was empty. */
const WRONG_FILE = "wrong.json";
const WrongAnswers = z.array(Example.nullable());
/** The test questions that it teaches: they no longer measure the model. */
const LEARNT_FILE = "learnt-questions.json";
const LearntQuestions = z.array(z.string());

type CorrectionRow = Row & { readonly kind: "conversation" };

export interface CorrectionsRequest {
  /** A file of JSON lines: `messages` that end with the right answer, `wrong`, `passage`. */
  readonly corrections: string;
  /** The dataset of the run that is corrected: corrections of questions in its held-out parts are left out. */
  readonly against: string;
  /** The first of the runs whose models were corrected. Equal corrections of another lineage are a different dataset. */
  readonly lineage: string;
  readonly out: string;
  readonly chat: ChatForm;
  readonly countTokens: CountTokens;
}

/** What a dataset of corrections teaches. */
export interface Corrections {
  readonly right: readonly Example[];
  /** Wrong answers to the same questions, in the same order; null where the answer was empty. */
  readonly wrong: readonly (Example | null)[];
  /** Test questions among them, as a person asked them (asked-text.ts). */
  readonly learnt: readonly string[];
}

/** A file with more text is not one of corrections. */
const MOST_CHARACTERS = 500_000;

/**
 * The corrections in a person's file: questions with right answers, in any form that data has, or conversations that end with them,
 * each with the answer that was "wrong" and a "passage", if they are known. Throws `not-found`, `unreadable`, `bad-data` at the first
 * row that is neither, `too-much-data`, `too-little-data`.
 */
export async function personsCorrections(path: string): Promise<({ messages: Conversation } & Corrected)[]> {
  const opened = await openDocument(path);
  const found: ({ messages: Conversation } & Corrected)[] = [];
  const beside = new Map<Fields, Corrected>();
  let characters = 0;
  const take = (row: Row | TextRow, fields?: Fields) => {
    const messages = answeredIn(row);
    if (!messages || !fields)
      return fail({ code: "bad-data", path, line: row.line, reason: "no-correction" });
    const { wrong, passage } = beside.get(fields)!;
    beside.delete(fields);
    characters += charactersIn(row) + wrong.length + passage.length;
    if (characters > MOST_CHARACTERS)
      fail({ code: "too-much-data", path, millionCharacters: MOST_CHARACTERS / 1e6 });
    found.push({ messages, wrong, passage });
  };
  refuseLeftOut(findRows(path, withoutCorrected(opened, beside), undefined, take));
  if (found.length === 0) fail({ code: "too-little-data", what: "corrections", rows: 0, needed: 1 });
  return found;
}

/** Records without the fields that only corrections have, which are put into `beside`: a passage is not part of the question. */
function withoutCorrected(document: OpenDocument, beside: Map<Fields, Corrected>): OpenDocument {
  if (document.kind === "text") return document;
  function* records(all: Iterable<DataRecord>): Generator<DataRecord> {
    for (const record of all) {
      const { wrong, passage, ...fields } = record.fields;
      const textOf = (value: unknown) => (typeof value === "string" ? value : "");
      beside.set(fields, { wrong: textOf(wrong), passage: textOf(passage) });
      yield { ...record, fields };
    }
  }
  return { ...document, records: records(document.records) };
}

/** The messages up to the right answer; null if a row has none. */
function answeredIn(row: Row | TextRow): Conversation | null {
  if (row.kind === "conversation") {
    const { before, answer } = lastTurn(row.conversation);
    return [...before, { role: "assistant", content: answer }];
  }
  if (row.kind !== "example" || row.example.prompt.trim() === "") return null;
  const { prompt, completion } = row.example;
  return [
    { role: "user", content: prompt.trim() },
    { role: "assistant", content: completion.trim() },
  ];
}

/** For each correction in a file, the held-out part of `against` that contains its question, or null. Throws `unreadable`, `bad-data`. */
export function heldOutCorrections(corrections: string, against: string): (HeldOutSplit | null)[] {
  return heldOut(correctionsIn(corrections), against);
}

/**
 * Writes the corrections whose questions are in no validation or off-domain part to `out`: a dataset with training rows only. Those of test
 * questions are taught, and listed, so that these questions no longer measure the model. Throws `unreadable`,
 * `bad-data`, `too-little-data` if none is left, `template-failed`, `disk-full`, `unwritable`.
 */
export async function writeCorrections({
  corrections,
  against,
  lineage,
  out,
  chat,
  countTokens,
}: CorrectionsRequest): Promise<DatasetReport> {
  const all = correctionsIn(corrections);
  const splits = heldOut(all, against);
  const isTaught = (split: HeldOutSplit | null | undefined) => split === null || split === "test";
  const rows = all.filter((_, index) => isTaught(splits[index]));
  const learnt = all
    .filter((_, index) => splits[index] === "test")
    .map(({ conversation }) => lastTurn(conversation).before.at(-1)!.content);
  if (rows.length === 0) fail({ code: "too-little-data", what: "corrections", rows: 0, needed: 1 });
  makeFolder(out);
  const { choiceStyle } = readReport(against, DatasetReport.pick({ choiceStyle: true }));
  await writeSplit(out, "train", renderedSplit(splitOf(rows), choiceStyle, chat));
  const wrong = rows.map((row) => wrongExample(row, chat));
  await writeFileAtomic(join(out, WRONG_FILE), JSON.stringify(wrong));
  await writeFileAtomic(join(out, LEARNT_FILE), JSON.stringify(learnt));
  const stored = await writeStoredRows(out, { train: rows, valid: [], test: [], offDomain: [] });
  const rowsHash = sha256(`${lineage} ${stored}`);
  const report = reportOf(rows, {
    hash: sha256(`${await datasetHash(out)} ${rowsHash}`), // the wrong answers are not in the split files
    rowsHash,
    lineage,
    choiceStyle,
    tokenLengths: tokenLengths(rows, countTokens, chat),
  });
  await writeFileAtomic(join(out, REPORT_FILE), `${JSON.stringify(report, null, 2)}\n`);
  return report;
}

/** Throws `not-found`, `unreadable`, `bad-data`. */
export function readCorrections(folder: string): Corrections {
  const { examples: right } = requiredSplit(folder, "train");
  const path = join(folder, WRONG_FILE);
  const wrong = parsedFile(path, WrongAnswers);
  if (wrong.length !== right.length) return fail({ code: "bad-data", path, reason: "damaged-improvement" });
  return { right, wrong, learnt: parsedFile(join(folder, LEARNT_FILE), LearntQuestions) };
}

/** A test split without the questions that corrections teach. */
export function withoutLearnt<S extends Pick<Split, "examples" | "questions">>(
  split: S,
  { learnt }: Pick<Corrections, "learnt">,
): S {
  const taught = new Set(learnt);
  return {
    ...split,
    examples: split.examples.filter((example) => !taught.has(askedText(example))),
    questions: split.questions.filter((question) => !taught.has(askedText(question))),
  };
}

/** The model's earlier answers were not corrected, so they are not learnt. */
function correctionsIn(path: string): CorrectionRow[] {
  const rows: CorrectionRow[] = [];
  for (const row of rowsOfFile(path))
    if (row.kind === "conversation")
      rows.push({ ...row, conversation: withLastAnswerOnly(row.conversation) });
  return rows;
}

function heldOut(rows: readonly CorrectionRow[], against: string): (HeldOutSplit | null)[] {
  const asked = rows.map(({ conversation }) => conversation);
  return heldOutSplits(asked, against);
}

function wrongExample({ conversation, correction }: CorrectionRow, chat: ChatForm): Example | null {
  const wrong = correction?.wrong ?? "";
  if (wrong.trim() === "") return null;
  const answered: Conversation = [
    ...lastTurn(conversation).before,
    { role: "assistant", content: wrong.trim() },
  ];
  return conversationExample(answered, chat);
}

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

const NONE = { withinTrain: 0, trainInValid: 0, trainInTest: 0, trainInOffDomain: 0, validInTest: 0 };

function reportOf(
  rows: readonly Row[],
  read: Pick<DatasetReport, "hash" | "rowsHash" | "lineage" | "choiceStyle" | "tokenLengths">,
): DatasetReport {
  const train = { examples: 0, questions: 0, conversations: rows.length, files: [] };
  return {
    ...read,
    corrections: true,
    splits: { train, valid: null, test: null, offDomain: null },
    choiceStyleRows: { letters: 0, plain: 0 },
    testBaselines: null,
    duplicates: NONE,
    notes: ["corrections"],
  };
}
