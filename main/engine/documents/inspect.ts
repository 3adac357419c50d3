/** Inspects a person's files: their format, how they would be read, and what is unusable. Creates nothing. */
import { AppError } from "../../../native-models/failure.ts";
import type { DocumentChoices, FieldMappings, SplitName } from "../../../preload/contract/data.ts";
import type { Column, InspectedFile, RowKind } from "../../../preload/contract/inspection.ts";
import type { ChatForm } from "./conversation.ts";
import { rowsOf } from "./cut-texts.ts";
import { openDocument } from "./formats.ts";
import { columnsOf, ownMapping } from "./guess-mapping.ts";
import { statusOf } from "./file-descriptor.ts";
import { CharacterLimit, findRows, refuseLeftOut, refuseUnusable } from "./read-document.ts";
import type { FoundDocument } from "./read-document.ts";
import { cut, PREVIEW_CHARACTERS, previewOf } from "./preview.ts";
import { charactersIn } from "./row.ts";
import type { Fields, ReadingOptions, Row } from "./row.ts";
import { tokenLengths } from "./token-lengths.ts";
import type { CountTokens } from "./token-lengths.ts";

const PREVIEW_ROWS = 20;
const SAMPLES = 3;
const SAMPLE_CHARACTERS = 60;
/** More columns than a person can map by hand. */
const MOST_COLUMNS = 100;

export interface InspectionRequest extends ReadingOptions {
  readonly mappings?: FieldMappings;
  readonly chat?: ChatForm;
  readonly countTokens?: CountTokens;
  readonly documents?: DocumentChoices;
}

/** One file of a split; a problem with it is its `failure`. Throws only other errors. */
export async function inspectFile(
  path: string,
  split: SplitName,
  { mappings = {}, chat, countTokens, documents, ...options }: InspectionRequest,
): Promise<InspectedFile> {
  let sizeBytes = 0;
  let found: FoundDocument | undefined;
  let failure: InspectedFile["failure"] = null;
  let lengths: InspectedFile["tokenLengths"] = null;
  let rows: Row[] = [];
  try {
    sizeBytes = statusOf(path)?.size ?? 0;
    found = findRows(path, await openDocument(path, options), mappings[path], new CharacterLimit());
    rows = rowsOf(found, { documents, countTokens });
    refuseUnusable(found);
    if (split === "test" || split === "offDomain") refuseLeftOut(found);
    if (countTokens) lengths = tokenLengths(rows, countTokens, chat);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    failure = error.failure;
  }
  return {
    path,
    split,
    sizeBytes,
    format: found?.format ?? null,
    details: found?.details ?? {},
    columns: columnsIn(found?.head ?? []),
    kind: found ? kindOf(found) : null,
    mapping: found ? (found.mapping ?? ownMappingOf(found.head)) : null,
    rows: countsOf(rows),
    preview: rows.slice(0, PREVIEW_ROWS).map((row) => previewOf(row)),
    leftOut: [...(found?.leftOut ?? [])],
    characters: rows.reduce((sum, row) => sum + charactersIn(row), 0),
    tokenLengths: lengths,
    failure,
  };
}

function columnsIn(head: readonly Fields[]): Column[] {
  return columnsOf(head)
    .slice(0, MOST_COLUMNS)
    .map((name) => {
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
  for (const fields of head) {
    const mapping = ownMapping(fields);
    if (mapping) return mapping;
  }
  return null;
}

function kindOf({ head, mapping, rows }: FoundDocument): RowKind | null {
  if (rows.length === 0) return null;
  if (head.length === 0) return "text";
  const kind = mapping?.kind ?? ownMappingOf(head)?.kind;
  return kind ?? null;
}

function countsOf(rows: readonly Row[]): InspectedFile["rows"] {
  const count = (kind: Row["kind"]) => rows.filter((row) => row.kind === kind).length;
  return { examples: count("example"), questions: count("question"), conversations: count("conversation") };
}
