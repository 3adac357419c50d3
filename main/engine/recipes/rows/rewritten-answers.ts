/**
 * Self-data distillation (arXiv 2410.09982): which training rows the tuned model answers again, and which of its answers are used. Pure;
 * rewrite.ts has them written.
 */
import { z } from "zod";
import { promptIds } from "../../../../native-models/chat-template.ts";
import { repetition, rougeL } from "../../../../native-models/evaluation/generated-text.ts";
import type { TokenRow } from "../../../../native-models/training/batch.ts";
import type { Rewriting, TrimPlan } from "../../../../preload/contract/plans/plan.ts";
import type { PlannedTokens } from "../../../../preload/contract/plans/probe.ts";
import type { Rewritten } from "../../../../preload/contract/runs/run.ts";
import type { Splits } from "../../documents/stored/split-files.ts";
import { exampleRow } from "./rows.ts";
import type { Encoder, TrainingExample } from "./rows.ts";
import { evenlySpread } from "./spread.ts";

/** A training row that the tuned model can answer in its own words. */
export interface FreeAnswer {
  /** Its index among the training rows. */
  readonly row: number;
  readonly prompt: readonly number[];
  /** The tokens of its own answer, including the end token, and the number after which a written answer is cut off. */
  readonly answerTokens: number;
  readonly maxTokens: number;
}

/** What the tuned model wrote to a row, and whether it ended by itself. */
export const WrittenAnswer = z.object({ text: z.string(), ended: z.boolean() });
export type WrittenAnswer = z.infer<typeof WrittenAnswer>;

/** The runs of letters and digits of a text: in languages without spaces, whole clauses, so that their answers are kept. */
const runsIn = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];

/** Shorter answers are facts, numbers and labels: there is nothing in them that could be put in other words. */
const FEWEST_WORDS = 8;

/** An answer may be a quarter longer than the row's own. */
const LONGER = 1.25;
const LONGER_TOKENS = 8;

/** An answer may repeat this share of its 4-grams, or as many as the row's own does; people's texts repeat less than a hundredth. */
const MOST_REPETITION = 0.1;

interface Texts extends Pick<Splits, "valid" | "test"> {
  readonly train: readonly TrainingExample[];
}

/**
 * The rows whose answers could be rewritten: those with free text; none if the plan has no answers rewritten. Questions with choices keep
 * their answers, and so do texts without a prompt, answers that are short or quote their prompt, and rows that were cut.
 */
export function freeAnswers(
  encoder: Encoder,
  { train, valid, test }: Texts,
  { maxTokens, rewriting }: Pick<TrimPlan, "maxTokens" | "rewriting">,
  contextTokens: number,
): FreeAnswer[] {
  if (rewriting.share === 0) return [];
  const asksChoices = valid.questions.length + test.questions.length > 0;
  return train.flatMap(({ example, row }, index) => {
    const { prompt: text, completion, special = false } = example;
    const answer = completion.trim();
    if (text.trim() === "" || runsIn(answer).length < FEWEST_WORDS || text.includes(answer)) return [];
    if (asksChoices && isAsked(text, special)) return [];
    if (row.ids.length >= maxTokens) return [];
    const prompt = promptIds(encoder, text, special);
    const answerTokens = row.ids.length - row.promptLength;
    const most = Math.ceil(LONGER * answerTokens) + LONGER_TOKENS;
    const fits = prompt.length + most < contextTokens;
    return fits ? [{ row: index, prompt, answerTokens, maxTokens: most }] : [];
  });
}

/** The rows whose answers are rewritten: the plan's share of all, chosen only from those whose indices are in `among`, if that is given. */
export function askedAgain(
  free: readonly FreeAnswer[],
  { share }: Pick<Rewriting, "share">,
  among?: ReadonlySet<number>,
): FreeAnswer[] {
  const some = among ? free.filter(({ row }) => among.has(row)) : free;
  return evenlySpread(some, Math.round(share * free.length));
}

/** Whether a prompt has the form of a question with choices (native-models/evaluation/choices.ts), also in a chat template. */
const isAsked = (prompt: string, isTemplate: boolean): boolean =>
  isTemplate ? prompt.includes("\nAnswer:") : prompt.endsWith("\nAnswer:");

/** The tokens that answering all of them takes; an answer is expected to be as long as the row's own. */
export function freeTokens(free: readonly FreeAnswer[]): Pick<PlannedTokens, "freePrompts" | "freeAnswers"> {
  return {
    freePrompts: free.reduce((sum, { prompt }) => sum + prompt.length, 0),
    freeAnswers: free.reduce((sum, { answerTokens }) => sum + answerTokens, 0),
  };
}

type Verdict = Exclude<keyof Rewritten, "asked">;

/** Whether an answer replaces a row's own: it ends, says the same in other words, with the same numbers, and does not loop. */
export function verdictOn(
  { text, ended }: WrittenAnswer,
  own: string,
  encode: Encoder["encode"],
  { agreement }: Pick<Rewriting, "agreement">,
): Verdict {
  if (text.trim() === "") return "empty";
  if (!ended) return "unfinished";
  if (text.trim() === own.trim()) return "same";
  if (repetition(encode(text)) > Math.max(MOST_REPETITION, repetition(encode(own)))) return "repetitive";
  return rougeL(text, own, runsIn) >= agreement && numbersIn(text) === numbersIn(own) ? "kept" : "different";
}

/** The numbers in a text, each once: an answer with different numbers says something different, however similar its words. */
const numbersIn = (text: string): string => [...new Set(text.match(/\p{N}+/gu))].sort().join(" ");

/** The training rows, with the written answers that are kept in place of their own, and how many answers got each verdict. */
export function rewrittenRows(
  encoder: Encoder,
  train: readonly TrainingExample[],
  asked: readonly FreeAnswer[],
  written: readonly WrittenAnswer[],
  { maxTokens, rewriting }: Pick<TrimPlan, "maxTokens" | "rewriting">,
): { rows: TokenRow[]; rewritten: Rewritten } {
  const rows = train.map(({ row }) => row);
  const rewritten = { ...noneRewritten, asked: asked.length };
  for (const [index, { row }] of asked.entries()) {
    const { example } = train[row]!;
    const answer = written[index]!;
    const verdict = verdictOn(answer, example.completion, encoder.encode, rewriting);
    rewritten[verdict]++;
    if (verdict !== "kept") continue;
    rows[row] = exampleRow(encoder, { ...example, completion: answer.text }, maxTokens) ?? rows[row]!;
  }
  return { rows, rewritten };
}

const noneRewritten: Rewritten = {
  asked: 0,
  kept: 0,
  same: 0,
  empty: 0,
  unfinished: 0,
  repetitive: 0,
  different: 0,
};

/** A sentence of a run's log. */
export function rewrittenText(counts: Rewritten): string {
  const { asked, kept, same, empty, unfinished, repetitive, different } = counts;
  if (asked === 0) return "No training row has an answer of free text that could be rewritten.";
  return `Of ${asked} answers that the tuned model rewrote, ${kept} are kept and ${same} equal the rows' own; ${different} say something else, ${unfinished} do not end, ${repetitive} repeat themselves, ${empty} are empty.`;
}
