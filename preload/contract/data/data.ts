/** Data after reading: one shape for each form that a person may bring. */
import { z } from "zod";
import { said } from "../../../native-models/codes.ts";
import { LeftOutReason } from "../failures/left-out.ts";
import type { NotRead } from "../failures/left-out.ts";
import { MaskedKind, PersonalKind } from "./personal.ts";
import type { PageProblem } from "../failures/page-problem.ts";

/**
 * A prompt and its completion, on which the loss is computed. `special`: a chat template made the prompt, so special tokens in it count
 * as such. `answers`: ranges of the prompt, in UTF-16 code units and in order, that are earlier answers and have loss too.
 */
export const Example = z.object({
  prompt: z.string(),
  completion: z.string().min(1),
  special: z.boolean().optional(),
  answers: z.array(z.tuple([z.number().int(), z.number().int()])).optional(),
});
export type Example = z.infer<typeof Example>;

/**
 * Who wrote questions that no person wrote. `cloze`: the program, by masking terms of documents (main/documents/cloze); `written`: a
 * local model, from passages (main/services/questions).
 */
export const MadeQuestions = z.enum(["cloze", "written"]);
export type MadeQuestions = z.infer<typeof MadeQuestions>;

/** A multiple-choice question; `answer` is the 0-based index of the right choice. */
export const Question = z.object({
  question: z.string().min(1),
  choices: z.array(z.string().min(1)).min(2).max(26),
  answer: z.number().int().nonnegative(),
  task: z.string().optional(),
  made: MadeQuestions.optional(),
  /** Whether a person has checked a question that a model wrote. */
  checked: z.boolean().optional(),
  /** The prompt as rendered by the chat template, for a model that is asked only in that form. */
  rendered: z.string().optional(),
});
export type Question = z.infer<typeof Question>;

export const Message = z.object({ role: z.enum(["system", "user", "assistant"]), content: z.string() });
export type Message = z.infer<typeof Message>;

/** A message of a conversation to learn from. As in OpenAI's format, an answer with weight 0 is not learnt. */
export const Turn = Message.extend({ weight: z.literal(0).optional() });
export type Turn = z.infer<typeof Turn>;

/** A conversation in order. The model learns its answers; the model's chat template renders it. */
export const Conversation = z.array(Turn).min(2);
export type Conversation = z.infer<typeof Conversation>;

/**
 * How choices are presented to the model, inferred from the training completions: `letters` lists "A. choice" lines and compares
 * " A. choice"; `plain` compares " choice" after "\nAnswer:".
 */
export const ChoiceStyle = z.enum(["letters", "plain"]);
export type ChoiceStyle = z.infer<typeof ChoiceStyle>;

/**
 * One split as the engine uses it: examples to train on or to measure perplexity on, and questions to score. Conversations become
 * examples once the model, and so the chat template, is known (main/documents/records/conversation.ts).
 */
export const Split = z.object({
  examples: z.array(Example),
  questions: z.array(Question),
  conversations: z.array(Conversation).optional(),
});
export type Split = z.infer<typeof Split>;

export const SplitName = z.enum(["train", "valid", "test", "offDomain"]);
export type SplitName = z.infer<typeof SplitName>;

/** The supported document formats, independent of file names. `csv` has any delimiter. */
export const DataFormat = z.enum([
  ...["jsonl", "json", "csv", "xlsx", "xls", "ods", "parquet", "text", "markdown", "pdf"],
  ...["docx", "doc", "odt", "rtf", "html", "epub", "pptx", "odp", "eml", "msg", "xml", "picture"],
] as const);
export type DataFormat = z.infer<typeof DataFormat>;

const column = z.string();
const columns = z.array(column).min(1);
/** A column whose value keeps rows together in one split, such as all clauses of one contract. */
const group = column.optional();
/** Whether an answer is rated good, as in KTO data: answers with false are not used. Of a conversation, the last answer is rated. */
const label = column.optional();

/**
 * How a question's right answer is given: as text, as a letter (or the name of its choice's column), or as a number counted from 0 or
 * from 1.
 */
export const AnswerForm = z.enum(["text", "letter", "number-from-0", "number-from-1"]);
export type AnswerForm = z.infer<typeof AnswerForm>;

/**
 * The roles of the columns of a file's records. Several columns of a prompt or a question are concatenated, empty ones left out.
 * `choices` is one column with a list, or one column per choice.
 */
export const FieldMapping = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("examples"),
    /** `plain`: the completion directly follows the prompt. `chat`: a user turn and an assistant turn. */
    form: z.enum(["plain", "chat"]),
    system: column.optional(),
    /** Earlier questions and answers, as pairs, in Alpaca's and ms-swift's form. */
    history: column.optional(),
    prompt: columns,
    completion: column,
    label,
    group,
  }),
  z.object({
    kind: z.literal("questions"),
    question: columns,
    choices: columns,
    answer: column,
    answerForm: AnswerForm,
    task: column.optional(),
    group,
  }),
  z.object({ kind: z.literal("conversations"), messages: column, system: column.optional(), label, group }),
  z.object({ kind: z.literal("text"), text: column, group }),
  /** All records together become one text: a table with these columns. */
  z.object({ kind: z.literal("table"), columns }),
]);
export type FieldMapping = z.infer<typeof FieldMapping>;

