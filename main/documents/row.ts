/** The data of a document: records or text first, then rows, one at a time. */
import type {
  Conversation,
  DataFormat,
  Example,
  MadeQuestions,
  Question,
  Split,
} from "../../preload/contract/data/data.ts";
import type { FileDetails } from "../../preload/contract/data/inspection.ts";
import type { LeftOutReason } from "../../preload/contract/failures/left-out.ts";
import type { Block } from "./blocks/blocks.ts";
import type { UnpackingBudget } from "./files/zip.ts";

/** Where the text of a row is from, as it is stored with the row. */
export interface Origin {
  /** The same for all passages of a document: its file, its record in a file, or the group that the record names. */
  readonly document: string;
  /** The place of a text (`Block`), or the line of a record. */
  readonly place: number;
  /** What wrote it if no person did; for a question, this is in the question itself. */
  readonly made?: MadeQuestions;
}

/** A passage that was cut in this reading and is not in its final split yet. */
export interface CutPassage {
  readonly document: string;
  readonly beginsSection: boolean;
  /** As in `Passage`. */
  readonly fresh?: string;
  /** As in `TextRow`. */
  readonly standsForOthers?: boolean;
}

/** The 1-based line on which a row starts (for a text its place, `Block`), and the group that it must not be separated from. */
interface Placed {
  readonly line: number;
  readonly group?: string;
}

/** The answer before it was corrected, and the passage that supports the right one; empty if none was given. */
export interface Corrected {
  readonly wrong: string;
  readonly passage: string;
}

/** A row. A passage of a text is an example without a prompt. A question that was made from one has an `origin` too. */
export type Row = Placed & { readonly passage?: CutPassage; readonly origin?: Origin } & (
    | { readonly kind: "example"; readonly example: Example }
    | { readonly kind: "question"; readonly question: Question }
    | {
        readonly kind: "conversation";
        readonly conversation: Conversation;
        /** For a conversation whose last answer was corrected. */
        readonly correction?: Corrected;
      }
  );

/** The document that a row's text is from, if it is known from this reading or stored with the row. */
export function documentOf({ passage, origin }: Row): string | undefined {
  return (passage ?? origin)?.document;
}

/**
 * A text that has not been cut into passages yet: a whole document. `isRecord`: it is one record of a file, and its places are within the
 * record.
 */
export interface TextRow extends Placed {
  readonly kind: "text";
  readonly document: string;
  readonly blocks: readonly Block[];
  readonly isRecord: boolean;
  /** Whether most of its text is boilerplate that other documents have too: it is the one document of a template that is learnt whole. */
  readonly standsForOthers?: boolean;
}

export function isText(row: Row | TextRow): row is TextRow {
  return row.kind === "text";
}

/** The examples among rows. */
export function examplesIn(rows: readonly Row[]): Example[] {
  return rows.flatMap((row) => (row.kind === "example" ? [row.example] : []));
}

/** The questions among rows. */
export function questionsIn(rows: readonly Row[]): Question[] {
  return rows.flatMap((row) => (row.kind === "question" ? [row.question] : []));
}

/** Rows in the three lists of a split. */
export function splitOf(rows: readonly Row[]): Split {
  const conversations = rows.flatMap((row) => (row.kind === "conversation" ? [row.conversation] : []));
  return { examples: examplesIn(rows), questions: questionsIn(rows), conversations };
}

/** The texts of a row, in reading order. */
export function textsOf(row: Row | TextRow): string[] {
  switch (row.kind) {
    case "text":
      return row.blocks.map(({ text }) => text);
    case "example":
      return [row.example.prompt, row.example.completion];
    case "question":
      return [row.question.question, ...row.question.choices];
    case "conversation":
      return row.conversation.map(({ content }) => content);
  }
}

/** The length of a row's text in UTF-16 code units. */
export function charactersIn(row: Row | TextRow): number {
  return textsOf(row).reduce((sum, text) => sum + text.length, 0);
}

/** The values of a record by the names of its columns. */
export type Fields = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A record from a file, before it becomes a row. `problem`: why it is unusable. */
export interface DataRecord {
  readonly line: number;
  readonly fields: Fields;
  /** The columns of a table in its order. The keys of `fields` are not: an object has integers, such as years, before other keys. */
  readonly columns?: readonly string[];
  /** The name of its table, if the document has several. */
  readonly table?: string;
  readonly problem?: LeftOutReason;
}

/** An opened document: records with named columns, or text. Both may be read lazily. */
export type OpenDocument = { readonly format: DataFormat; readonly details: FileDetails } & (
  | {
      readonly kind: "records";
      readonly records: Iterable<DataRecord>;
      /** The columns of all tables, if it has several of which none is understood. */
      readonly columns?: readonly string[] | undefined;
    }
  | { readonly kind: "text"; readonly blocks: Iterable<Block> }
);

/** Options for reading documents. */
export interface ReadingOptions {
  /** The folder of text that was recognised on scanned pages and pictures (pdf/recognised.ts). */
  readonly recognised?: string;
  /** Shared by all attachments of a message. */
  readonly unpacking?: UnpackingBudget;
}

/** A document format: one file each, listed in formats.ts. */
export interface DocumentFormat {
  /** Lower case, with the dot. */
  readonly extensions: readonly string[];
  /** Opens a file that was recognised as this format. It and its records throw `not-found`, `unreadable`, `bad-data`. */
  open(
    path: string,
    options?: ReadingOptions,
    readAttached?: ReadAttached,
  ): OpenDocument | Promise<OpenDocument>;
}

/** An attached document: its blocks, and the names of its own attachments that are not read. */
export interface AttachedDocument {
  readonly blocks: readonly Block[];
  readonly isMessage: boolean;
  readonly unread: readonly string[];
}

/** Reads an attachment, given its name and bytes; undefined if it is not a document that can be read. */
export type ReadAttached = (name: string, bytes: Buffer) => Promise<AttachedDocument | undefined>;
