/**
 * Rewriting (self-data distillation, arXiv 2410.09982): which training rows the tuned model's chat model answers again, greedily, and which of
 * its answers are used.
 */
import { z } from "zod";
import { promptIds } from "../../../native-models/chat-template.ts";
import { repetition, rougeL } from "../../../native-models/evaluation/generated-text.ts";
import { failureOf } from "../../../native-models/failure.ts";
import { remove } from "../../../native-models/formats/atomic.ts";
import { answerTogether } from "../../../native-models/inference/together.ts";
import type { Decoder } from "../../../native-models/inference/decoder.ts";
import { MOST_ROWS } from "../../../native-models/inference/pieces.ts";
import type { TokenRow } from "../../../native-models/training/batch.ts";
import type { Rewriting, RewritingResult } from "../../../preload/methods/rewriting.ts";
import type { PlannedTokens } from "../../../preload/contract/plans/probe.ts";
import { Journal } from "../journal/checkpoint.ts";
import { openChat, preparePrompts, writeChat } from "../chat/chat-model.ts";
import { GREEDY } from "../evaluation/generated-answers.ts";
import { exampleRow } from "../rows/rows.ts";
import type { Encoder } from "../rows/rows.ts";
import { evenlySpread } from "../rows/spread.ts";
import type { RowsContext, RowsMethod, TrainingRows } from "./method.ts";

export const rewriting: RowsMethod<Rewriting, RewritingResult> = {
  kind: "rows",
  writing: (rows) => tokensOf(freeAnswers(rows)),
  change: async (context, settings) => {
    const asked = askedAgain(freeAnswers(context), settings, context.taught);
    return rewrittenRows(context, asked, await writtenAnswers(context, asked), settings);
  },
};

/** A training row that the tuned model can answer in its own words. */
interface FreeAnswer {
  /** Its index among the training rows. */
  readonly row: number;
  readonly prompt: readonly number[];
  /** The tokens of its own answer, including the end token, and the number after which a written answer is cut off. */
  readonly answerTokens: number;
  readonly maxTokens: number;
}

/** What the tuned model wrote to a row, and whether it ended by itself. */
const WrittenAnswer = z.object({ text: z.string(), ended: z.boolean() });
type WrittenAnswer = z.infer<typeof WrittenAnswer>;

/** The runs of letters and digits of a text: in languages without spaces, whole clauses, so that their answers are kept. */
const runsIn = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];

/** Shorter answers are facts, numbers and labels: there is nothing in them that could be put in other words. */
const FEWEST_WORDS = 8;

/** An answer may be a quarter longer than the row's own. */
const LONGER = 1.25;
const LONGER_TOKENS = 8;

/** An answer may repeat this share of its 4-grams, or as many as the row's own does; people's texts repeat less than a hundredth. */
const MOST_REPETITION = 0.1;

/**
 * The rows whose answers could be rewritten: those with free text. Questions with choices keep their answers, and so do texts without a
 * prompt, answers that are short or quote their prompt, and rows that were cut.
 */
