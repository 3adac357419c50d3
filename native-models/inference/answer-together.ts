/**
 * Many prompts answered together (continuous batching): one row per answer that is being written, and one pass over the weights for the
 * next tokens of all rows. A row is free for the next prompt as soon as its answer ends. Each answer is the one that its prompt would get
 * alone.
 */
import { commonLength } from "../common-length.ts";
import { fail } from "../failure.ts";
import type { TokenText } from "../tokenizer.ts";
import { AnswerWriter } from "./answer-writer.ts";
import type { AnswerOptions, Reason } from "./answer-writer.ts";
import { Decoder } from "./decoder.ts";
import { PIECE_TOKENS } from "./pieces.ts";

export interface Question {
  readonly prompt: readonly number[];
  readonly options: AnswerOptions;
}

export interface WholeAnswer {
  readonly text: string;
  readonly reason: Exclude<Reason, "cancelled">;
  readonly tokens: number;
}

/** An answer that is being written. */
interface Row {
  readonly question: number;
  readonly decoder: Decoder;
  readonly writer: AnswerWriter;
  readonly promptTokens: number;
  /** Ids that have not been read yet. */
  waiting: readonly number[];
  text: string;
}

/** Copying another decoder's cache pays off if it saves reading at least this many tokens of a prompt. */
const WORTH_COPYING = 16;

/**
 * Answers questions in order, at most `rows` at a time; `onAnswer` gets each answer when it ends. Throws `context-full` for a prompt
 * that is too long, before anything is read, and `cancelled`.
 */
export async function answerTogether(
  decoder: Decoder,
  tokenizer: TokenText,
  questions: readonly Question[],
  {
    rows,
    cancelled,
    onAnswer,
  }: {
    readonly rows: number;
    /** Checked before each pass. */
    readonly cancelled: () => boolean | Promise<boolean>;
    readonly onAnswer: (question: number, answer: WholeAnswer) => void;
  },
): Promise<void> {
  const { contextLength } = decoder.description;
  for (const { prompt } of questions)
    if (prompt.length > contextLength)
      fail({ code: "context-full", tokens: prompt.length, limit: contextLength });
  const count = decoder.isNative ? Math.min(rows, questions.length) : 1;
  const free = Array.from({ length: count }, (_, index) => (index === 0 ? decoder : decoder.another()));
  const all = [...free];
  let active: Row[] = [];
  for (let next = 0; next < questions.length || active.length > 0;) {
    if (await cancelled()) fail({ code: "cancelled" });
    while (free.length > 0 && next < questions.length && !isBeingRead(questions[next]!.prompt))
      active.push(begin(next++));
    active = await pass(active);
  }

  /** Whether an active row is about to read more of this prompt than any decoder has read: soon it can be copied. */
  function isBeingRead(prompt: readonly number[]): boolean {
    const known = common(bestOf(all, prompt).ids, prompt);
    return active.some(({ decoder, question }) => {
      const shared = common(questions[question]!.prompt, prompt);
      return decoder.ids.length < shared && shared >= known + WORTH_COPYING;
    });
  }

  function begin(question: number): Row {
    const { prompt, options } = questions[question]!;
    const own = bestOf(free, prompt);
    free.splice(free.indexOf(own), 1);
    takeOver(own, all, prompt);
    return {
      question,
      decoder: own,
      writer: new AnswerWriter(tokenizer, prompt, options, contextLength),
      promptTokens: prompt.length,
      waiting: prompt.slice(own.ids.length),
      text: "",
    };
  }

  /** Reads waiting ids of the rows, as far as they fit into a piece, and continues the answers of rows that have none left. */
  async function pass(rows: readonly Row[]): Promise<Row[]> {
    const texts = share(rows);
    const logits = await Decoder.readTogether(texts.map(({ row, ids }) => ({ decoder: row.decoder, ids })));
    for (const [index, { row, ids }] of texts.entries()) {
      row.waiting = row.waiting.slice(ids.length);
      if (row.waiting.length > 0) continue;
      const written = row.writer.next(logits[index]!);
      row.text += written.text;
      row.waiting = written.ids;
      if (!written.reason) continue;
      onAnswer(row.question, {
        text: row.text,
        reason: written.reason as WholeAnswer["reason"],
        tokens: row.writer.tokens,
      });
      free.push(row.decoder);
    }
    return rows.filter((row) => !free.includes(row.decoder));
  }
}

/** Waiting ids of the rows, one piece in all: one token for each row, and the rest of the piece for the rows that came first. */
function share(rows: readonly Row[]): { row: Row; ids: readonly number[] }[] {
  let room = PIECE_TOKENS - rows.length;
  return rows.map((row) => {
    const count = Math.min(row.waiting.length, 1 + Math.max(0, room));
    room -= count - 1;
    return { row, ids: row.waiting.slice(0, count) };
  });
}

function bestOf(decoders: readonly Decoder[], prompt: readonly number[]): Decoder {
  return decoders.reduce((best, one) => (common(one.ids, prompt) > common(best.ids, prompt) ? one : best));
}

/** Keeps what a decoder has read of a prompt, or copies more from another one. The last id is read again, for its logits. */
function takeOver(own: Decoder, all: readonly Decoder[], prompt: readonly number[]): void {
  const best = bestOf(all, prompt);
  const [ofBest, ofOwn] = [common(best.ids, prompt), common(own.ids, prompt)];
  if (ofBest >= ofOwn + WORTH_COPYING) own.copy(best, ofBest);
  else own.truncate(ofOwn);
}

/** The length of the common prefix of `ids` and a prompt without its last id. */
const common = (ids: readonly number[], prompt: readonly number[]): number =>
  Math.min(commonLength(ids, prompt), prompt.length - 1);
