/** Has the tuned model's chat model rewrite the answers of training rows, greedily. */
import { join } from "node:path";
import { z } from "zod";
import { failureOf } from "../../../../native-models/failure.ts";
import { remove } from "../../../../native-models/formats/atomic.ts";
import { answerTogether } from "../../../../native-models/inference/answer-together.ts";
import type { Decoder } from "../../../../native-models/inference/decoder.ts";
import { MOST_ROWS } from "../../../../native-models/inference/pieces.ts";
import type { Precision } from "../../../../native-models/inference/precision.ts";
import type { Model } from "../../../../native-models/model.ts";
import type { Tokenizer } from "../../../../native-models/tokenizer.ts";
import { Journal } from "../../saved-run/checkpoint.ts";
import { WRITER_FOLDER } from "../../saved-run/run-files.ts";
import { openChat, preparePrompts, writeChat } from "../chat/chat-model.ts";
import { GREEDY } from "../evaluation/generated-answers.ts";
import { WrittenAnswer } from "../rows/rewritten-answers.ts";
import type { FreeAnswer } from "../rows/rewritten-answers.ts";

export interface RewriteInput {
  /** The tuned model, which is only opened if something is left to be written. */
  readonly model: () => Promise<Model>;
  readonly tokenizer: Tokenizer;
  readonly asked: readonly FreeAnswer[];
  /** Stores the answers, for a run that is resumed, and the chat model while it writes. */
  readonly folder: string;
  readonly threads: number;
  /** The precision of its chat weights; the usual one by default. */
  readonly precision?: Precision | undefined;
  /** Called before each pass; throws `cancelled`. */
  readonly breathe: () => Promise<void>;
  /** Tokens read and written for an answer. */
  readonly onAnswer: (read: number, written: number) => void;
  /** The kept answers were damaged; they are written again. */
  readonly onDamaged: () => void;
}

/** Answers are stored about this often, so that a run that is stopped loses no more work than that; at most MOST_KEPT at a time. */
const KEPT_EVERY_MS = 20_000;
const MOST_KEPT = 1024;

/**
 * The answer to each row that is asked, from the journal in the folder or from the model: the same either way. Throws `cancelled`, and the
 * errors of writing chat weights and of saving.
 */
export async function writtenAnswers(input: RewriteInput): Promise<WrittenAnswer[]> {
  const { asked } = input;
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

async function openKept({ folder, onDamaged }: RewriteInput): Promise<Journal> {
  try {
    const journal = await Journal.open(folder);
    if (journal.isBefore) onDamaged();
    return journal;
  } catch (error) {
    if (failureOf(error).code !== "corrupt-file") throw error;
    onDamaged();
    await remove(folder);
    return Journal.open(folder);
  }
}

/** The chat model of the tuned model, written and opened when the first answer is needed. */
class Writer {
  readonly #input: RewriteInput;
  readonly #folder: string;
  #decoder: Decoder | null = null;

  constructor(input: RewriteInput) {
    this.#input = input;
    this.#folder = join(input.folder, WRITER_FOLDER);
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
    const { tokenizer, breathe, onAnswer } = this.#input;
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
        await breathe();
        return false;
      },
      onAnswer: (index, { text, reason, tokens }) => {
        answers[index] = { text, ended: reason === "end" };
        onAnswer(some[index]!.prompt.length, tokens);
      },
    });
    return answers;
  }

  async #open(): Promise<Decoder> {
    const model = await this.#input.model();
    await writeChat(model, this.#folder, { precision: this.#input.precision });
    const decoder = await openChat(model, this.#folder, this.#input.threads);
    await preparePrompts(model, decoder);
    return decoder;
  }

  async close(): Promise<void> {
    await this.#decoder?.close();
    this.#decoder = null;
    await remove(this.#folder);
  }
}
