/** Texts as rows of tokens, for training and scoring. */
import { promptIds } from "../../../native-models/chat-template.ts";
import { commonLength } from "../../../native-models/common-length.ts";
import { choiceBytes, choiceTexts, questionPrompt } from "../../../native-models/evaluation/choices.ts";
import type { ChoiceStyle, Question } from "../../../native-models/evaluation/choices.ts";
import { fail } from "../../../native-models/failure.ts";
import type { TokenRow } from "../../../native-models/training/batch.ts";
import type { Example, Split } from "../../../preload/contract/data/data.ts";

/** The part of a tokenizer that rows need (native-models/tokenizer.ts). */
export interface Encoder {
  encode(text: string, options?: { special?: boolean; addBos?: boolean }): number[];
  /** The UTF-8 bytes of an id. */
  tokenBytes(id: number): Uint8Array;
  /** Whether the model expects a beginning-of-sequence token. */
  readonly addsBos: boolean;
  readonly bosToken: string | null;
  readonly eosIds: readonly number[];
}

/**
 * If a row is too long, the prompt is cut from its left, after the beginning-of-sequence token, down to this length; beyond that, the
 * answer is cut.
 */
const LEAST_PROMPT_TOKENS = 16;

/** The share of a cut row that must precede the first of its earlier answers, so that none is learnt without its question. */
const SHARE_BEFORE = 1 / 4;

/** An example that is trained on, and its row. */
export type TrainingExample = Pick<ExampleRow, "example" | "row">;

/** The examples that are trained on. Throws `too-little-data` if there are none. */
export function trainingExamples(
  encoder: Encoder,
  { examples }: Split,
  maxTokens: number,
): TrainingExample[] {
  const trained = examples.flatMap((example) => exampleRows(encoder, example, maxTokens));
  if (trained.length === 0) fail({ code: "too-little-data", what: "training-rows", rows: 0, needed: 1 });
  return trained;
}

/** The training rows. Throws `too-little-data` if there are none. */
export const trainingRows = (encoder: Encoder, split: Split, maxTokens: number): TokenRow[] =>
  trainingExamples(encoder, split, maxTokens).map(({ row }) => row);

/**
 * An example as a row of at most `maxTokens` tokens, ended by the end-of-text token. Prompt and completion are encoded together,
 * as they will be read, except for a chat template's prompt: its special tokens are real ones, and an answer has none. Null if
 * nothing would be left to learn.
 */
export function exampleRow(encoder: Encoder, example: Example, maxTokens: number): TokenRow | null {
  return exampleRows(encoder, example, maxTokens).at(-1)?.row ?? null;
}

/** A row, its example, and how many UTF-8 bytes of the example's answers are in the row. */
export interface ExampleRow {
  readonly example: Example;
  readonly row: TokenRow;
  readonly bytes: number;
}

/**
 * An example as rows, in order: one, unless it is cut and has earlier answers. Those that do not fit in the last answer's row, with enough
 * of what precedes them, are learnt in further rows, each of which ends with one of them. None if nothing would be left to learn.
 */
export function exampleRows(encoder: Encoder, example: Example, maxTokens: number): ExampleRow[] {
  const { prompt, completion, special = false, answers = [] } = example;
  const row = special ? templateRow(encoder, prompt, completion) : joinedRow(encoder, prompt, completion);
  const [eos] = encoder.eosIds;
  const ended = eos === undefined ? row : { ...row, ids: [...row.ids, eos] };
  const cut = cutRow(encoder, ended, maxTokens);
  const removed = row.promptLength - cut.promptLength;
  const ranges = tokenRanges(encoder, example, row.ids);
  const least = Math.max(LEAST_PROMPT_TOKENS, Math.floor(SHARE_BEFORE * maxTokens));
  const lost = ranges.filter(([first]) => first - removed < Math.min(first, least)).length;
  const before = lost === 0 ? [] : exampleRows(encoder, endingWith(example, lost - 1), maxTokens);
  const labels = cut.ids.slice(cut.promptLength);
  if (labels.length === 0) return before;
  const kept = ranges.slice(lost).map(([first, end]) => [first - removed, end - removed] as const);
  const isWhole = labels.length === ended.ids.length - ended.promptLength;
  const bytes = isWhole
    ? Buffer.byteLength(completion)
    : labels.reduce((sum, id) => sum + encoder.tokenBytes(id).length, 0);
  const earlierBytes = answers.slice(lost).map((answer) => Buffer.byteLength(prompt.slice(...answer)));
  return [
    ...before,
    {
      example,
      row: { ...cut, ...(kept.length > 0 && { answers: kept }) },
      bytes: earlierBytes.reduce((sum, one) => sum + one, bytes),
    },
  ];
}

/** The example that ends with one of the answers in its prompt. */
function endingWith(example: Example, index: number): Example {
  const { prompt, answers = [] } = example;
  const [start, end] = answers[index]!;
  return {
    ...example,
    prompt: prompt.slice(0, start),
    completion: prompt.slice(start, end),
    answers: answers.slice(0, index),
  };
}

