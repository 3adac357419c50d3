/** Data after reading: one shape for each form that a person may bring. */
import { z } from "zod";
import { LeftOutReason } from "./left-out.ts";
import { MaskedKind, PersonalKind } from "./personal.ts";

/**
 * A prompt and its completion, which has loss. `special`: a chat template made the prompt, so its special tokens are real ones.
 * `answers`: the ranges of the prompt, in UTF-16 code units and in order, that are earlier answers and have loss too.
 */
export const Example = z.object({
  prompt: z.string(),
  completion: z.string().min(1),
  special: z.boolean().optional(),
  answers: z.array(z.tuple([z.number().int(), z.number().int()])).optional(),
});
export type Example = z.infer<typeof Example>;

/**
 * Who wrote questions if no person did. `cloze`: the program, by masking terms of documents (main/engine/documents/cloze); `written`: a
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
  /** Whether a person has looked at a question that was written by a model. */
  checked: z.boolean().optional(),
  /** The prompt as a chat template writes it, for a model that is asked in that form alone. */
  rendered: z.string().optional(),
});
export type Question = z.infer<typeof Question>;

export const Message = z.object({ role: z.enum(["system", "user", "assistant"]), content: z.string() });
export type Message = z.infer<typeof Message>;

/** A message of a conversation to learn from. An answer of weight 0 is not learnt, as in OpenAI's format. */
export const Turn = Message.extend({ weight: z.literal(0).optional() });
export type Turn = z.infer<typeof Turn>;

/** A conversation in order. The model learns its answers; the model's chat template decides how it reads. */
export const Conversation = z.array(Turn).min(2);
export type Conversation = z.infer<typeof Conversation>;

/**
 * How choices are presented to the model, inferred from the training completions: `letters` lists "A. choice" lines and compares
 * " A. choice"; `plain` compares " choice" after "\nAnswer:".
 */
export const ChoiceStyle = z.enum(["letters", "plain"]);
export type ChoiceStyle = z.infer<typeof ChoiceStyle>;

/**
 * One split as the engine uses it: examples to train or to measure perplexity on, questions to score. Conversations become
 * examples once the model, and so the chat template, is known (main/engine/documents/conversation.ts).
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
  ...["jsonl", "json", "csv", "xlsx", "ods", "parquet", "text", "markdown", "pdf"],
  ...["docx", "odt", "rtf", "html", "epub", "pptx", "odp", "eml", "msg", "xml", "picture"],
] as const);
export type DataFormat = z.infer<typeof DataFormat>;

const column = z.string();
const columns = z.array(column).min(1);
/** Rows with the same value stay in one split, such as all clauses of one contract. */
const group = column.optional();

/**
 * How a question's right answer is given: by its text, by a letter (or the name of its choice's column), or by its number from 0
 * or from 1.
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
    /** `plain`: the completion follows the prompt as written. `chat`: a user turn and the assistant's. */
    form: z.enum(["plain", "chat"]),
    system: column.optional(),
    prompt: columns,
    completion: column,
    /** Whether an answer is a good one, as in KTO: those with false are not used. */
    label: column.optional(),
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
  z.object({ kind: z.literal("conversations"), messages: column, system: column.optional(), group }),
  z.object({ kind: z.literal("text"), text: column, group }),
  /** All records are the rows of one table in a text, which has these columns. */
  z.object({ kind: z.literal("table"), columns }),
]);
export type FieldMapping = z.infer<typeof FieldMapping>;

/** By which each record is a row of its own. */
export type RecordMapping = Exclude<FieldMapping, { kind: "table" }>;

/** Mappings by file path; a file without one is read as guessed. */
export const FieldMappings = z.record(z.string(), FieldMapping);
export type FieldMappings = z.infer<typeof FieldMappings>;

/** How documents become rows. */
export const DocumentChoices = z.object({
  /** Sentences at the end of a passage with which the next one begins again. */
  overlap: z.number().int().min(0).max(5).default(0),
  /** Keeps lines that stand in most documents, which no template explains (`Boilerplate`). */
  keepsBoilerplate: z.boolean().default(false),
  /** Makes cloze questions from held-out documents where validation or test has no question. */
  makesQuestions: z.boolean().default(false),
  /** The kinds of personal data that are replaced by masks, in records too. */
  masks: z.array(PersonalKind).default([]),
  /** Of a conversation, only the last answer is learnt. */
  lastAnswerOnly: z.boolean().default(false),
});
export type DocumentChoices = z.infer<typeof DocumentChoices>;

/**
 * Sentences that documents of one template share, and lines that more than half of the other documents have: they stand in one of them; some
 * with how many had them.
 */
export const Boilerplate = z.object({
  lines: z.number(),
  documents: z.number(),
  examples: z.array(z.object({ text: z.string(), documents: z.number() })),
  /** What was left out, as a share of the characters of all documents; missing in reports of earlier versions, which left out all of it. */
  share: z.number().optional(),
});
export type Boilerplate = z.infer<typeof Boilerplate>;

