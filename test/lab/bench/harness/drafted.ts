/** Answers without and with drafts, in turn, and what was measured of them. */
import { SPARSE } from "./asked.ts";
import type { Kind } from "./asked.ts";
import type { Size } from "./benchmark.ts";
import { median } from "./paired.ts";
import type { Resident } from "./resident.ts";

/** The greatest length of an answer. */
export const TOKENS = 128;
/** Shorter answers are over before their speed can be measured. */
const LEAST_TOKENS = 8;

interface Answer {
  readonly text: string;
  readonly tokens: number;
  /** After the first token; null for a single one. */
  readonly tokensPerSecond: number | null;
}

interface Counted {
  /** Tokens of drafts that were checked, and those that were right. */
  readonly checked: number;
  readonly right: number;
  readonly passes: readonly (readonly [tokens: number, ms: number])[];
}

export interface Answering {
  /** Forgets what was measured and counted. */
  begin(): Promise<void>;
  /** A question as the chat template writes it. */
  idsOf(question: string): Promise<number[]>;
  answer(request: {
    readonly prompt: readonly number[];
    readonly tokens: number;
    readonly temperature: number;
    readonly drafts: boolean;
  }): Promise<Answer>;
  /** Since `begin`. */
  counted(): Promise<Counted>;
}

/** Both sides' answers to the questions of a kind, in turn. */
export async function measured(
  { questions, temperature = 0, isShared }: Kind,
  {
    ours,
    theirs,
    isOwn,
    size,
  }: { readonly ours: Resident; readonly theirs: Resident; readonly isOwn: boolean; readonly size: Size },
) {
  const call = async <Value>(name: string, argument: object | string = {}) =>
    (await ours.ask<{ value: Value }>({ call: name, argument })).value;
  await call("begin");
  const pairs: { readonly without: number; readonly drafting: number }[] = [];
  const llama: Record<string | number, number>[] = [];
  let same = 0;
  const wanted = size === "small" ? questions.slice(0, 2 * SPARSE) : questions;
  const asked = wanted.filter((_, at) => isOwn || !isShared || at % SPARSE === 0);
  for (const [number, question] of asked.entries()) {
    const prompt = await call<number[]>("idsOf", question);
    const answers = new Map<boolean, Answer>();
    for (const drafts of number % 2 === 0 ? [false, true] : [true, false])
      answers.set(drafts, await call("answer", { prompt, tokens: TOKENS, temperature, drafts }));
    const [one, other] = [answers.get(false)!, answers.get(true)!];
    if (one.text === other.text && one.tokens === other.tokens) same++;
    const [slow, fast] = [one.tokensPerSecond, other.tokensPerSecond];
    if (slow && fast && one.tokens >= LEAST_TOKENS) pairs.push({ without: slow, drafting: fast });
    if (!isShared || (isOwn && number % SPARSE > 0)) continue;
    ours.sleep();
    theirs.wake();
    const answer = await theirs.ask<Record<string | number, number>>({ prompt, tokens: TOKENS });
    if (answer.tokens! >= LEAST_TOKENS) llama.push(answer);
    theirs.sleep();
    ours.wake();
  }
  const { checked, right, passes } = await call<Counted>("counted");
  const msOf = (tokens: number) => passes.filter(([count]) => count === tokens).map(([, ms]) => ms);
  const v = (tokens: number) => (msOf(tokens).length > 0 ? median(msOf(tokens)) / median(msOf(1)) : null);
  const ratios = pairs.map(({ without, drafting }) => drafting / without).sort((a, b) => a - b);
  const speedUps = (guessed: number) => median(llama.map((one) => one[guessed]! / one[0]!));
  const best = llama.length > 0 ? [2, 10].sort((a, b) => speedUps(b) - speedUps(a))[0]! : null;
  return {
    figures: {
      without: median(pairs.map(({ without }) => without)),
      drafting: median(pairs.map(({ drafting }) => drafting)),
      speedUp: median(ratios),
      low: ratios[Math.floor(0.05 * ratios.length)]!,
      lowest: ratios[0]!,
      same: same / asked.length,
      right: checked > 0 ? right / checked : null,
      v4: v(4),
      v8: v(8),
      theirs: best && median(llama.map((one) => one[0]!)),
      theirSpeedUp: best && speedUps(best),
    },
    note: best && `llama.cpp's num_pred_tokens ${best}, ${llama.length} answers`,
  };
}
