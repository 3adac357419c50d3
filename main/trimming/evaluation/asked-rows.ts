/** The test rows that chat models are measured on: a bounded number, the same at every depth of a run. */
import { promptIds } from "../../../native-models/chat-template.ts";
import { choiceTexts, questionExample } from "../../../native-models/evaluation/choices.ts";
import type { ChoiceStyle, Example, Question } from "../../../native-models/evaluation/choices.ts";
import type { DecimalSign } from "../../../native-models/evaluation/exact-match.ts";
import type { Tokenizer } from "../../../native-models/tokenizer.ts";
import type { Split } from "../../../preload/contract/data/data.ts";
import { languageOf } from "../../documents/blocks/text-language.ts";
import { tokensIn } from "../rows/rows.ts";
import { evenlySpread, mostWithin } from "../rows/spread.ts";
import type { ScoredPart, ScoredRows } from "./evaluate.ts";

/** A row that a chat model answers. */
export interface AskedRow {
  /** Its index among the split's examples; in a split without any, among its questions. */
  readonly index: number;
  readonly prompt: readonly number[];
  /** The row's own answer, only its beginning if it is long, and its number of tokens. */
  readonly reference: string;
  readonly referenceTokens: number;
  /** Whether the reference is the row's whole answer. */
  readonly isWhole: boolean;
  /** Whether it can be expected word for word. */
  readonly isExact: boolean;
  /** The decimal sign in the rows' language. */
  readonly decimalSign: DecimalSign;
  /** An answer ends here at the latest. */
  readonly maxTokens: number;
}

export interface AskedRows {
  readonly answered: readonly AskedRow[];
  /** What is also scored by the chat model, for the loss from rounding. */
  readonly scored: ScoredPart;
  /** Questions whose answers were corrected; empty except in an improvement. */
  readonly corrected: readonly AskedRow[];
  /** Some of `answered` with training rows as examples in the prompt, for the untrained model. */
  readonly prompted?: readonly AskedRow[];
}

/** The most that each chat model of a run reads and writes. */
const ANSWERED = { rows: 64, promptTokens: 16_384, answerTokens: 4096 };
export const SCORED = { questions: 200, texts: 100, tokens: 16_384 };

/** Of longer answers, only this many tokens are generated and compared. */
const LONGEST_REFERENCE = 128;
/** If at least this many rows have answers that are not longer, only those rows are asked. */
const ENOUGH_WHOLE = 16;

/** Longer answers of test rows are not expected to match exactly; a correction is, if it is whole. */
const LONGEST_EXACT_TOKENS = 32;

/** The rows of a test split to ask and to score, and the corrections to ask, if there are any. */
export function askedRows(
  tokenizer: Tokenizer,
  { examples, questions }: Split,
  style: ChoiceStyle,
  rows: ScoredRows,
  corrections: readonly Example[] = [],
): AskedRows {
  const texts = examples.flatMap((example, index) => (example.prompt.length > 0 ? [{ example, index }] : []));
  const asQuestions = () =>
    questions.map((question, index) => ({ example: askedQuestion(question, style), index }));
  const candidates = texts.length > 0 ? texts : asQuestions();
  const some = askedIn(tokenizer, evenlySpread(candidates, 4 * ANSWERED.rows));
  const whole = some.filter(({ isWhole }) => isWhole);
  const answered = withinLimits(whole.length >= ENOUGH_WHOLE ? whole : some);
  return { answered, scored: rows.part(SCORED), corrected: correctedRows(tokenizer, corrections) };
}

/** The corrections that can be expected word for word. */
function correctedRows(tokenizer: Tokenizer, corrections: readonly Example[]): AskedRow[] {
  const rows = askedIn(
    tokenizer,
    corrections.map((example, index) => ({ example, index })),
  );
  return withinLimits(rows.flatMap((row) => (row.isWhole ? [{ ...row, isExact: true }] : [])));
}

const withinLimits = (rows: readonly AskedRow[]): AskedRow[] =>
  mostWithin(rows, ANSWERED.rows, [
    { most: ANSWERED.promptTokens, of: ({ prompt }) => prompt.length },
    { most: ANSWERED.answerTokens, of: ({ maxTokens }) => maxTokens },
  ]);

/** A question with its right answer, as it is asked in chat. */
function askedQuestion(question: Question, style: ChoiceStyle): Example {
  const { rendered } = question;
  if (rendered === undefined) return questionExample(question, style);
  const completion = choiceTexts(question, style)[question.answer]!.trimStart();
  return { prompt: rendered, completion, special: true };
}

/** An example, and its place among all. */
interface Placed {
  readonly example: Example;
  readonly index: number;
}

function askedIn(tokenizer: Tokenizer, examples: readonly Placed[]): AskedRow[] {
  const texts = examples.map(({ example: { prompt, completion } }) => `${prompt} ${completion}`);
  const decimalSign = usualDecimalSign(texts.join("\n"));
  return examples.map(({ example, index }) => ({ index, ...askedRow(tokenizer, example, decimalSign) }));
}

/** A point in English, or if too little shows the language; a comma in the other languages that are recognised. */
function usualDecimalSign(text: string): DecimalSign {
  return ["en", null].includes(languageOf(text)) ? "." : ",";
}

function askedRow(
  tokenizer: Tokenizer,
  { prompt, completion, special }: Example,
  decimalSign: DecimalSign,
): Omit<AskedRow, "index"> {
  const ids = tokenizer.encode(completion);
  const isWhole = ids.length <= LONGEST_REFERENCE;
  const referenceTokens = Math.min(ids.length, LONGEST_REFERENCE);
  return {
    prompt: promptIds(tokenizer, prompt, special),
    reference: isWhole ? completion : tokenizer.decode(ids.slice(0, LONGEST_REFERENCE)),
    referenceTokens,
    isWhole,
    isExact: isWhole && referenceTokens <= LONGEST_EXACT_TOKENS,
    decimalSign,
    maxTokens: isWhole ? Math.ceil(1.25 * referenceTokens) + 8 : referenceTokens,
  };
}

/** The tokens that asking one chat model takes: read as prompts, at most written, and read to score rows. */
export function askedTokens({ answered, scored, corrected }: AskedRows): {
  answerPrompts: number;
  answers: number;
  scored: number;
} {
  const { read, written } = tokensOfAnswers([...answered, ...corrected]);
  return { answerPrompts: read, answers: written, scored: tokensIn(scored.rows.rows) };
}

/** The tokens that answering takes: read as prompts, and at most written. */
export const tokensOfAnswers = (rows: readonly AskedRow[]): { read: number; written: number } => ({
  read: rows.reduce((sum, { prompt }) => sum + prompt.length, 0),
  written: rows.reduce((sum, { maxTokens }) => sum + maxTokens, 0),
});
