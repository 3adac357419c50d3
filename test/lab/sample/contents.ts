/** What the sample consists of: which texts train the tokenizer and the model, and which rows go into which file. */
import { Random } from "../../../native-models/random.ts";
import type { Example, Question } from "../../../preload/contract/data/data.ts";
import { domainRows } from "./domain/rows.ts";
import { shuffled } from "./draw.ts";
import { everydayQuestions, generalDocuments } from "./general/corpus.ts";
import { specialTokens } from "./tokenizer-files.ts";

export const sampleSeed = 20_241;

/** Documents of general text: to train the model from scratch, held out to measure it, and for the tokenizer. */
export const documentCounts = { train: 48_000, valid: 400, tokenizer: 6_000 } as const;

const textOf = ({ prompt, completion }: Example) => prompt + completion;

/** General text for training from scratch; a held-out document is never also a training one. */
export function pretrainingRows(seed: number): { train: Example[]; valid: Example[] } {
  const train = generalDocuments(documentCounts.train, seed, "train");
  const known = new Set(train.map(textOf));
  const valid = generalDocuments(documentCounts.valid, seed, "valid").filter(
    (row) => !known.has(textOf(row)),
  );
  return { train, valid };
}

/** The texts whose pieces the tokenizer learns: general text and the training rows, special tokens left out. */
export function tokenizerTexts(seed: number): string[] {
  const { questions, lookUps } = domainRows(seed).train;
  return [
    ...generalDocuments(documentCounts.tokenizer, seed, "train"),
    ...questions.map(asExample),
    ...lookUps,
  ]
    .map(textOf)
    .map((text) => specialTokens.reduce((rest, token) => rest.replaceAll(token, ""), text));
}

const asExample = ({ question, choices, answer }: Question): Example => ({
  prompt: `${question}\nAnswer:`,
  completion: ` ${choices[answer]!}`,
});

/** The rows of each data file, by its name without .jsonl. */
export function sampleData(seed: number): Record<string, readonly (Example | Question)[]> {
  const { train, valid, test } = domainRows(seed);
  return {
    train: shuffled(new Random(seed, "train order"), [...train.questions.map(asExample), ...train.lookUps]),
    valid: valid.questions,
    test: test.questions,
    test_sft: test.lookUps,
    offdomain: everydayQuestions(100, seed),
  };
}
