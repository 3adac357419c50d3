/** The contents of a person's files, reported before they are used. */
import { z } from "zod";
import { Failure } from "../../native-models/failure.ts";
import { PersonalData } from "./personal.ts";
import { DataFormat, FieldMapping, LeftOut, SplitName, TokenLengths, Turn } from "./data.ts";

const shown = {
  line: z.number(),
  group: z.string().optional(),
  /** Where its text is from (main/engine/documents/row.ts). */
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
    /** Of a corrected answer: what it was before, and the passage that the right one rests on; empty: none. */
    correction: z.object({ wrong: z.string(), passage: z.string() }).optional(),
  }),
]);
export type PreviewRow = z.infer<typeof PreviewRow>;

/** A column of records: how many of the first 1,000 have a value, and the first few different values, truncated. */
export const Column = z.object({ name: z.string(), filled: z.number(), samples: z.array(z.string()) });
export type Column = z.infer<typeof Column>;

/** The encodings of texts that are read. */
export const TextEncoding = z.enum(["utf-8", "utf-16le", "utf-16be", "windows-1250", "windows-1251", "windows-1252", "windows-1253", "windows-1254", "windows-1255", "windows-1256", "windows-1257", "iso-8859-2", "iso-8859-5", "iso-8859-6", "iso-8859-7", "koi8-r", "macintosh", "cp850", "shift_jis", "euc-jp", "euc-kr", "big5", "gb18030"]); // prettier-ignore
export type TextEncoding = z.infer<typeof TextEncoding>;

/** A sheet of a workbook: its rows below the header, and why they are not read. */
export const ReadSheet = z.object({
  name: z.string(),
  rows: z.number(),
  unread: z.enum(["hidden", "no-table", "other-columns"]).nullable(),
  /** Those with content that are not shown, and so not read. Missing if there are none. */
  hiddenRows: z.number().optional(),
  hiddenColumns: z.number().optional(),
});
export type ReadSheet = z.infer<typeof ReadSheet>;

/** Pages, from 1, whose text was to be recognised and was not; `isFinal`: it would not be the next time either. */
export const FailedPages = z.object({
  problem: z.string(),
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
  /** Of a presentation, and those of them without text. */
  slides: z.number().optional(),
  emptySlides: z.number().optional(),
  /** Of a book. */
  chapters: z.number().optional(),
  /** What is attached to a message and not read: how many, and the names of the first. */
  attachments: z.object({ count: z.number(), names: z.array(z.string()) }).optional(),
  /** Those that are pictures whose text was not recognised, from 1; a thousand at most. */
  scannedPages: z.array(z.number()).optional(),
  /** Those whose letters the file does not say the characters of, from 1; a thousand at most. */
  unmappedPages: z.array(z.number()).optional(),
  /** Those whose recognition failed, by the problem; they are in neither of these lists. */
  failedPages: z.array(FailedPages).optional(),
  /** Pages and pictures whose text was recognised. */
  recognisedPages: z.number().optional(),
  /** Characters that nobody sees: invisible, as white as paper, or beside the page. They are left out. */
  hiddenCharacters: z.number().optional(),
  /** Headers, footers and page numbers that are left out: how many lines, and the first different ones. */
  runningLines: z.object({ count: z.number(), examples: z.array(z.string()) }).optional(),
  /** Of a workbook; the first 50. */
  sheets: z.array(ReadSheet).optional(),
});
export type FileDetails = z.infer<typeof FileDetails>;

export const RowKind = z.enum(["examples", "questions", "conversations", "text"]);
export type RowKind = z.infer<typeof RowKind>;

/** Shapes of records by the names that the field has for them. */
export const RecordShape = z.enum([
  "alpaca",
  "sharegpt",
  "openai-messages",
  "conversations",
  "prompt-completion",
  "prompt-response",
  "multiple-choice",
  "question-answer",
  "preference-pairs",
  "text",
  "table",
]);
export type RecordShape = z.infer<typeof RecordShape>;

/** One inspected file. `failure` says why it is unusable; what was found is reported anyway. */
export const InspectedFile = z.object({
  path: z.string(),
  split: SplitName,
  sizeBytes: z.number(),
  format: DataFormat.nullable(),
  details: FileDetails,
  /** Of records; none in plain documents. */
  columns: z.array(Column),
  /** What most rows are; null if unknown, so that a person has to specify it. */
  kind: RowKind.nullable(),
  /** Null in plain documents and if no guess was possible. */
  shape: RecordShape.nullable(),
  /** How the columns are read: as given, otherwise as guessed; null in plain documents and if no guess was possible. */
  mapping: FieldMapping.nullable(),
  rows: z.object({ examples: z.number(), questions: z.number(), conversations: z.number() }),
  /** Conversations with several answers. */
  severalAnswers: z.number().default(0),
  preview: z.array(PreviewRow),
  leftOut: z.array(LeftOut),
  /** In all rows, in UTF-16 code units. */
  characters: z.number(),
  tokenLengths: TokenLengths.nullable(),
  /** Missing if there is none. */
  personal: PersonalData.optional(),
  failure: Failure.nullable(),
});
export type InspectedFile = z.infer<typeof InspectedFile>;

/** What is in a folder or an archive and is not read, and why. */
export const NotRead = z.object({
  path: z.string(),
  why: z.enum([
    "other-file",
    "archive",
    "unreadable",
    "encrypted",
    "link",
    "outside",
    "duplicate",
    "too-large",
    "too-deep",
    "no-text",
    "excluded",
  ]),
});
export type NotRead = z.infer<typeof NotRead>;

/** What in the folders was not inspected, and how much more there is. */
export const Uninspected = z.object({ notRead: z.array(NotRead), moreNotRead: z.number() });
export type Uninspected = z.infer<typeof Uninspected>;

/** All files, and what in the folders was not inspected. */
export const DataInspection = Uninspected.extend({ files: z.array(InspectedFile) });
export type DataInspection = z.infer<typeof DataInspection>;
