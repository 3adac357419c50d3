/** The local server with several programs at once: speed, whether anything is lost or mixed up, and what happens under too much load. */
import { setTimeout as sleep } from "node:timers/promises";
import { defaultPrecision } from "../../../native-models/inference/precision.ts";
import { openModel } from "../../../native-models/open-model.ts";
import { Random } from "../../../native-models/random.ts";
import { smolLm2 } from "../reference/setup.ts";
import type { BatchOptions } from "./batch.ts";
import { THINGS } from "./harness/asked.ts";
import type { Benchmark, Context, Row } from "./harness/benchmark.ts";
import { median, medianOf, medianRatio, takeTurns } from "./harness/paired.ts";
import { ask, askAll } from "./harness/programs.ts";
import type { Reply, Served } from "./harness/programs.ts";
import { llamaServing, serving } from "./harness/serving.ts";
import { startCoppice } from "./harness/sides.ts";

const PROGRAMS = 8;
const TOKENS = 64;
const REQUESTS = { small: 500, whole: 10_000 };
/** Of those: at the same time, and different questions. */
const [AT_ONCE, DIFFERENT] = [24, 60];
/** Requests of an open loop, how long their answers are, and how many are in hand when what can be served is measured. */
const [ARRIVALS, SHORT, IN_HAND] = [200, 16, 15];
const LOADS = [0.5, 1, 2];

const SPEED = `SmolLM2-135M, ${PROGRAMS} programs at once`;
const SHORT_REQUESTS = "the sample, 10,000 short requests";
const loadName = (load: number) => `SmolLM2-135M, asked ${load} × what it can serve`;

export const server: Benchmark = {
  name: "server",
  timed: true,
  measures:
    `The local server through HTTP. ${PROGRAMS} programs that ask for ${TOKENS} tokens each, at once and one after another: tokens per second over all; at most ${PROGRAMS} ÷ v(${PROGRAMS}) is possible, how much ` +
    `faster the decoder alone writes in ${PROGRAMS} rows, measured in turn; beside it llama.cpp's server, built for this machine, with ${PROGRAMS} slots and the same requests. ${REQUESTS.whole} ` +
    `requests of one or two tokens, ${AT_ONCE} at a time, whose answers are compared with those given alone; memory is the engine's, at the start that after the first tenth. And ${ARRIVALS} requests of ${SHORT} tokens that arrive by a Poisson ` +
    `process, relative to the rate with ${IN_HAND} in hand.`,
  columns: [
    { key: "ours", title: "Coppice at once, tokens/s", unit: "tokens/s" },
    { key: "alone", title: "one after another, tokens/s", unit: "tokens/s" },
    { key: "gain", title: "gain", unit: "ratio" },
    { key: "possible", title: "possible", unit: "ratio" },
    { key: "share", title: "share of what is possible", unit: "share" },
    { key: "theirs", title: "llama.cpp at once, tokens/s", unit: "tokens/s" },
    { key: "theirGain", title: "llama.cpp's gain", unit: "ratio" },
    { key: "ratio", title: "Coppice ÷ llama.cpp", unit: "ratio" },
    { key: "answered", title: "answered", unit: "share" },
    { key: "refused", title: "refused (429)", unit: "share" },
    { key: "lost", title: "lost", unit: "number" },
    { key: "own", title: "same answer as alone", unit: "share" },
    { key: "firstMs", title: "first token, median", unit: "ms" },
    { key: "startBytes", title: "memory at the start", unit: "bytes" },
    { key: "endBytes", title: "memory at the end", unit: "bytes" },
  ],
  targets: [
    { row: SPEED, column: "share", atLeast: 0.9 },
    { row: SHORT_REQUESTS, column: "own", atLeast: 1 },
    ...[SHORT_REQUESTS, ...LOADS.map(loadName)].map((row) => ({ row, column: "lost", atMost: 0 })),
  ],

  async run(context) {
    if (!context.ours) return [];
    const rows: Row[] = [];
    const { threads } = context;
    if (context.wants(SPEED))
      rows.push(await serving(smolLm2(), threads, (served) => speedOf(context, served)));
    if (context.wants(SHORT_REQUESTS))
      rows.push(await serving("sample", threads, (served, bytes) => shortRequests(context, served, bytes)));
    const loads = LOADS.filter((load) => context.wants(loadName(load)));
    if (loads.length > 0)
      rows.push(...(await serving(smolLm2(), threads, (served) => underLoads(context, served, loads))));
    return rows;
  },
};

