/**
 * Texts that share a model: answers that are written together (continuous batching), one pass over the weights for the next tokens of all.
 * Each answer is the one that its prompt would get alone.
 */
import { commonLength } from "../common-length.ts";
import { fail } from "../failure.ts";
import type { TokenText } from "../tokenizer.ts";
import { AnswerWriter } from "./answer-writer.ts";
import type { AnswerOptions, Reason, Written } from "./answer-writer.ts";
import { Decoder } from "./decoder.ts";
import type { Generation } from "./generate.ts";
import { DraftGate, LONGEST_DRAFT } from "./draft-gate.ts";
import { Lookup, MOST_MATCH } from "./lookup.ts";
import type { Draft } from "./lookup.ts";
import { nextPass, nextToBegin } from "./turns.ts";
import type { Room, Row, Waiting } from "./turns.ts";

export interface Question {
  readonly prompt: readonly number[];
  readonly options: AnswerOptions;
}

interface Following {
  /** Whether a person waits for it; false by default. */
  readonly isUrgent?: boolean;
  /** Receives each piece of text once it is final. */
  readonly onText: (text: string) => void;
  /** Checked before each pass. */
  readonly cancelled: () => boolean;
}

/** A text that waits for a decoder. */
interface Claim extends Waiting {
  readonly prompt: readonly number[];
  readonly cancelled: () => boolean;
  /** Null if it was cancelled before. */
  readonly resolve: (decoder: Decoder | null) => void;
}

/** An answer that is being written. */
interface Answer {
  readonly decoder: Decoder;
  readonly writer: AnswerWriter;
  readonly following: Following;
  /** The prompt and the answer so far, in which drafts are looked up; filled by then. */
  readonly lookup: Lookup;
  /** Ids that have not been read yet. */
  unreadIds: readonly number[];
  /** When the first logits were there. */
  prefilledAt: number | null;
  readonly end: (reason: Reason) => void;
  readonly fail: (error: unknown) => void;
}

/** Copying another decoder's cache pays off if it saves reading at least this many tokens of a prompt. */
export const WORTH_COPYING = 16;

export class Together {
  readonly #first: Decoder;
  readonly #tokenizer: TokenText;
  readonly #room: Room;
  readonly #yieldToEventLoop: () => Promise<void>;
  /** What texts have read and what is kept of it, the least recently used first. */
  #decoders: Decoder[];
  readonly #open = new Map<Decoder, Claim>();
  #waiting: Claim[] = [];
  #answers: Answer[] = [];
  readonly #learnt: Lookup | null;
  readonly #gate: DraftGate;
  #isWorking = false;

  /** Only a native decoder reads several texts at a time: `room.rows` must be 1 for another. */
  constructor(
    first: Decoder,
    tokenizer: TokenText,
    {
      room,
      yieldToEventLoop,
      learnt = null,
      gate = new DraftGate(),
    }: {
      readonly room: Room;
      readonly yieldToEventLoop: () => Promise<void>;
      /** What the model was trained on. */
      readonly learnt?: Lookup | null;
      readonly gate?: DraftGate;
    },
  ) {
    this.#first = first;
    this.#decoders = first.isNative ? [] : [first];
    this.#tokenizer = tokenizer;
    this.#room = room;
    this.#yieldToEventLoop = yieldToEventLoop;
    this.#learnt = learnt;
    this.#gate = gate;
  }

  /** Answers when there is room. A cancelled answer keeps its text so far. Throws `context-full` for a prompt that is too long. */
  async answer({ prompt, options }: Question, following: Following): Promise<Generation> {
    const { contextLength } = this.#first.description;
    this.#first.requireContext(prompt.length);
    const tokens = Math.min(prompt.length + options.maxTokens, contextLength);
    const decoder = await this.#claim({ prompt, tokens, isUrgent: false, ...following });
    const promptTokens = prompt.length;
    if (decoder === null)
      return {
        reason: "cancelled",
        promptTokens,
        tokens: 0,
        promptTokensPerSecond: null,
        tokensPerSecond: null,
      };
    const known = decoder.ids.length;
    const writer = new AnswerWriter(this.#tokenizer, prompt, options, contextLength);
    const started = performance.now();
    try {
      return await new Promise<Generation>((resolve, reject) => {
        const answer: Answer = {
          ...{ decoder, writer, following, lookup: new Lookup("text") },
          ...{ unreadIds: prompt.slice(known), prefilledAt: null, fail: reject },
          end: (reason) => {
            const [prefilled, ended] = [answer.prefilledAt, performance.now()];
            const promptTokensPerSecond = prefilled && perSecond(promptTokens - known, prefilled - started);
            const tokensPerSecond = prefilled && perSecond(writer.tokens - 1, ended - prefilled);
            resolve({ reason, promptTokens, tokens: writer.tokens, promptTokensPerSecond, tokensPerSecond });
          },
        };
        this.#answers.push(answer);
        void this.#work();
      });
    } finally {
      this.#release(decoder);
    }
  }

  /**
   * Lets `use` read a text of at most `tokens` tokens with a decoder of its own, which has read what is known of the prompt. Throws `cancelled`
   * if it was cancelled before.
   */
  async alone<Result>(
    {
      isUrgent = false,
      ...text
    }: Pick<Claim, "prompt" | "tokens" | "cancelled"> & Pick<Following, "isUrgent">,
    use: (decoder: Decoder) => Promise<Result>,
  ): Promise<Result> {
    const decoder = await this.#claim({ ...text, isUrgent });
    if (decoder === null) return fail({ code: "cancelled" });
    try {
      return await use(decoder);
    } finally {
      this.#release(decoder);
    }
  }

  #claim(text: Omit<Claim, "resolve" | "since">): Promise<Decoder | null> {
    return new Promise((resolve) => {
      this.#waiting.push({ ...text, since: performance.now(), resolve });
      this.#begin();
    });
  }

