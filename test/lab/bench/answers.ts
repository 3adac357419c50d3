/** Whether the native decoder gives the same answers as the graph over the same weights, and is as accurate. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sample } from "../../../main/services/models/sample.ts";
import { argmax } from "../../../native-models/inference/sampler.ts";
import type { Precision } from "../../../native-models/inference/precision.ts";
import { smolLm2 } from "../reference/setup.ts";
import type { Benchmark, Context, Row } from "./harness/benchmark.ts";
import { importCoppice } from "./harness/sides.ts";

/**
 * `native`: the native decoder. `whole`: the graph, which reads a text in one piece. `single`: the graph, which reads a text token by
 * token, with sums in another order. `exact`: the graph with products in f32, whose inputs are not quantised.
 */
export type Way = "native" | "whole" | "single" | "exact";
const WAYS = ["native", "whole", "single", "exact"] as const;

/** What test/lab/bench/coppice/answers.ts exports. */
export interface AnswersAdapter {
  openAnswers(
    modelPath: string,
    options: { readonly precision: Precision; readonly way: Way; readonly threads: number },
  ): Promise<Answering>;
}

/** A chat model that answers in one of these ways. */
export interface Answering {
  idsOf(text: string): number[];
  /** The logits after a new text. [V] */
  read(ids: readonly number[]): Promise<Float32Array>;
  /** The logits after further ids. [V] */
  goOn(ids: readonly number[]): Promise<Float32Array>;
  /** The logits after each token of a new text, each valid until the next one. [V] each */
  readAll(ids: readonly number[]): AsyncIterable<Float32Array>;
  close(): Promise<void>;
}

const PROMPTS = { small: 10, whole: 200 };
const TOKENS = 24;
const HELD_OUT = { small: 3, whole: 60 };

export const answers: Benchmark = {
  name: "answers",
  timed: false,
  measures:
    `Greedy answers of ${TOKENS} tokens to ${PROMPTS.whole} questions of the built-in sample, SmolLM2-135M, over the same weights: by the native decoder, by ` +
    "onnxruntime's graph with the text read in one piece, and by the same graph with the text read token by token. All three round the inputs " +
    "of products to the same 8 bits; sums in another order move some of them across the midpoint between two codes, which later blocks amplify. So no more " +
    "equal answers can be expected than the graph has with itself. Where the native decoder's answer differs from the graph's, its lead is how much higher it rates its own first differing token " +
    "than the graph's. Errors are root mean square differences from the logits with products in f32, whose inputs are not rounded, over all " +
    `tokens of ${HELD_OUT.whole} held-out texts.`,
  columns: [
    { key: "equal", title: "native = graph", unit: "share" },
    { key: "ownEqual", title: "graph = itself, token by token", unit: "share" },
    { key: "lead", title: "lead where native parts, median", unit: "number" },
    { key: "largestLead", title: "largest", unit: "number" },
    { key: "apart", title: "native − graph", unit: "number" },
    { key: "ownApart", title: "graph − itself, token by token", unit: "number" },
    { key: "nativeError", title: "error, native", unit: "number" },
    { key: "wholeError", title: "error, graph", unit: "number" },
    { key: "singleError", title: "error, token by token", unit: "number" },
    { key: "nativePerplexity", title: "perplexity, native", unit: "number" },
    { key: "wholePerplexity", title: "graph", unit: "number" },
    { key: "singlePerplexity", title: "token by token", unit: "number" },
    { key: "exactPerplexity", title: "products in f32", unit: "number" },
  ],
  targets: ["int4", "int8"].map((row) => ({ row, column: "equal", atLeast: 1 })),

  async run(context) {
    const rows: Row[] = [];
    if (!context.ours) return rows;
    for (const precision of ["int4", "int8"] as const)
      if (context.wants(precision)) rows.push(await compare(context, precision));
    return rows;
  },
};

type Ways = Readonly<Record<Way, Answering>>;

async function compare(context: Context, precision: Precision): Promise<Row> {
  const { openAnswers } = await importCoppice<AnswersAdapter>("answers");
  const { threads, size } = context;
  const open = (way: Way) => openAnswers(smolLm2(), { precision, way, threads });
  const ways: Ways = {
    native: await open("native"),
    whole: await open("whole"),
    single: await open("single"),
    exact: await open("exact"),
  };
  try {
    const texts = sampleTexts();
    const ids = texts.map((text) => ways.whole.idsOf(text));
    const errors = await errorsOver(ways, ids.slice(-HELD_OUT[size]));
    context.say(`${precision}: ${JSON.stringify(errors)}`);
    const answered = await answersTo(ways, ids.slice(0, PROMPTS[size]), context);
    return { name: precision, figures: { ...answered, ...errors } };
  } finally {
    for (const way of WAYS) await ways[way].close();
  }
}

