/** What data is, once it was read: the forms that a person may bring, in one shape each. */
import { z } from "zod";

/** A prompt and the text that should follow it. Loss is on the completion only. */
export const Example = z.object({ prompt: z.string(), completion: z.string().min(1) });
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

/**
 * How choices are put to the model, inferred from the training completions: `letters` lists "A. choice" lines and
 * compares " A. choice"; `plain` compares " choice" after "\nAnswer:".
 */
export const ChoiceStyle = z.enum(["letters", "plain"]);
export type ChoiceStyle = z.infer<typeof ChoiceStyle>;

/** One split, as the engine uses it: examples to train or measure perplexity on, questions to score. */
export const Split = z.object({ examples: z.array(Example), questions: z.array(Question) });
export type Split = z.infer<typeof Split>;

/** A dataset on disk after reading: JSON files of `Split`s by path (large things go by path), and what was told. */
export const DatasetReport = z.object({
  splits: z.record(
    z.enum(["train", "valid", "test", "offDomain"]),
    z.object({ examples: z.number(), questions: z.number(), files: z.array(z.string()) }).nullable(),
  ),
  choiceStyle: ChoiceStyle,
  /** Rows that left train because valid or test has them too, or train had them already. */
  duplicates: z.object({ withinTrain: z.number(), trainInValid: z.number(), trainInTest: z.number(), validInTest: z.number() }),
  /** Sentences a person should read: what was taken from where, what was left out and why. */
  notes: z.array(z.string()),
});
export type DatasetReport = z.infer<typeof DatasetReport>;
