/** Whose turn it is when texts share a model: the product's policy against others, on simulated arrivals. */
import { MOST_ROWS } from "../../../native-models/inference/pieces.ts";
import { Random } from "../../../native-models/random.ts";
import type { Benchmark } from "./harness/benchmark.ts";
import { median } from "./harness/paired.ts";
import { simulate, sum } from "./harness/simulated.ts";
import type { Arrival, Cost, Outcome, Policy, Who } from "./harness/simulated.ts";

/** Fitted to passes of SmolLM2-135M, int8, on two threads of a shared EPYC with AVX-512: 1 to 16 rows and pieces of prompts, up to 1,024 cached tokens. */
const COST: Cost = { pass: 7.5, token: 1.4, cached: 0.0024 };
/** Cached tokens: what a model of 7 billion parameters without shared heads has in 4 GB. */
const ROOM = 8_192;

const OURS: Policy = { rows: MOST_ROWS, reserves: true, chatFirst: true, threshold: 1 };
const POLICIES = {
  Coppice: OURS,
  "one by one": { rows: 1, reserves: true, chatFirst: false, threshold: 1 },
  eviction: { ...OURS, reserves: false, chatFirst: false },
  "eviction, chat first": { ...OURS, reserves: false },
  WAIT: { ...OURS, threshold: 4 },
} satisfies Record<string, Policy>;

/** Mean tokens of prompts and answers, and how many an answer may have. */
const SIZES: Readonly<Record<Who, { prompt: number; answer: number; asked: number }>> = {
  chat: { prompt: 200, answer: 120, asked: 512 },
  program: { prompt: 400, answer: 60, asked: 256 },
  batch: { prompt: 500, answer: 100, asked: 256 },
};
const SEED = 1;

/** An arrival with exponentially distributed lengths. */
function arrivalOf(who: Who, since: number, random: Random): Arrival {
  const { prompt, answer, asked } = SIZES[who];
  const drawn = (mean: number, most: number) =>
    Math.min(most, Math.max(8, Math.round(-mean * Math.log(1 - random.uniform()))));
  return { who, since, asked, prompt: drawn(prompt, 8 * prompt), answer: drawn(answer, asked) };
}

/** What one text at a time takes, in ms: the unit of loads. */
const ALONE_MS = (() => {
  const random = new Random(SEED, "alone");
  const texts = Array.from({ length: 500 }, (_, at) => arrivalOf(at % 3 > 0 ? "program" : "chat", 0, random));
  return simulate(texts, POLICIES["one by one"], { cost: COST, room: ROOM }).endMs / texts.length;
})();

/** A Poisson process of chat and programs, one to two; `load`: × what one by one can do. */
function poisson(load: number, count: number, random: Random): Arrival[] {
  let since = 0;
  return Array.from({ length: count }, () => {
    since += (-Math.log(1 - random.uniform()) * ALONE_MS) / load;
    return arrivalOf(random.integer(3) > 0 ? "program" : "chat", since, random);
  });
}

const TRACES: Readonly<Record<string, (random: Random) => Arrival[]>> = {
  "load 0.5": (random) => poisson(0.5, 600, random),
  "load 1": (random) => poisson(1, 600, random),
  "load 2": (random) => poisson(2, 600, random),
  bursts: (random) =>
    Array.from({ length: 20 }, (_, burst) =>
      Array.from({ length: 24 }, (_, at) =>
        arrivalOf(at % 3 > 0 ? "program" : "chat", burst * 24 * ALONE_MS, random),
      ),
    ).flat(),
  "chat, programs and 200 at once": (random) =>
    [
      ...poisson(0.5, 300, random),
      ...Array.from({ length: 200 }, () => arrivalOf("batch", 20 * ALONE_MS, random)),
    ].sort((a, b) => a.since - b.since),
};

export const scheduling: Benchmark = {
  name: "scheduling",
  timed: false,
  measures:
    "A simulation of texts that share a model, through the policy that chat and the server use (native-models/inference/turns.ts), and through others: one by one as they come; " +
    `begun when the prompt has room, with the latest evicted and read again when the cache is full; and WAIT (arXiv 2504.11320), in which ${POLICIES.WAIT.threshold} of a kind wait for each ` +
    "other for at most 5 s. Chat, which goes first except where texts are taken as they come, and programs arrive by a Poisson process, at loads relative to what one by one can do, in bursts of 24, or beside " +
    `200 questions at once; lengths are exponential. The cache has ${ROOM} tokens. A pass takes ${COST.pass} ms, ${COST.token} for each token and ${COST.cached} for each token that is attended to, as measured. Waits are until the first token.`,
  columns: [
    { key: "speed", title: "tokens/s", unit: "tokens/s" },
    { key: "chat", title: "chat waits, median", unit: "seconds" },
    { key: "chatLate", title: "chat waits, 95th percentile", unit: "seconds" },
    { key: "others", title: "others wait, median", unit: "seconds" },
    { key: "othersLate", title: "others wait, 95th percentile", unit: "seconds" },
    { key: "longest", title: "longest wait", unit: "seconds" },
    { key: "evictions", title: "evictions", unit: "number" },
  ],
  targets: Object.keys(TRACES).map((trace) => ({ row: `${trace}; Coppice`, column: "evictions", atMost: 0 })),

  async run({ wants }) {
    const rows = Object.entries(TRACES).flatMap(([trace, make]) =>
      Object.entries(POLICIES).map(([policy, how]) => {
        const arrivals = make(new Random(SEED, trace));
        const outcome = simulate(arrivals, how, { cost: COST, room: ROOM });
        return { name: `${trace}; ${policy}`, figures: figuresOf(outcome) };
      }),
    );
    return Promise.resolve(rows.filter(({ name }) => wants(name)));
  },
};

function figuresOf({ texts, endMs, evictions }: Outcome) {
  const waits = (isMeant: (who: Who) => boolean) =>
    texts.flatMap(({ who, firstMs }) => (isMeant(who) ? firstMs / 1000 : [])).sort((a, b) => a - b);
  const late = (seconds: readonly number[]) => seconds[Math.floor(0.95 * seconds.length)]!;
  const [chat, others] = [waits((who) => who === "chat"), waits((who) => who !== "chat")];
  return {
    speed: (1000 * sum(texts, ({ tokens }) => tokens)) / endMs,
    ...{ chat: median(chat), chatLate: late(chat) },
    ...{ others: median(others), othersLate: late(others) },
    longest: Math.max(chat.at(-1)!, others.at(-1)!),
    evictions,
  };
}
