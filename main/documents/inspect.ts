/** Inspects a person's files: their format, how they would be read, and what is unusable. Creates nothing. */
import { AppError, fail } from "../../native-models/failure.ts";
import type { DocumentChoices, FieldMappings, SplitName } from "../../preload/contract/data/data.ts";
import type { Column, InspectedFile, RowKind } from "../../preload/contract/data/inspection.ts";
import { isAnswer } from "./records/conversation.ts";
import type { ChatForm } from "./records/conversation.ts";
import { TextCutter } from "./cut-texts.ts";
import type { CutRequest } from "./cut-texts.ts";
import { openDocument } from "./formats.ts";
import { ownMappings } from "./records/guess-mapping.ts";
import { PersonalSurvey } from "./personal/survey.ts";
import { documentBytes } from "./files/regular-file.ts";
import { findRows, refuseLeftOut, refuseUnusable } from "./read-document.ts";
import type { SeenDocument } from "./read-document.ts";
import { cut, PREVIEW_CHARACTERS, previewOf } from "./preview.ts";
import { MOST_MILLION_CHARACTERS, SpreadRows } from "./splits/row-sample.ts";
import { charactersIn } from "./row.ts";
import type { Fields, ReadingOptions, Row, TextRow } from "./row.ts";
import { MEASURED_CHARACTERS, MEASURED_ROWS, tokenLengths } from "./records/token-lengths.ts";
import type { CountTokens } from "./records/token-lengths.ts";

const PREVIEW_ROWS = 20;
const SAMPLES = 3;
const SAMPLE_CHARACTERS = 60;
/** More columns than a person can map by hand. */
const MOST_COLUMNS = 100;

export interface InspectionRequest extends ReadingOptions {
  readonly mappings?: FieldMappings;
  /** How many training rows will be drawn at random; all of them if it is undefined. */
  readonly sampleRows?: number | undefined;
  readonly chat?: ChatForm;
  readonly countTokens?: CountTokens;
  readonly documents?: DocumentChoices;
}

/**
 * Inspects one file of a split, row by row, whatever its size. A problem with the file is returned as its `failure`; only other errors are
 * thrown.
 */
export async function inspectFile(
  path: string,
  split: SplitName,
  { mappings = {}, sampleRows, chat, countTokens, documents, ...options }: InspectionRequest,
): Promise<InspectedFile> {
  const rows = new SeenRows({ documents, countTokens });
  const personal = new PersonalSurvey(path);
  let sizeBytes = 0;
  let seen: SeenDocument | undefined;
  let failure: InspectedFile["failure"] = null;
  let lengths: InspectedFile["tokenLengths"] = null;
  try {
    sizeBytes = documentBytes(path);
    seen = findRows(path, await openDocument(path, options), mappings[path], (row) => {
      rows.take(row);
      personal.take(row);
    });
    rows.end();
    refuseUnusable(seen);
    if (split === "test" || split === "offDomain") refuseLeftOut(seen);
    if (countTokens) lengths = tokenLengths(rows.spread, countTokens, chat, rows.count);
    refuseTooMuch(path, rows.characters, split === "train" ? (sampleRows ?? seen.count) / seen.count : 1);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    failure = error.failure;
  }
  const mapping = seen ? (seen.mapping ?? ownMappingOf(seen.head)) : null;
  return {
    path,
    split,
    sizeBytes,
    format: seen?.format ?? null,
    details: seen?.details ?? {},
    columns: seen ? columnsIn(seen) : [],
    kind: seen ? kindOf(seen) : null,
    mapping,
    rows: rows.counts,
    severalAnswers: rows.severalAnswers,
    preview: rows.preview,
    leftOut: [...(seen?.leftOut ?? [])],
    characters: rows.characters,
    tokenLengths: lengths,
    ...personal.result,
    failure,
  };
}

/** What is remembered of the rows of a file. */
class SeenRows {
  readonly counts = { examples: 0, questions: 0, conversations: 0 };
  readonly preview: InspectedFile["preview"] = [];
  count = 0;
  severalAnswers = 0;
  characters = 0;
  readonly #cutter: TextCutter;
  readonly #spread = new SpreadRows(3 * MEASURED_ROWS, 4 * MEASURED_CHARACTERS);

  constructor(request: CutRequest) {
    this.#cutter = new TextCutter(request);
  }

  get spread(): readonly Row[] {
    return this.#spread.rows;
  }

  take(row: Row | TextRow): void {
    for (const one of this.#cutter.cut(row)) this.#add(one);
  }

  /** To be called after the last row. */
  end(): void {
    for (const one of this.#cutter.rest()) this.#add(one);
  }

  #add(row: Row): void {
    this.count++;
    this.counts[`${row.kind}s`]++;
    if (row.kind === "conversation" && row.conversation.filter(isAnswer).length > 1) this.severalAnswers++;
    this.characters += charactersIn(row);
    if (this.preview.length < PREVIEW_ROWS) this.preview.push(previewOf(row));
    this.#spread.take(row);
  }
}

/** Throws `too-much-data` if this share of a file's rows could not be held in memory. */
function refuseTooMuch(path: string, characters: number, share: number): void {
  const millionCharacters = MOST_MILLION_CHARACTERS;
  if (characters * Math.min(1, share) > millionCharacters * 1e6)
    fail({ code: "too-much-data", path, millionCharacters });
}

function columnsIn({ head, columns }: SeenDocument): Column[] {
  return columns.slice(0, MOST_COLUMNS).map((name) => {
    const texts = head.flatMap((fields) => {
      const text = Object.hasOwn(fields, name) ? sampleText(fields[name]) : ""; // every object has a "constructor"
      return text === "" ? [] : [text];
    });
    const samples = [...new Set(texts)].slice(0, SAMPLES);
    return { name: name.slice(0, PREVIEW_CHARACTERS), filled: texts.length, samples };
  });
}

function sampleText(value: unknown): string {
  if (value === null || value === undefined) return "";
  return cut((typeof value === "string" ? value : jsonOf(value)).trim(), SAMPLE_CHARACTERS);
}

/** JSON can be parsed deeper than it can be serialised. */
function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return "…";
  }
}

/** The mapping of the first record whose names determine it. */
function ownMappingOf(head: readonly Fields[]): InspectedFile["mapping"] {
  const ownMapping = ownMappings(head);
  for (const fields of head) {
    const mapping = ownMapping(fields);
    if (mapping) return mapping;
  }
  return null;
}

function kindOf({ head, mapping, count }: SeenDocument): RowKind | null {
  if (count === 0) return null;
  if (head.length === 0) return "text";
  const kind = mapping?.kind ?? ownMappingOf(head)?.kind;
  return kind === "table" ? "text" : (kind ?? null);
}
