/** What data is, once it was read: the forms that a person may bring, in one shape each. */
import { z } from "zod";

/**
 * A prompt and the text that should follow it. Loss is on the completion only. `special`: special tokens in the prompt are
 * meant as such, and it begins with its own beginning-of-sequence token, as a chat template writes it.
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
  /** Sentences a person should read: what was taken from where, what was left out and why. */
  notes: z.array(z.string()),
});
export type DatasetReport = z.infer<typeof DatasetReport>;
