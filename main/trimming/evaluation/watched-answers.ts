/** A few held-out questions that a run answers after each round, so that a person sees it learn. */
import { promptIds } from "../../../native-models/chat-template.ts";
import type { ChoiceStyle } from "../../../native-models/evaluation/choices.ts";
import type { Batcher } from "../../../native-models/training/batch.ts";
import type { Trainee } from "../../../native-models/training/trainee.ts";
import type { Split } from "../../../preload/contract/data/data.ts";
import type { WatchedAnswer } from "../../../preload/contract/runs/run.ts";
import { questionRows, tokensIn } from "../rows/rows.ts";
import type { Encoder, QuestionRows } from "../rows/rows.ts";
import { evenlySpread } from "../rows/spread.ts";
import { choiceLogLikelihoods, scoreRows } from "./evaluate.ts";

const WATCHED = 3;
/** Each token of a written answer takes a pass over the whole text before it. */
const MOST_WRITTEN = 24;
const LONGEST_SHOWN = 600;

/** A watched question, in the form that it is answered in: a choice among texts, or a text that follows a prompt. */
export type WatchedRow = { readonly question: string; readonly expected: string } & (
  | { readonly rows: QuestionRows; readonly choices: readonly string[] }
  | { readonly prompt: readonly number[] }
);

/** Evenly spread test questions, or test rows with a prompt if there are none. */
export function watchedRows(
  encoder: Encoder,
  { questions, examples }: Split,
  style: ChoiceStyle,
  maxTokens: number,
): WatchedRow[] {
  if (questions.length > 0)
    return evenlySpread(questions, WATCHED).map((question) => ({
      question: question.question.slice(0, LONGEST_SHOWN),
      expected: question.choices[question.answer]!,
      choices: question.choices,
      rows: questionRows(encoder, question, style, maxTokens),
    }));
  const asked = examples.filter(({ prompt }) => prompt.length > 0);
  return evenlySpread(asked, WATCHED).map(({ prompt, completion, special }) => ({
    question: prompt.slice(-LONGEST_SHOWN),
    expected: completion.trim().slice(0, LONGEST_SHOWN),
    prompt: promptIds(encoder, prompt, special).slice(-Math.max(1, maxTokens - MOST_WRITTEN)),
  }));
}

/** The most tokens that a model reads to answer them. */
export function watchedTokens(rows: readonly WatchedRow[]): number {
  const tokens = rows.map((row) =>
    "rows" in row ? tokensIn(row.rows.rows) : MOST_WRITTEN * (row.prompt.length + MOST_WRITTEN / 2),
  );
  return tokens.reduce((sum, count) => sum + count, 0);
}

interface Answering {
  readonly stack: Trainee;
  readonly batcher: Batcher;
  readonly encoder: Encoder;
  /** Called after each pass over this many tokens. */
  readonly done: (tokens: number) => Promise<void>;
}

/** The model's likeliest choices and greedy texts. Only forward passes: what is trained stays as it is. */
export async function watchedAnswers(
  rows: readonly WatchedRow[],
  answering: Answering,
): Promise<WatchedAnswer[]> {
  const answers: WatchedAnswer[] = [];
  for (const { question, expected, ...row } of rows) {
    const answer = "rows" in row ? await chosen(row, answering) : await written(row.prompt, answering);
    answers.push({ question, expected, answer, right: "rows" in row ? answer === expected : null });
  }
  return answers;
}

async function chosen(
  { rows, choices }: { readonly rows: QuestionRows; readonly choices: readonly string[] },
  { stack, batcher, done }: Answering,
): Promise<string> {
  const nll = await scoreRows(rows.rows, batcher, (batch) => stack.nll(batch), done);
  const [likelihoods] = choiceLogLikelihoods([rows], nll);
  return choices[likelihoods!.indexOf(Math.max(...likelihoods!))] ?? "";
}

async function written(
  prompt: readonly number[],
  { stack, batcher, encoder, done }: Answering,
): Promise<string> {
  const ids = [...prompt];
  while (ids.length < prompt.length + MOST_WRITTEN) {
    const batch = batcher.batch([{ ids: [...ids, ids.at(-1)!], promptLength: ids.length }]); // the last one is only a place to predict
    const { tokens } = await stack.record(batch, { count: 1, temperature: 1 });
    const next = tokens!.ids[0]!;
    await done(ids.length);
    if (encoder.eosIds.includes(next)) break;
    ids.push(next);
  }
  const bytes = ids.slice(prompt.length).map((id) => Buffer.from(encoder.tokenBytes(id)));
  return Buffer.concat(bytes).toString().trim();
}