/** A mapping by which each record becomes a row of its own. */
export type RecordMapping = Exclude<FieldMapping, { kind: "table" }>;

/** Mappings by file path; a file without one is read as guessed. */
export const FieldMappings = z.record(z.string(), FieldMapping);
export type FieldMappings = z.infer<typeof FieldMappings>;

/** How documents become rows. */
export const DocumentChoices = z.object({
  /** The number of sentences at the end of a passage that the next one repeats at its start. */
  overlap: z.number().int().min(0).max(5).default(0),
  /** Keeps lines that most documents repeat, unless the documents are made from one template (`Boilerplate`). */
  keepsBoilerplate: z.boolean().default(false),
  /** Makes cloze questions from held-out documents if validation or test has no questions. */
  makesQuestions: z.boolean().default(false),
  /** The kinds of personal data that are replaced by masks, in records too. */
  masks: z.array(PersonalKind).default([]),
  /** Names and words that are masked wherever they stand, whatever kinds are. */
  maskList: z.array(z.string()).default([]),
  /** Only the last answer of each conversation is learnt. */
  lastAnswerOnly: z.boolean().default(false),
});
export type DocumentChoices = z.infer<typeof DocumentChoices>;

/**
 * Sentences that documents made from one template share, and lines that more than half of the other documents have. They are kept in one
 * document only. `examples`: some of them, with the number of documents that had them.
 */
export const Boilerplate = z.object({
  lines: z.number(),
  documents: z.number(),
  examples: z.array(z.object({ text: z.string(), documents: z.number() })),
  /** The left-out share of the characters of all documents. */
  share: z.number(),
});
export type Boilerplate = z.infer<typeof Boilerplate>;

/** Unusable rows of a file, and why; `lines` are those of the first few. */
export const LeftOutRows = z.object({
  reason: LeftOutReason,
  rows: z.number(),
  lines: z.array(z.number()),
});
export type LeftOutRows = z.infer<typeof LeftOutRows>;

/** Row lengths in tokens, measured on `measuredRows` of `rows`, evenly spread. */
export const TokenLengths = z.object({
  rows: z.number(),
  measuredRows: z.number(),
  mean: z.number(),
  median: z.number(),
  ninetiethPercentile: z.number(),
  ninetyNinthPercentile: z.number(),
  longest: z.number(),
  /** Measured rows of at most `upTo` tokens that are not in an earlier bin. */
  histogram: z.array(z.object({ upTo: z.number(), rows: z.number() })),
});
export type TokenLengths = z.infer<typeof TokenLengths>;

/** The contents of a split, and the files that it was read from (the training files if it was split off from them). */
export const SplitReport = z.object({
  examples: z.number(),
  questions: z.number(),
  conversations: z.number(),
  /** Who made its questions, all of them, if no person wrote them. */
  made: MadeQuestions.optional(),
  /** How many questions that a model wrote a person has checked. */
  checked: z.number().optional(),
  /** How many made questions were left out, because a person asked the others or, for cloze questions, a model wrote them. */
  madeLeftOut: z.number().optional(),
  /** The first of many. */
  files: z.array(z.string()),
  /** How many more files there are. */
  moreFiles: z.number().optional(),
});
export type SplitReport = z.infer<typeof SplitReport>;

/** How many of all documents have been read. */
export const ReadingProgress = z.object({ done: z.number(), of: z.number() });
export type ReadingProgress = z.infer<typeof ReadingProgress>;

/** The number of rows of all kinds; 0 without a split. */
export function rowCount(
  split: Pick<SplitReport, "examples" | "questions" | "conversations"> | null | undefined,
): number {
  return split ? split.examples + split.questions + split.conversations : 0;
}

/** How many rows were left out of train because train itself or a held-out split has the same text, and out of valid because test has it. */
export const Duplicates = z.object({
  withinTrain: z.number(),
  trainInValid: z.number(),
  trainInTest: z.number(),
  trainInOffDomain: z.number(),
  validInTest: z.number(),
});
export type Duplicates = z.infer<typeof Duplicates>;

/**
 * How texts were divided among splits: by whole documents, by sections if there are few documents, or by rows if there are few sections,
 * so that questions on a passage are in several splits. `documents`: nearly identical ones count as one. `gaps`: passages next to a held-out section, which are in no split.
 */
export const Parting = z.object({
  by: z.enum(["documents", "sections", "rows"]),
  documents: z.number(),
  gaps: z.number(),
});
export type Parting = z.infer<typeof Parting>;