/**
 * The ranges of `ids` that are the answers in an example's prompt, each with the token that ends it, if the template writes one. `ids` are
 * the tokens of the whole text; a token that begins before an answer and ends in it belongs to the answer.
 */
function tokenRanges(
  encoder: Encoder,
  { prompt, special = false, answers = [] }: Example,
  ids: readonly number[],
): [first: number, end: number][] {
  const bounds = answers.flat();
  const pieces = bounds.map((bound, index) => prompt.slice(bounds[index - 1] ?? 0, bound));
  const encoded = pieces.map((piece, index) =>
    index === 0 ? promptIds(encoder, piece, special) : encoder.encode(piece, { special }),
  );
  const areParted = encoded.flat().every((id, index) => id === ids[index]);
  let read = 0;
  const places = bounds.map((bound, index) =>
    areParted
      ? (read += encoded[index]!.length)
      : commonLength(ids, promptIds(encoder, prompt.slice(0, bound), special)),
  );
  return answers.map((_, index) => {
    const [first, end] = [Math.max(1, places[2 * index]!), places[2 * index + 1]!];
    let next = end;
    while (next < ids.length && isBlank(encoder.tokenBytes(ids[next]!))) next++;
    return [first, encoder.eosIds.includes(ids[next]!) ? next + 1 : end];
  });
}

const isBlank = (bytes: Uint8Array): boolean =>
  bytes.length > 0 && Buffer.from(bytes).toString().trim() === "";

function joinedRow(encoder: Encoder, prompt: string, text: string): TokenRow {
  const before = promptIds(encoder, prompt);
  const ids = promptIds(encoder, prompt + text);
  let promptLength = 0;
  while (
    promptLength < before.length &&
    promptLength < ids.length - 1 &&
    before[promptLength] === ids[promptLength]
  )
    promptLength++;
  return { ids, promptLength: Math.max(1, promptLength) }; // the first token has no context
}

/** A template's tokens end before the answer, so the answer is encoded separately. */
function templateRow(encoder: Encoder, prompt: string, answer: string): TokenRow {
  const before = promptIds(encoder, prompt, true);
  return { ids: [...before, ...encoder.encode(answer)], promptLength: Math.max(1, before.length) };
}

function cutRow({ addsBos }: Encoder, row: TokenRow, maxTokens: number): TokenRow {
  const excess = row.ids.length - maxTokens;
  if (excess <= 0) return row;
  const fromPrompt = Math.min(excess, Math.max(0, row.promptLength - LEAST_PROMPT_TOKENS));
  const begun = addsBos ? 1 : 0; // no text that chat reads lacks it
  const ids = [...row.ids.slice(0, begun), ...row.ids.slice(begun + fromPrompt)].slice(0, maxTokens);
  return { ...row, ids, promptLength: row.promptLength - fromPrompt };
}

/** How many tokens of the rows a model reads: the last one of each row is only a label. */
export function tokensIn(rows: readonly TokenRow[]): number {
  return rows.reduce((sum, { ids }) => sum + ids.length - 1, 0);
}

/** A question as rows to score: one per choice, or one for all if the choices are single tokens. */
export interface QuestionRows {
  readonly rows: readonly TokenRow[];
  /** For each choice, the row that scores it, and the range of the row's labels that belong to the choice: [first, end). */
  readonly choices: readonly { row: number; first: number; end: number }[];
  readonly choiceBytes: readonly number[];
  readonly answer: number;
  readonly made?: Question["made"];
  readonly checked?: Question["checked"];
}

export function questionRows(
  encoder: Encoder,
  question: Question,
  style: ChoiceStyle,
  maxTokens: number,
): QuestionRows {
  const { rendered } = question;
  const prompt = questionPrompt(question, style);
  const rows = choiceTexts(question, style).map((text) => {
    const row =
      rendered === undefined
        ? joinedRow(encoder, prompt, text)
        : templateRow(encoder, rendered, text.trimStart());
    return cutRow(encoder, row, maxTokens);
  });
  const { answer, made, checked } = question;
  const shared = { choiceBytes: choiceBytes(question, style), answer, ...(made && { made, checked }) };
  const [first] = rows as [TokenRow];
  const beginning = first.ids.slice(0, -1).join();
  const single = rows.every(
    ({ ids, promptLength }) => ids.length === promptLength + 1 && ids.slice(0, -1).join() === beginning,
  );
  if (!single) {
    const choices = rows.map(({ ids, promptLength }, row) => ({
      row,
      first: 0,
      end: ids.length - promptLength,
    }));
    return { rows, choices, ...shared };
  }
  const alternatives = rows.slice(1).map(({ ids }) => ids.at(-1)!);
  return {
    rows: [{ ...first, alternatives }],
    choices: rows.map((_, i) => ({ row: 0, first: i, end: i + 1 })),
    ...shared,
  };
}