/** Unusable rows of a file, and why; `lines` are those of the first few. */
export const LeftOut = z.object({
  /** Reports of the first versions contain a sentence instead. */
  reason: LeftOutReason.catch({ code: "other" }),
  rows: z.number(),
  lines: z.array(z.number()),
});
export type LeftOut = z.infer<typeof LeftOut>;

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

/** The contents of a split, and the files that it was read from (the training files, if it was split off them). */
export const SplitReport = z.object({
  examples: z.number(),
  questions: z.number(),
  conversations: z.number(),
  /** If its questions were made; all of them are. */
  made: MadeQuestions.optional(),
  /** Of questions that a model wrote, how many a person has looked at. */
  checked: z.number().optional(),
  /** The first of many; a report of an earlier version has all. */
  files: z.array(z.string()),
  /** How many there are besides. */
  moreFiles: z.number().optional(),
});
export type SplitReport = z.infer<typeof SplitReport>;

/** Documents that were read, of all. */
export const ReadingProgress = z.object({ done: z.number(), of: z.number() });
export type ReadingProgress = z.infer<typeof ReadingProgress>;

/** Rows of every kind; 0 without a split. */
export function rowCount(
  split: Pick<SplitReport, "examples" | "questions" | "conversations"> | null | undefined,
): number {
  return split ? split.examples + split.questions + split.conversations : 0;
}

/** Rows left out of train because a held-out split or train itself has the same text; and left out of valid because test has it. */
export const Duplicates = z.object({
  withinTrain: z.number(),
  trainInValid: z.number(),
  trainInTest: z.number(),
  trainInOffDomain: z.number(),
  validInTest: z.number(),
});
export type Duplicates = z.infer<typeof Duplicates>;

/**
 * How texts were parted where splits were split off: whole documents, or sections of few documents, of which those that are nearly the
 * same count as one. `gaps`: passages beside a held-out section that are in no split.
 */
export const Parting = z.object({
  by: z.enum(["documents", "sections"]),
  documents: z.number(),
  gaps: z.number(),
});
export type Parting = z.infer<typeof Parting>;

/** Conversations with several answers, in all splits: how many answers these have and how many are learnt or measured. */
export const SeveralAnswers = z.object({
  conversations: z.number(),
  answers: z.number(),
  learnt: z.number(),
  /** Those that are not because another split has the same question. */
  keptApart: z.number(),
});
export type SeveralAnswers = z.infer<typeof SeveralAnswers>;

/** A dataset on disk after reading: JSON files of `Split`s by path (large data is passed by path), and the reader's report. */
export const DatasetReport = z.object({
  /** SHA-256 over the split files: the same rows give the same hash. */
  hash: z.string(),
  /** SHA-256 over its rows before they took a model's form, the same for any model; missing in reports of earlier versions. */
  rowsHash: z.string().optional(),
  splits: z.record(SplitName, SplitReport.nullable()),
  choiceStyle: ChoiceStyle,
  /** Training rows that indicate each style; both 0 if the style is a default. */
  choiceStyleRows: z.object({ letters: z.number(), plain: z.number() }),
  /** Accuracy of guessing on the test questions; null without any. */
  testBaselines: z.object({ chance: z.number(), bestConstant: z.number() }).nullable(),
  duplicates: Duplicates,
  /** The same of passages that are not the same, but nearly. */
  nearDuplicates: Duplicates.optional(),
  /** How many e-mails are used without what they quote of others. */
  replies: z.number().optional(),
  /** Missing without such conversations, and in reports of earlier versions, which learnt the last answer of each. */
  severalAnswers: SeveralAnswers.optional(),
  /** What was left out of the texts of train, valid and test. */
  boilerplate: Boilerplate.optional(),
  /** What was masked; missing if nothing was asked to be. */
  masked: z.array(MaskedKind).optional(),
  /** The first file or folder that was read, as it is named with masks; missing if nothing was asked to be masked. */
  source: z.string().optional(),
  /** Without it, no text was split off. */
  parting: Parting.optional(),
  /** Splits for which questions were to be made from documents, and too few could be. */
  withoutMadeQuestions: z.array(z.enum(["valid", "test"])).optional(),
  /** Unusable rows, by file and reason; the first hundred reasons. */
  leftOut: z.array(LeftOut.extend({ path: z.string() })).optional(),
  /** How columns were read, for files whose own column names do not determine it; a hundred at most. */
  mappings: FieldMappings.optional(),
  /** If its rows are answers that a person corrected. */
  corrections: z.literal(true).optional(),
  /** Of corrections: the first of the runs whose models gave the answers; missing in reports of earlier versions. */
  lineage: z.string().optional(),
  /** Of the training rows. */
  tokenLengths: TokenLengths.optional(),
  /** Sentences that a person should read: where data was taken from, and what was left out and why. */
  notes: z.array(z.string()),
});
export type DatasetReport = z.infer<typeof DatasetReport>;