async function speedOf({ threads, rounds, against }: Context, own: Served): Promise<Row> {
  const model = await openModel(smolLm2());
  const size = { precision: defaultPrecision(model.config), threads, prompt: 48, rows: PROGRAMS };
  model.close();
  const decoder = await startCoppice("batch", { modelPath: smolLm2(), ...size } satisfies BatchOptions);
  const llama = await llamaServing(smolLm2(), { threads, slots: PROGRAMS });
  against("llama.cpp", "llama-server of llama-cpp-python 0.3.36, built natively");
  let asked = 0;
  const turn = (name: string, served: Served, atOnce: number) => ({
    name,
    turn: async () => {
      const things = Array.from({ length: PROGRAMS }, () => THINGS[asked++ % THINGS.length]!);
      const started = performance.now();
      const replies = await askAll(things, atOnce, (thing) =>
        ask(served, `Tell a long story about ${thing}.`, TOKENS),
      );
      const tokens = replies.reduce((sum, reply) => sum + reply.tokens, 0);
      return { tokensPerSecond: (1000 * tokens) / (performance.now() - started) };
    },
  });
  const bare = (rows: number) => ({
    name: `rows ${rows}`,
    turn: async () => {
      const { ms } = await decoder.ask<{ ms: number }>({ call: "decode", argument: { rows, tokens: 32 } });
      return { tokensPerSecond: (rows * 32 * 1000) / ms };
    },
  });
  try {
    const contestants = [
      ...[turn("ours", own, PROGRAMS), turn("alone", own, 1)],
      ...[turn("theirs", llama.served, PROGRAMS), turn("their alone", llama.served, 1)],
      ...[bare(1), bare(PROGRAMS)],
    ];
    const samples = await takeTurns(contestants, { rounds });
    const speed = (name: string) => medianOf(samples.get(name)!, "tokensPerSecond");
    const gain = (many: string, one: string) =>
      medianRatio(samples.get(many)!, samples.get(one)!, "tokensPerSecond");
    const [ours, possible] = [gain("ours", "alone"), gain(`rows ${PROGRAMS}`, "rows 1")];
    return {
      name: SPEED,
      figures: {
        ...{ ours: speed("ours"), alone: speed("alone"), gain: ours, possible, share: ours / possible },
        ...{
          theirs: speed("theirs"),
          theirGain: gain("theirs", "their alone"),
          ratio: gain("ours", "theirs"),
        },
      },
    };
  } finally {
    llama.close();
    await decoder.close();
  }
}

async function shortRequests({ size }: Context, served: Served, bytes: () => number | null): Promise<Row> {
  const questions = Array.from({ length: DIFFERENT }, (_, at) => ({
    content: `${at}: ${THINGS[at % THINGS.length]}?`,
    tokens: 1 + (at % 2),
  }));
  const askOne = ({ content, tokens }: (typeof questions)[number]) => ask(served, content, tokens);
  const alone = await askAll(questions, 1, askOne);
  const random = new Random(1, "server");
  const order = Array.from({ length: REQUESTS[size] }, () => random.integer(DIFFERENT));
  const asking = (some: readonly number[]) => askAll(some, AT_ONCE, (at) => askOne(questions[at]!));
  const first = await asking(order.slice(0, order.length / 10));
  const startBytes = bytes();
  const replies = [...first, ...(await asking(order.slice(first.length)))];
  const same = replies.filter(({ status, text }, at) => status === 200 && text === alone[order[at]!]!.text);
  const figures = { own: same.length / replies.length, startBytes, endBytes: bytes() };
  return { name: SHORT_REQUESTS, figures: { ...outcomeOf(replies), ...figures } };
}

async function underLoads({ say }: Context, served: Served, loads: readonly number[]): Promise<Row[]> {
  const askOne = (at: number) => ask(served, `${at}: what is ${THINGS[at % THINGS.length]}?`, SHORT);
  const started = performance.now();
  await askAll([...Array(ARRIVALS / 2).keys()], IN_HAND, askOne);
  const rate = (1000 * (ARRIVALS / 2)) / (performance.now() - started);
  say(`it can serve ${rate.toFixed(1)} requests/s`);
  const rows: Row[] = [];
  for (const load of loads) {
    const random = new Random(1, `load ${load}`);
    let at = 0;
    const replies = Array.from({ length: ARRIVALS }, async (_, number) => {
      at += (-1000 * Math.log(1 - random.uniform())) / (load * rate);
      await sleep(at);
      return askOne(number);
    });
    rows.push({ name: loadName(load), figures: outcomeOf(await Promise.all(replies)) });
  }
  return rows;
}

function outcomeOf(replies: readonly Reply[]) {
  const share = (wanted: number) => replies.filter(({ status }) => status === wanted).length / replies.length;
  const firsts = replies.flatMap(({ firstMs }) => firstMs ?? []);
  const isKnown = ({ status }: Reply) => status === 200 || status === 429;
  return {
    ...{ answered: share(200), refused: share(429) },
    lost: replies.filter((reply) => !isKnown(reply)).length,
    firstMs: median(firsts),
  };
}