/** Questions of the sample, first those off its domain, then those of its field. */
function sampleTexts(): string[] {
  const read = (file: string) =>
    readFileSync(join(sample.data, file), "utf8")
      .trim()
      .split("\n")
      .map((line) => `${(JSON.parse(line) as { question: string }).question}\nAnswer:`);
  return [...read("offdomain.jsonl"), ...read("test.jsonl")];
}

/** A greedy answer: its tokens, and the logits by which each was chosen. */
interface Answer {
  readonly ids: readonly number[];
  readonly logits: readonly Float32Array[];
}

async function answerOf(way: Answering, prompt: readonly number[]): Promise<Answer> {
  const ids: number[] = [];
  const logits = [await way.read(prompt)];
  for (;;) {
    ids.push(argmax(logits.at(-1)!));
    if (ids.length === TOKENS) return { ids, logits };
    logits.push(await way.goOn([ids.at(-1)!]));
  }
}

async function answersTo(ways: Ways, prompts: readonly (readonly number[])[], { say }: Context) {
  let [equal, ownEqual] = [0, 0];
  const leads: number[] = [];
  for (const [number, prompt] of prompts.entries()) {
    const native = await answerOf(ways.native, prompt);
    const whole = await answerOf(ways.whole, prompt);
    const single = await answerOf(ways.single, prompt);
    const parting = partingOf(native, whole);
    if (parting === null) equal++;
    else leads.push(leadOf(native, whole, parting));
    if (partingOf(single, whole) === null) ownEqual++;
    if ((number + 1) % 20 === 0) say(`${number + 1} prompts: ${equal} and ${ownEqual} equal`);
  }
  leads.sort((a, b) => a - b);
  return {
    equal: equal / prompts.length,
    ownEqual: ownEqual / prompts.length,
    lead: leads[leads.length >> 1] ?? null,
    largestLead: leads.at(-1) ?? null,
  };
}

/** How much higher an answer's logit was for its own token than for the other's, at the first token that differs. */
function leadOf({ ids, logits }: Answer, other: Answer, parting: number): number {
  const row = logits[parting]!;
  return row[ids[parting]!]! - row[other.ids[parting]!]!;
}

/** The index of the first token that differs; null if none does. */
function partingOf(a: Answer, b: Answer): number | null {
  const index = a.ids.findIndex((id, token) => id !== b.ids[token]);
  return index < 0 ? null : index;
}

/** Errors of logits and perplexities, over all tokens of the texts. */
async function errorsOver(ways: Ways, texts: readonly (readonly number[])[]) {
  const apart = { native: new Apart(), whole: new Apart(), single: new Apart() };
  const [fromGraph, own] = [new Apart(), new Apart()];
  const surprise = { native: 0, whole: 0, single: 0, exact: 0 };
  let tokens = 0;
  for (const ids of texts) {
    const rows = {} as Record<Way, Float32Array[]>;
    for (const way of WAYS) rows[way] = await logitsAfterEach(ways[way], ids);
    for (const token of ids.keys()) {
      for (const way of ["native", "whole", "single"] as const)
        apart[way].add(rows[way][token]!, rows.exact[token]!);
      fromGraph.add(rows.native[token]!, rows.whole[token]!);
      own.add(rows.single[token]!, rows.whole[token]!);
      const next = ids[token + 1];
      if (next === undefined) continue;
      for (const way of WAYS) surprise[way] += surpriseOf(rows[way][token]!, next);
      tokens++;
    }
  }
  const perplexity = (way: Way) => Math.exp(surprise[way] / tokens);
  return {
    apart: fromGraph.rootMeanSquare(),
    ownApart: own.rootMeanSquare(),
    nativeError: apart.native.rootMeanSquare(),
    wholeError: apart.whole.rootMeanSquare(),
    singleError: apart.single.rootMeanSquare(),
    nativePerplexity: perplexity("native"),
    wholePerplexity: perplexity("whole"),
    singlePerplexity: perplexity("single"),
    exactPerplexity: perplexity("exact"),
  };
}

/** The root mean square of differences. */
class Apart {
  #squares = 0;
  #count = 0;

  add(a: Float32Array, b: Float32Array): void {
    for (let i = 0; i < a.length; i++) this.#squares += (a[i]! - b[i]!) ** 2;
    this.#count += a.length;
  }

  rootMeanSquare(): number {
    return Math.sqrt(this.#squares / this.#count);
  }
}

async function logitsAfterEach(way: Answering, ids: readonly number[]): Promise<Float32Array[]> {
  const rows: Float32Array[] = [];
  for await (const row of way.readAll(ids)) rows.push(Float32Array.from(row));
  return rows;
}

/** −log of a token's probability. */
function surpriseOf(logits: Float32Array, id: number): number {
  let most = -Infinity;
  for (const logit of logits) most = Math.max(most, logit);
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit - most);
  return most + Math.log(sum) - logits[id]!;
}
