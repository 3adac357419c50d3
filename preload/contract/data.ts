/** What data is, once it was read: the forms that a person may bring, in one shape each. */
import { z } from "zod";
import { LeftOutReason } from "./left-out.ts";

/**
 * A prompt and the text that should follow it. Loss is on the completion only. `special`: a chat template made the prompt, whose
 * special tokens are meant as such.
 */
export const Example = z.object({
  prompt: z.string(),
  completion: z.string().min(1),
  special: z.boolean().optional(),
});
export type Example = z.infer<typeof Example>;

/** A multiple-choice question; `answer` is the 0-based index of the right choice. */
export const Question = z.object({
  question: z.string().min(1),
  choices: z.array(z.string().min(1)).min(2).max(26),
  answer: z.number().int().nonnegative(),
  task: z.string().optional(),
  /** The prompt as a chat template writes it, for a model that is asked in that form alone. */
  rendered: z.string().optional(),
});
export type Question = z.infer<typeof Question>;

export const Message = z.object({ role: z.enum(["system", "user", "assistant"]), content: z.string() });
export type Message = z.infer<typeof Message>;

/** A conversation in order. What is learnt is its last assistant turn; how it reads is the model's chat template's matter. */
export const Conversation = z.array(Message).min(2);
export type Conversation = z.infer<typeof Conversation>;

/**
 * How choices are put to the model, inferred from the training completions: `letters` lists "A. choice" lines and
 * compares " A. choice"; `plain` compares " choice" after "\nAnswer:".
 */
export const ChoiceStyle = z.enum(["letters", "plain"]);
export type ChoiceStyle = z.infer<typeof ChoiceStyle>;

/**
 * One split, as the engine uses it: examples to train or measure perplexity on, questions to score. Conversations become
 * examples when the model and so the chat template is known (main/engine/documents/conversation.ts).
 */
export const Split = z.object({
  examples: z.array(Example),
  questions: z.array(Question),
  conversations: z.array(Conversation).optional(),
});
export type Split = z.infer<typeof Split>;

export const SplitName = z.enum(["train", "valid", "test", "offDomain"]);
export type SplitName = z.infer<typeof SplitName>;

/** The formats of documents that are read, whatever their names say. `csv` has any delimiter. */
export const DataFormat = z.enum(["jsonl", "json", "csv", "parquet", "text", "markdown", "pdf", "docx"]);
export type DataFormat = z.infer<typeof DataFormat>;

const column = z.string();
const columns = z.array(column).min(1);
/** Rows with the same value there stay in one split, as all clauses of one contract. */
const group = column.optional();

/**
 * How a question's right answer is told: by its text, by a letter (or the name of its choice's column), or by its number
 * counted from 0 or from 1.
 */
export const AnswerForm = z.enum(["text", "letter", "number-from-0", "number-from-1"]);
export type AnswerForm = z.infer<typeof AnswerForm>;

/**
 * Which columns of a file's records are what. Several columns of a prompt or a question are put one after another, those
 * that are empty left out. `choices` is one column with a list, or one column a choice.
 */
export const FieldMapping = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("examples"),
    /** `plain`: the completion follows the prompt as both are written. `chat`: a person's turn and the assistant's. */
    form: z.enum(["plain", "chat"]),
    system: column.optional(),
    prompt: columns,
    completion: column,
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
  z.object({ kind: z.literal("conversations"), messages: column, group }),
  z.object({ kind: z.literal("text"), text: column, group }),
]);
export type FieldMapping = z.infer<typeof FieldMapping>;

/** Mappings by the path of their file; a file without one is read as it is guessed. */
export const FieldMappings = z.record(z.string(), FieldMapping);
export type FieldMappings = z.infer<typeof FieldMappings>;

/** Rows of a file that cannot be used, and why; `lines` are those of the first few. */
export const LeftOut = z.object({
  /** Reports of the first versions have a sentence there. */
  reason: LeftOutReason.catch({ code: "other" }),
  rows: z.number(),
  lines: z.array(z.number()),
});
export type LeftOut = z.infer<typeof LeftOut>;

/** How long rows are in tokens, measured on `measuredRows` of `rows`, which are spread evenly. */
export const TokenLengths = z.object({
  rows: z.number(),
  measuredRows: z.number(),
  mean: z.number(),
  median: z.number(),
  ninetiethPercentile: z.number(),
  ninetyNinthPercentile: z.number(),
  longest: z.number(),
  /** Measured rows of at most `upTo` tokens that are in no bin before. */
  histogram: z.array(z.object({ upTo: z.number(), rows: z.number() })),
});
export type TokenLengths = z.infer<typeof TokenLengths>;

/** What a split holds, and the files that it was read from (the training files, where it was split off them). */
export const SplitReport = z.object({
  examples: z.number(),
  questions: z.number(),
  conversations: z.number(),
  files: z.array(z.string()),
});
export type SplitReport = z.infer<typeof SplitReport>;

/** A dataset on disk after reading: JSON files of `Split`s by path (large things go by path), and what was told. */
export const DatasetReport = z.object({
  /** SHA-256 over the split files: the same rows give the same hash. */
  hash: z.string(),
  splits: z.record(SplitName, SplitReport.nullable()),
  choiceStyle: ChoiceStyle,
  /** Training rows that speak for each style; both 0 where the style is a default. */
  choiceStyleRows: z.object({ letters: z.number(), plain: z.number() }),
  /** What knowing nothing gives on the test questions; null without any. */
  testBaselines: z.object({ chance: z.number(), bestConstant: z.number() }).nullable(),
  /** Rows that left train because a held-out split has them too, or train had them already; and valid because test has. */
  duplicates: z.object({
    withinTrain: z.number(),
    trainInValid: z.number(),
    trainInTest: z.number(),
    trainInOffDomain: z.number(),
    validInTest: z.number(),
  }),
  /** Rows that cannot be used, by file and reason; the first hundred reasons. */
  leftOut: z.array(LeftOut.extend({ path: z.string() })).optional(),
  /** How the columns of files with records were read, where it is not the form that the file's own names say; a hundred at most. */
  mappings: FieldMappings.optional(),
  /** Of the rows to learn from. */
  tokenLengths: TokenLengths.optional(),
  /** Sentences a person should read: what was taken from where, what was left out and why. */
  notes: z.array(z.string()),
});
export type DatasetReport = z.infer<typeof DatasetReport>;