  #release(decoder: Decoder): void {
    this.#open.delete(decoder);
    this.#begin();
  }

  /** Gives decoders to those whose turn it is. */
  #begin(): void {
    for (const { resolve } of this.#drop(({ cancelled }) => cancelled())) resolve(null);
    for (;;) {
      const next = nextToBegin(this.#waiting, [...this.#open.values()], this.#room, performance.now());
      if (!next || this.#isBeingRead(next.prompt)) return;
      this.#drop((claim) => claim === next);
      const decoder = this.#decoderFor(next);
      this.#open.set(decoder, next);
      next.resolve(decoder);
    }
  }

  #drop(isMeant: (claim: Claim) => boolean): Claim[] {
    const dropped = this.#waiting.filter(isMeant);
    this.#waiting = this.#waiting.filter((claim) => !dropped.includes(claim));
    return dropped;
  }

  /** Whether an open text is about to read more of this prompt than any decoder has read: soon it can be copied. */
  #isBeingRead(prompt: readonly number[]): boolean {
    const known = common(mostKnown(this.#decoders, prompt)?.ids ?? [], prompt);
    return [...this.#open].some(([decoder, claim]) => {
      const shared = common(claim.prompt, prompt);
      return decoder.ids.length < shared && shared >= known + WORTH_COPYING;
    });
  }

  /**
   * A decoder that no other text uses, having read what is known of the prompt but its last id, which is read again for its logits. What others
   * have read is kept for their next questions, as long as there is room.
   */
  #decoderFor({ prompt, tokens }: Claim): Decoder {
    const known = (decoder: Decoder) => common(decoder.ids, prompt);
    const best = mostKnown(this.#decoders, prompt);
    const whole = this.#free.filter((decoder) => known(decoder) >= decoder.ids.length - 1);
    const continued = mostKnown(whole, prompt);
    this.#forgetFor(tokens, [best, continued]);
    const isNew = continued === undefined && this.#decoders.length < this.#room.rows;
    const own = isNew ? this.#first.another() : (continued ?? this.#free[0]!);
    const [ofBest, ofOwn] = [best ? known(best) : 0, known(own)];
    if (best && ofBest >= ofOwn + WORTH_COPYING) own.copy(best, ofBest);
    else own.truncate(ofOwn);
    this.#decoders = [...this.#decoders.filter((decoder) => decoder !== own), own];
    return own;
  }

  get #free(): Decoder[] {
    return this.#decoders.filter((decoder) => !this.#open.has(decoder));
  }

  /** Forgets texts that nobody continues, the least recently used first, until there is room for `tokens` more. */
  #forgetFor(tokens: number, kept: readonly (Decoder | undefined)[]): void {
    const open = [...this.#open.values()].reduce((sum, claim) => sum + claim.tokens, 0);
    let idle = this.#free.reduce((sum, { ids }) => sum + ids.length, 0);
    for (const decoder of this.#free) {
      if (open + idle + tokens <= this.#room.tokens) return;
      if (kept.includes(decoder) || !this.#first.isNative) continue;
      idle -= decoder.ids.length;
      this.#decoders = this.#decoders.filter((other) => other !== decoder);
    }
  }

  /** Runs passes until no answer is being written. */
  async #work(): Promise<void> {
    if (this.#isWorking) return;
    this.#isWorking = true;
    try {
      while (this.#answers.length > 0) {
        await this.#yieldToEventLoop();
        for (const answer of this.#answers)
          if (answer.following.cancelled()) this.#end(answer, answer.writer.end("cancelled"));
        if (this.#answers.length > 0) await this.#pass();
        this.#begin();
      }
    } catch (error) {
      for (const answer of this.#answers.splice(0)) answer.fail(error);
    } finally {
      this.#isWorking = false;
    }
  }

  async #pass(): Promise<void> {
    const read = nextPass(this.#answers.map(rowOf)).map(({ row: { answer }, count }) => ({
      answer,
      ids: answer.unreadIds.slice(0, count),
    }));
    const answers = read.map(({ answer }) => answer);
    const [only] = answers;
    if (answers.length === 1 && only!.prefilledAt !== null) return this.#checkDraft(only!);
    this.#answers = [...this.#answers.filter((answer) => !answers.includes(answer)), ...answers];
    const logits = await Decoder.readTogether(read.map(({ answer: { decoder }, ids }) => ({ decoder, ids })));
    for (const [index, { answer, ids }] of read.entries()) {
      answer.unreadIds = answer.unreadIds.slice(ids.length);
      if (answer.unreadIds.length > 0) continue;
      answer.prefilledAt ??= performance.now();
      this.#write(answer, answer.writer.next(logits[index]!));
    }
  }

  /**
   * Continues the only answer by several tokens if a draft is worth checking. Each is chosen from the logits that it would be chosen from without
   * the draft, so the answer stays the same, sampled or not.
   */
  async #checkDraft(answer: Answer): Promise<void> {
    const { decoder, writer, unreadIds } = answer;
    const draft = this.#draftOf(answer);
    const guessed = draft?.ids.slice(0, this.#gate.lengthOf(draft)) ?? [];
    const started = performance.now();
    const ids = [...unreadIds, ...guessed];
    const [logits] = await Decoder.readTogether([{ decoder, ids, last: guessed.length + 1 }]);
    if (unreadIds.length === 1) this.#gate.measured(ids.length, performance.now() - started);
    const { vocabularySize } = decoder.description;
    let [right, text] = [0, ""];
    let written: Written;
    do {
      const chosen = writer.next(logits!.subarray(right * vocabularySize, (right + 1) * vocabularySize));
      const same = commonLength(chosen.ids, guessed.slice(right));
      if (draft && right < Math.max(1, guessed.length))
        this.#gate.saw(draft, writer.chosen[0] === draft.ids[right]);
      right += same;
      text += chosen.text;
      written = { ...chosen, text, ids: chosen.ids.slice(same) };
    } while (written.reason === null && written.ids.length === 0);
    decoder.truncate(decoder.ids.length - guessed.length + right);
    this.#write(answer, written);
  }

  /** What the text may go on with, if it can be forgotten again. */
  #draftOf({ decoder, lookup, unreadIds }: Answer): Draft | null {
    if (!decoder.canForget(unreadIds.length + LONGEST_DRAFT)) return null;
    lookup.add(decoder.ids.slice(lookup.length));
    lookup.add(unreadIds);
    const last = [...decoder.ids.slice(-MOST_MATCH), ...unreadIds];
    const [own, other] = [lookup, this.#learnt].map((where) => where?.draft(last, LONGEST_DRAFT) ?? null);
    return (other?.match ?? 0) > (own?.match ?? 0) ? other! : own!;
  }

  #write(answer: Answer, written: Written): void {
    if (written.reason) return this.#end(answer, written);
    answer.unreadIds = written.ids;
    if (written.text) answer.following.onText(written.text);
  }

  #end(answer: Answer, { text, reason }: Written): void {
    this.#answers = this.#answers.filter((other) => other !== answer);
    if (text) answer.following.onText(text);
    answer.end(reason!);
  }
}

