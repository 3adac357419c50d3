/** A baseline: the untrained model with three training rows as examples in its prompt. */
import { promptIds } from "../../../native-models/chat-template.ts";
import type { Example } from "../../../preload/contract/data/data.ts";
import type { Encoder } from "../rows/rows.ts";
import type { AskedRow } from "./asked-rows.ts";
import type { ScoredPart, ScoredRows } from "./evaluate.ts";
import { mostWithin } from "../rows/spread.ts";

const EXAMPLES = 3;
/** Examples are drawn from rows whose length has this rank: short, so that more of the prompt is left for the question. */
const RANK = 0.25;
/** Examples together are no longer, and neither is a question with them: a pass over it takes no more memory than training. */
const LONGEST = { examples: 512, row: 1024 };
/** The most questions and answers that are compared, and their tokens. */
const COMPARED = { questions: 100, tokens: 32_768 };
const ANSWERED = { rows: 32, promptTokens: 16_384, answerTokens: 2048 };

/** Three training rows with different answers, as tokens that precede a question. Null if there are too few that are short enough. */
export function exampleIds(encoder: Encoder, training: readonly Example[]): number[] | null {
  const rows = training.filter(({ prompt, completion }) => prompt.length > 0 && completion.trim().length > 0);
  const byLength = rows
    .map((example) => ({ example, length: example.prompt.length + example.completion.length }))
    .sort((a, b) => a.length - b.length)
    .map(({ example }) => example);
  const drawn: Example[] = [];
  for (const example of byLength.slice(Math.floor(RANK * byLength.length))) {
    const isNew = drawn.every(({ completion }) => completion.trim() !== example.completion.trim());
    if (drawn.length < EXAMPLES && (isNew || !hasOthers(rows, drawn))) drawn.push(example);
  }
  if (drawn.length < EXAMPLES) return null;
  const ids = drawn.flatMap((example, index) => withoutBegin(encoder, idsOf(encoder, example), index > 0));
  return ids.length <= LONGEST.examples ? ids : null;
}

/** Whether some row has an answer that no drawn one has. */
const hasOthers = (rows: readonly Example[], drawn: readonly Example[]): boolean =>
  rows.some(({ completion }) => drawn.every((one) => one.completion.trim() !== completion.trim()));

/** An example and what separates it from the next: the end of a turn in a template, otherwise an empty line. */
function idsOf(encoder: Encoder, { prompt, completion, special = false }: Example): number[] {
  if (!special) return promptIds(encoder, `${prompt}${completion}\n\n`);
  return [...promptIds(encoder, prompt, true), ...encoder.encode(completion), ...encoder.eosIds.slice(0, 1)];
}

/** The tokens without the beginning-of-sequence token, if `isLater` and they have one. */
function withoutBegin({ addsBos }: Encoder, ids: readonly number[], isLater: boolean): readonly number[] {
  return addsBos && isLater ? ids.slice(1) : ids;
}

/** Some questions of a split with the examples before each; null if none fits. */
export function promptedQuestions(
  encoder: Encoder,
  rows: ScoredRows,
  examples: readonly number[],
  maxPositions: number,
): ScoredPart | null {
  const longest = Math.min(maxPositions, LONGEST.row) - examples.length;
  const limits = { ...COMPARED, texts: 0, longest, extra: examples.length };
  const part = rows.part(limits);
  if (part.questions.length === 0) return null;
  const prompted = part.rows.mapped((row) => ({
    ...row,
    ids: [...examples, ...withoutBegin(encoder, row.ids, true)],
    promptLength: row.promptLength + examples.length - (encoder.addsBos ? 1 : 0),
  }));
  return { ...part, rows: prompted };
}

/** Some asked rows with the examples before each; those that do not fit in the context are left out when they are answered. */
export function promptedAnswers(
  encoder: Encoder,
  rows: readonly AskedRow[],
  examples: readonly number[],
): AskedRow[] {
  const prompted = rows.map((row) => ({
    ...row,
    prompt: [...examples, ...withoutBegin(encoder, row.prompt, true)],
  }));
  return mostWithin(prompted, ANSWERED.rows, [
    { most: ANSWERED.promptTokens, of: ({ prompt }) => prompt.length },
    { most: ANSWERED.answerTokens, of: ({ maxTokens }) => maxTokens },
  ]);
}
