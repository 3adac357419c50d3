/** The contents of a person's files, reported before they are used. */
import { z } from "zod";
import { Failure } from "../failures/failure.ts";
import { DataFormat, FieldMapping, LeftOutRows, SplitName, TokenLengths, Turn } from "./data.ts";
import { NotRead } from "../failures/left-out.ts";
import { PersonalData } from "./personal.ts";
import type { PageProblems } from "../failures/page-problem.ts";
import { said } from "../../../native-models/codes.ts";

const shown = {
  line: z.number(),
  group: z.string().optional(),
  /** The document and place that its text comes from (main/documents/row.ts). */
  origin: z.object({ document: z.string(), place: z.number() }).optional(),
};

/** A row as it would be read, its texts truncated. `line`: the page, in a PDF. */
export const PreviewRow = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("example"), ...shown, prompt: z.string(), completion: z.string() }),
  z.object({
    kind: z.literal("question"),
    ...shown,
    question: z.string(),
    choices: z.array(z.string()),
    answer: z.number(),
  }),
  z.object({
    kind: z.literal("conversation"),
    ...shown,
    messages: z.array(Turn),
    /** For a corrected answer: the wrong one, and the passage that supports the right one (empty if none). */
    correction: z.object({ wrong: z.string(), passage: z.string() }).optional(),
  }),
]);
export type PreviewRow = z.infer<typeof PreviewRow>;

/** A column of records: how many of the first 1,000 records have a value in it, and its first few distinct values, truncated. */
export const Column = z.object({ name: z.string(), filled: z.number(), samples: z.array(z.string()) });
export type Column = z.infer<typeof Column>;

/** The supported text encodings. */
export const TextEncoding = z.enum(["utf-8", "utf-16le", "utf-16be", "windows-1250", "windows-1251", "windows-1252", "windows-1253", "windows-1254", "windows-1255", "windows-1256", "windows-1257", "iso-8859-2", "iso-8859-5", "iso-8859-6", "iso-8859-7", "iso-8859-15", "koi8-r", "macintosh", "cp850", "cp866", "shift_jis", "euc-jp", "euc-kr", "big5", "gb18030"]); // prettier-ignore
export type TextEncoding = z.infer<typeof TextEncoding>;

/** A sheet of a workbook: the number of rows below its header, and why it is not read (null if it is). */
export const ReadSheet = z.object({
  name: z.string(),
  rows: z.number(),
  unread: z.enum(["hidden", "no-table", "other-columns"]).nullable(),
  /** Hidden rows (and columns) with content, which are not read. Missing if there are none. */
  hiddenRows: z.number().optional(),
  hiddenColumns: z.number().optional(),
});
export type ReadSheet = z.infer<typeof ReadSheet>;

/** Pages, from 1, whose text could not be recognised. `isFinal`: trying again would not help. */
export const FailedPages = z.object({
  problem: said<PageProblems>(),
  isFinal: z.boolean(),
  pages: z.array(z.number()),
});
export type FailedPages = z.infer<typeof FailedPages>;

/** Details of the file's format, if it has any. */
export const FileDetails = z.object({
  encoding: TextEncoding.optional(),
  delimiter: z.string().optional(),
  pages: z.number().optional(),
  /** Pages of a PDF without text, such as scans. */
  emptyPages: z.number().optional(),
  /** Slides of a presentation, and how many of them have no text. */
  slides: z.number().optional(),
  emptySlides: z.number().optional(),
  /** Chapters of a book. */
  chapters: z.number().optional(),
  /** Attachments of a message that are not read: how many, and the names of the first. */
  attachments: z.object({ count: z.number(), names: z.array(z.string()) }).optional(),
  /** Files that a Word document imports, which are not read. */
  unreadImports: z.number().optional(),
  /** Diagrams, charts and other objects of a presentation or a text document, which are not read. */
  unreadDrawings: z.number().optional(),
  /** Pages, from 1, that are pictures whose text was not recognised; a thousand at most. */
  scannedPages: z.array(z.number()).optional(),
  /** Pages, from 1, whose fonts do not map their glyphs to characters; a thousand at most. */
  unmappedPages: z.array(z.number()).optional(),
  /** Pages whose recognition failed, by problem; they are in neither of the two lists above. */
  failedPages: z.array(FailedPages).optional(),
  /** Pages and pictures whose text was recognised. */
  recognisedPages: z.number().optional(),
  /** Characters that nobody can see, because they are invisible, white or outside the page. They are left out. */
  hiddenCharacters: z.number().optional(),
  /** Headers, footers and page numbers that are left out: how many lines, and the first distinct ones. */
  runningLines: z.object({ count: z.number(), examples: z.array(z.string()) }).optional(),
  /** The first 50 sheets of a workbook. */
  sheets: z.array(ReadSheet).optional(),
});
export type FileDetails = z.infer<typeof FileDetails>;

export const RowKind = z.enum(["examples", "questions", "conversations", "text"]);
export type RowKind = z.infer<typeof RowKind>;

/** One inspected file. `failure`: why it is unusable; everything found before that is reported too. */
export const InspectedFile = z.object({
  path: z.string(),
  split: SplitName,
  sizeBytes: z.number(),
  format: DataFormat.nullable(),
  details: FileDetails,
  /** The columns of its records; none in plain documents. */
  columns: z.array(Column),
  /** The kind of most rows; null if unknown, so that the person has to specify it. */
  kind: RowKind.nullable(),
  /** How the columns are read, as given or else as guessed; null for plain documents and if no guess was possible. */
  mapping: FieldMapping.nullable(),
  rows: z.object({ examples: z.number(), questions: z.number(), conversations: z.number() }),
  /** The number of conversations with several answers. */
  severalAnswers: z.number().default(0),
  preview: z.array(PreviewRow),
  leftOut: z.array(LeftOutRows),
  /** The length of all rows, in UTF-16 code units. */
  characters: z.number(),
  tokenLengths: TokenLengths.nullable(),
  /** Missing if there is none. */
  personal: PersonalData.optional(),
  failure: Failure.nullable(),
});
export type InspectedFile = z.infer<typeof InspectedFile>;

/** Files in the folders that were not inspected: the first, and how many more there are. */
export const Uninspected = z.object({ notRead: z.array(NotRead), moreNotRead: z.number() });
export type Uninspected = z.infer<typeof Uninspected>;

/** All inspected files, and files in the folders that were not inspected. */
export const DataInspection = Uninspected.extend({ files: z.array(InspectedFile) });
export type DataInspection = z.infer<typeof DataInspection>;