export interface WholeAnswer {
  readonly text: string;
  readonly reason: Exclude<Reason, "cancelled">;
  readonly tokens: number;
}

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
  for (const { prompt } of questions) decoder.requireContext(prompt.length);
  let isCancelled = false;
  const yieldToEventLoop = async () => void (isCancelled ||= await cancelled());
  const room = { rows: decoder.isNative ? rows : 1, tokens: Infinity };
  const together = new Together(decoder, tokenizer, { room, yieldToEventLoop });
  await Promise.all(
    questions.map(async (question, index) => {
      let text = "";
      const onText = (piece: string) => void (text += piece);
      const cancelled = () => isCancelled;
      const isUrgent = true; // nothing more urgent will come, so they may take all rows
      const { reason, tokens } = await together.answer(question, { onText, cancelled, isUrgent });
      if (reason === "cancelled") fail({ code: "cancelled" });
      onAnswer(index, { text, reason, tokens });
    }),
  );
}

/** An answer as the policy sees it. */
function rowOf(answer: Answer): Row & { readonly answer: Answer } {
  const { decoder, following, prefilledAt, unreadIds } = answer;
  // The end of a prompt is read separately, so that a snapshot of recurrent tensors before it is there for another answer.
  const isSplit = decoder.isRecurrent && prefilledAt === null && unreadIds.length > 1;
  const unread = isSplit ? unreadIds.length - 1 : unreadIds.length;
  return { answer, isUrgent: following.isUrgent ?? false, unread };
}

/** The decoder that has read most of a prompt, the first of equals. */
function mostKnown(decoders: readonly Decoder[], prompt: readonly number[]): Decoder | undefined {
  let best: { decoder: Decoder; known: number } | undefined;
  for (const decoder of decoders) {
    const known = common(decoder.ids, prompt);
    if (!best || known > best.known) best = { decoder, known };
  }
  return best?.decoder;
}

/** The length of the common prefix of `ids` and a prompt without its last id. */
const common = (ids: readonly number[], prompt: readonly number[]): number =>
  Math.min(commonLength(ids, prompt), prompt.length - 1);

const perSecond = (count: number, ms: number) => (count > 0 && ms > 0 ? (count * 1000) / ms : null);
