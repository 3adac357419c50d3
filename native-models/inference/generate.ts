/** Generation: from a prompt's ids to text, piece by piece. */
import { Follower } from "../constraints/constraint.ts";
import type { Constraint } from "../constraints/constraint.ts";
import { streamDecoder } from "../tokenizer.ts";
import type { TokenText } from "../tokenizer.ts";
import type { Decoder } from "./decoder.ts";
import { Sampler } from "./sampler.ts";
import type { SamplerOptions } from "./sampler.ts";

/** Checked before each piece of a prompt and each token: stop here? */
type Cancelled = () => boolean | Promise<boolean>;

export interface GenerateOptions extends SamplerOptions {
  readonly maxTokens: number;
  /** Texts that end the answer; they are not part of it. */
  readonly stop: readonly string[];
  readonly endIds: readonly number[];
  /** What the answer must be; its end ids are those of the answer. */
  readonly constraint?: Constraint | undefined;
  readonly cancelled?: Cancelled;
}

export interface Generation {
  readonly reason: "end" | "stop" | "length" | "cancelled";
  readonly promptTokens: number;
  readonly tokens: number;
  readonly promptTokensPerSecond: number | null;
  readonly tokensPerSecond: number | null;
}

/**
 * Answers a prompt; `onText` receives each piece of text once it is final. Tokens that the decoder has already read are not read
 * again. Reaching the context limit ends the answer with "length". Throws `context-full` for a prompt that is too long.
 */
export async function generate(
  decoder: Decoder,
  tokenizer: TokenText,
  prompt: readonly number[],
  options: GenerateOptions,
  onText: (text: string) => void,
): Promise<Generation> {
  const sampler = new Sampler(options);
  const follower = options.constraint && new Follower(options.constraint);
  const text = streamDecoder(tokenizer, { continues: true });
  const held = new StopFilter(options.stop);
  const ids = [...prompt];
  const shared = keepCommon(decoder, beforeEnd(decoder, prompt));
  const started = performance.now();
  // The end is read apart, so that another answer finds the recurrent tensors before it.
  if (decoder.isRecurrent) await readOn(decoder, beforeEnd(decoder, prompt), options.cancelled);
  let logits = await readOn(decoder, prompt, options.cancelled);
  const prefilled = performance.now();
  let tokens = 0;
  const finish = (reason: Generation["reason"]): Generation => {
    const rest = reason === "stop" ? "" : held.push(text.flush()).text + held.rest();
    if (rest) onText(rest);
    const perSecond = (count: number, ms: number) => (count > 0 && ms > 0 ? (count * 1000) / ms : null);
    return {
      reason,
      promptTokens: prompt.length,
      tokens,
      promptTokensPerSecond: logits && perSecond(prompt.length - shared, prefilled - started),
      tokensPerSecond: perSecond(tokens - 1, performance.now() - prefilled),
    };
  };
  for (;;) {
    if (logits === null || (await options.cancelled?.())) return finish("cancelled");
    const id = sampler.next(logits, ids, follower?.mask());
    if (options.endIds.includes(id)) return finish("end");
    follower?.accept(id);
    tokens++;
    ids.push(id);
    const { text: final, stopped } = held.push(text.push(id));
    if (final) onText(final);
    if (stopped) return finish("stop");
    if (follower?.isFinished) return finish("end");
    if (tokens >= options.maxTokens || ids.length >= decoder.description.contextLength)
      return finish("length");
    logits = await decoder.read([id]);
  }
}

/** Reads a prompt ahead of `generate`, which then only has to read its end. Throws `context-full`. */
export async function readAhead(
  decoder: Decoder,
  prompt: readonly number[],
  cancelled: Cancelled,
): Promise<void> {
  const ids = beforeEnd(decoder, prompt);
  const kept = keepCommon(decoder, ids);
  // A rest that is too short for the prompt graph is left for the end, which uses it.
  if (ids.length - kept >= decoder.promptEnd) await readOn(decoder, ids, cancelled);
}

/** The part that may have been read before: the end is read again, because its logits are needed. */
function beforeEnd({ promptEnd }: Decoder, prompt: readonly number[]): readonly number[] {
  return prompt.slice(0, -promptEnd);
}

/** Drops everything in the decoder after the common prefix with `ids`; returns the length of what is left. */
export function keepCommon(decoder: Decoder, ids: readonly number[]): number {
  let length = 0;
  while (length < ids.length && decoder.ids[length] === ids[length]) length++;
  decoder.truncate(length);
  return decoder.ids.length;
}

/** Reads the rest of `ids`. The logits after the last; null if it was cancelled before. [V] */
async function readOn(
  decoder: Decoder,
  ids: readonly number[],
  cancelled: Cancelled | undefined,
): Promise<Float32Array | null> {
  let logits: Float32Array | null = null;
  for (const piece of decoder.pieces(ids.slice(decoder.ids.length))) {
    if (await cancelled?.()) return null;
    logits = await decoder.read(piece);
  }
  return logits;
}

/** Holds text back while it may be the start of a stop text. */
class StopFilter {
  readonly #stop: readonly string[];
  #held = "";

  constructor(stop: readonly string[]) {
    this.#stop = stop;
  }

  push(text: string): { text: string; stopped: boolean } {
    this.#held += text;
    const ends = this.#stop.map((stop) => this.#held.indexOf(stop)).filter((index) => index >= 0);
    if (ends.length > 0) return { text: this.#held.slice(0, Math.min(...ends)), stopped: true };
    const keep = Math.max(0, ...this.#stop.map((stop) => this.#beginningOf(stop)));
    const final = this.#held.slice(0, this.#held.length - keep);
    this.#held = this.#held.slice(this.#held.length - keep);
    return { text: final, stopped: false };
  }

  /** The number of characters at the end of the held text that start a stop text. */
  #beginningOf(stop: string): number {
    for (let length = Math.min(stop.length - 1, this.#held.length); length > 0; length--) {
      if (this.#held.endsWith(stop.slice(0, length))) return length;
    }
    return 0;
  }

  rest(): string {
    const held = this.#held;
    this.#held = "";
    return held;
  }
}