/** Conversations with several answers, in all splits: how many answers they have, and how many of those are learnt or measured. */
export const SeveralAnswers = z.object({
  conversations: z.number(),
  answers: z.number(),
  learnt: z.number(),
  /** Answers left out because another split has the same question. */
  keptApart: z.number(),
});
export type SeveralAnswers = z.infer<typeof SeveralAnswers>;

/** A split and how many of its rows or questions are meant. */
interface OfSplit {
  split: SplitName;
  count: number;
}

/** A document by its name, and how many of its parts are meant. */
interface OfFile {
  file: string;
  count: number;
}

/** Pages of a document, from 1. */
interface OfPages {
  file: string;
  pages: readonly number[];
}

/** What a person should know about a data set: where it was taken from, and what was left out and why. Files are meant by their names. */
export interface Notes {
  corrections: null;
  drawn: { rows: number; of: number };
  "split-off": OfSplit;
  parting: Parting;
  masked: { kinds: readonly MaskedKind[] };
  replies: { count: number };
  boilerplate: Boilerplate;
  "several-answers": SeveralAnswers;
  /** `in`: the split that has them too; `nearly`: their texts are nearly the same. */
  duplicates: OfSplit & { in: SplitName; nearly: boolean };
  few: OfSplit & { of: "question" | "row" };
  cloze: OfSplit;
  written: OfSplit & { checked: number };
  /** Of a data set that was made from another one. */
  "written-by": { count: number; model: string; withPassages: boolean; checked: number };
  /** `others`: who made the questions that stay; a person if undefined. */
  "made-left-out": OfSplit & { others: MadeQuestions | undefined };
  "no-questions-made": { split: SplitName };
  /** `rows`: the training rows that show it; 0 if none does. */
  choices: { style: ChoiceStyle; rows: number };
  "running-lines": { lines: number; pdfs: number; examples: readonly string[] };
  attachments: { count: number; names: readonly string[] };
  "empty-slides": { count: number };
  "left-out": LeftOutRows & { file: string; format: DataFormat };
  table: { file: string; columns: readonly string[] };
  "unused-columns": { file: string; columns: readonly string[] };
  "unread-sheets": { file: string; sheets: readonly string[] };
  hidden: { file: string; rows: number; columns: number };
  "scanned-pages": OfPages;
  "unmapped-pages": OfPages;
  "failed-pages": OfPages & { problem: PageProblem; isFinal: boolean };
  "empty-pages": OfFile;
  "recognised-pages": OfFile;
  "unread-imports": OfFile;
  "unread-drawings": OfFile;
  "hidden-characters": OfFile;
  "not-read": { files: readonly (Omit<NotRead, "path"> & { name: string })[] };
}
export const Note = said<Notes>();
export type Note = z.infer<typeof Note>;

/** The shares of questions that random choices and the most frequent answer get right. */
export const Guessing = z.object({ chance: z.number(), bestConstant: z.number() });
export type Guessing = z.infer<typeof Guessing>;

/** The reader's report on a data set on disk. */
export const DatasetReport = z.object({
  /** SHA-256 over the split files: the same rows give the same hash. */
  hash: z.string(),
  /** SHA-256 over the rows before they are rendered for a model, so the same for any model. */
  rowsHash: z.string(),
  splits: z.record(SplitName, SplitReport.nullable()),
  choiceStyle: ChoiceStyle,
  /** How many training rows indicate each style; both 0 if the style is the default. */
  choiceStyleRows: z.object({ letters: z.number(), plain: z.number() }),
  /** Accuracy of guessing on the test questions; null without any. */
  testBaselines: Guessing.nullable(),
  duplicates: Duplicates,
  /** The same for nearly identical passages. */
  nearDuplicates: Duplicates.optional(),
  /** How many e-mails are used without their quotes of other e-mails. */
  replies: z.number().optional(),
  /** Missing without such conversations. */
  severalAnswers: SeveralAnswers.optional(),
  /** Repeated text that was left out of train, valid and test. */
  boilerplate: Boilerplate.optional(),
  /** What was masked; missing if masking was off. */
  masked: z.array(MaskedKind).optional(),
  /** The name of the first file or folder that was read, with masks; missing if masking was off. */
  source: z.string().optional(),
  /** Missing if no text was split off. */
  parting: Parting.optional(),
  /** Splits for which too few questions could be made from documents. */
  withoutMadeQuestions: z.array(z.enum(["valid", "test"])).optional(),
  /** Unusable rows, by file and reason; the first hundred reasons. */
  leftOut: z.array(LeftOutRows.extend({ path: z.string() })).optional(),
  /** How columns were read, for files whose column names alone do not determine it; a hundred at most. */
  mappings: FieldMappings.optional(),
  /** Set if its rows are answers that a person corrected. */
  corrections: z.literal(true).optional(),
  /** For corrections: the first run of the lineage whose models gave the answers. */
  lineage: z.string().optional(),
  /** Lengths of the training rows. */
  tokenLengths: TokenLengths.optional(),
  /** What a person should read: where data was taken from, and what was left out and why. */
  notes: z.array(Note),
});
export type DatasetReport = z.infer<typeof DatasetReport>;