export function freeAnswers({
  plan: { maxTokens },
  encoder,
  examples,
  hasChoices,
  maxPositions,
}: TrainingRows): FreeAnswer[] {
  return examples.flatMap(({ example, row }, index) => {
    const { prompt: text, completion, special = false } = example;
    const answer = completion.trim();
    if (text.trim() === "" || runsIn(answer).length < FEWEST_WORDS || text.includes(answer)) return [];
    if (hasChoices && isAsked(text, special)) return [];
    if (row.ids.length >= maxTokens) return [];
    const prompt = promptIds(encoder, text, special);
    const answerTokens = row.ids.length - row.promptLength;
    const most = Math.ceil(LONGER * answerTokens) + LONGER_TOKENS;
    const fits = prompt.length + most < maxPositions;
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
const tokensOf = (free: readonly FreeAnswer[]): PlannedTokens["writing"][string] => ({
  read: free.reduce((sum, { prompt }) => sum + prompt.length, 0),
  written: free.reduce((sum, { answerTokens }) => sum + answerTokens, 0),
});

type Verdict = Exclude<keyof RewritingResult, "asked">;

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
  {
    encoder,
    examples,
    rows: before,
    plan: { maxTokens },
  }: Pick<RowsContext, "encoder" | "examples" | "rows" | "plan">,
  asked: readonly FreeAnswer[],
  written: readonly WrittenAnswer[],
  settings: Pick<Rewriting, "agreement">,
): { rows: TokenRow[]; result: RewritingResult } {
  const rows = [...before];
  const result = { ...noneRewritten, asked: asked.length };
  for (const [index, { row }] of asked.entries()) {
    const { example } = examples[row]!;
    const answer = written[index]!;
    const verdict = verdictOn(answer, example.completion, encoder.encode, settings);
    result[verdict]++;
    if (verdict !== "kept") continue;
    rows[row] = exampleRow(encoder, { ...example, completion: answer.text }, maxTokens) ?? rows[row]!;
  }
  return { rows, result };
}

const noneRewritten: RewritingResult = {
  asked: 0,
  kept: 0,
  same: 0,
  empty: 0,
  unfinished: 0,
  repetitive: 0,
  different: 0,
};

type Writing = Pick<
  RowsContext,
  "tuned" | "tokenizer" | "folder" | "workFolder" | "plan" | "yieldToEventLoop" | "wrote" | "damaged"
>;

/** Answers are stored about this often, so that a run that is stopped loses no more work than that; at most MOST_KEPT at a time. */
const KEPT_EVERY_MS = 20_000;
const MOST_KEPT = 1024;

/**
 * The answer to each row that is asked, from the journal in the folder or from the model: the same either way. Throws `cancelled`, and the
 * errors of writing chat weights and of saving.
 */
export async function writtenAnswers(input: Writing, asked: readonly FreeAnswer[]): Promise<WrittenAnswer[]> {
  const journal = await openKept(input);
  const writer = new Writer(input);
  const written: WrittenAnswer[] = [];
  try {
    for (let size = MOST_ROWS; written.length < asked.length;) {
      const some = asked.slice(written.length, written.length + size);
      const started = performance.now();
      const name = `answers from ${written.length}`;
      const answers = await journal.stage(name, z.array(WrittenAnswer), () => writer.answersTo(some));
      if (performance.now() - started < KEPT_EVERY_MS / 2) size = Math.min(2 * size, MOST_KEPT);
      written.push(...answers);
    }
  } finally {
    await writer.close();
  }
  return written;
}

async function openKept({ folder, damaged }: Writing): Promise<Journal> {
  try {
    const journal = await Journal.open(folder);
    if (journal.isBefore) damaged();
    return journal;
  } catch (error) {
    if (failureOf(error).code !== "corrupt-file") throw error;
    damaged();
    await remove(folder);
    return Journal.open(folder);
  }
}

/** The chat model of the tuned model, written and opened when the first answer is needed. */
class Writer {
  readonly #input: Writing;
  #decoder: Decoder | null = null;

  constructor(input: Writing) {
    this.#input = input;
  }

  /** Each answer is the one that its prompt would get on its own, whatever is answered together with it or before it. */
  async answersTo(some: readonly FreeAnswer[]): Promise<WrittenAnswer[]> {
    const { isNative } = (this.#decoder ??= await this.#open());
    if (isNative) return this.#together(some);
    const answers: WrittenAnswer[] = [];
    for (const one of some) answers.push(...(await this.#together([one]))); // a graph's bits depend on what it has read
    return answers;
  }

  async #together(some: readonly FreeAnswer[]): Promise<WrittenAnswer[]> {
    const { tokenizer, yieldToEventLoop, wrote } = this.#input;
    const decoder = this.#decoder!;
    decoder.truncate(0);
    const answers: WrittenAnswer[] = [];
    const questions = some.map(({ prompt, maxTokens }) => ({
      prompt,
      options: { ...GREEDY, maxTokens, endIds: tokenizer.eosIds },
    }));
    await answerTogether(decoder, tokenizer, questions, {
      rows: MOST_ROWS,
      cancelled: async () => {
        await yieldToEventLoop();
        return false;
      },
      onAnswer: (index, { text, reason, tokens }) => {
        answers[index] = { text, ended: reason === "end" };
        wrote(some[index]!.prompt.length, tokens);
      },
    });
    return answers;
  }

  async #open(): Promise<Decoder> {
    const { tuned, workFolder, plan } = this.#input;
    const model = await tuned();
    await writeChat(model, workFolder, { precision: plan.chat.precision });
    const decoder = await openChat(model, workFolder, plan.threads);
    await preparePrompts(model, decoder);
    return decoder;
  }

  async close(): Promise<void> {
    await this.#decoder?.close();
    this.#decoder = null;
    await remove(this.#input.workFolder);
  }
}
