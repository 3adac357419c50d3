/** Drafts looked up in the text: how much faster answers are that quote, whether others are slower, and whether all stay the same. */
import { basename } from "node:path";
import { defaultPrecision } from "../../../native-models/inference/precision.ts";
import type { Precision } from "../../../native-models/inference/precision.ts";
import { openModel } from "../../../native-models/open-model.ts";
import { nativeLlamaPython, smolLm2 } from "../reference/setup.ts";
import { givenFiles } from "./given-models.ts";
import { KINDS, QUOTING, THINGS, WORDS } from "./harness/asked.ts";
import type { Kind } from "./harness/asked.ts";
import type { Benchmark, Context, Row } from "./harness/benchmark.ts";
import { measured, TOKENS } from "./harness/drafted.ts";
import type { Answering } from "./harness/drafted.ts";
import { startCoppice, startPython } from "./harness/sides.ts";

/** What test/lab/bench/coppice/lookup.ts exports: `export const open: OpenLookup`. */
export type OpenLookup = (options: {
  /** GGUF file. */
  readonly modelPath: string;
  readonly precision: Precision;
  readonly threads: number;
}) => Promise<Answering>;

const ofOwn = (kind: string) => `SmolLM2-135M, ${kind}`;

export const lookup: Benchmark = {
  name: "lookup",
  timed: true,
  measures:
    `Answers of at most ${TOKENS} tokens without and with drafts looked up in the text, question by question in turn: ${QUOTING} questions that ask for quotes from ` +
    `passages of about ${WORDS} words (test/lab/study/documents), greedy; every fifth of them sampled; and ${THINGS.length} requests for poems, greedy (a small model then repeats itself) and sampled. In the chat template and ` +
    "the precision that chat takes; decoding only. v(n): a pass over n tokens ÷ one over a single token, the medians of all passes. Beside it llama.cpp, built for this " +
    `machine, on every fifth prompt, without and with its own lookup of prompts (llama-cpp-python, num_pred_tokens 2 and 10, the better one). Further models, which are asked for quotes in every fifth question, are those in COPPICE_GGUF.`,
  columns: [
    { key: "without", title: "without drafts, tokens/s", unit: "tokens/s" },
    { key: "drafting", title: "with drafts, tokens/s", unit: "tokens/s" },
    { key: "speedUp", title: "speed-up, median", unit: "ratio" },
    { key: "low", title: "5th percentile", unit: "ratio" },
    { key: "lowest", title: "lowest", unit: "ratio" },
    { key: "same", title: "same answers", unit: "share" },
    { key: "right", title: "checked draft tokens that were right", unit: "share" },
    { key: "v4", title: "v(4)", unit: "ratio" },
    { key: "v8", title: "v(8)", unit: "ratio" },
    { key: "theirs", title: "llama.cpp without, tokens/s", unit: "tokens/s" },
    { key: "theirSpeedUp", title: "llama.cpp's speed-up, median", unit: "ratio" },
  ],
  targets: [
    { row: ofOwn("quoting"), column: "speedUp", atLeast: 1.4 },
    ...["writing freely", "writing freely, temperature 1"].map((kind) => {
      return { row: ofOwn(kind), column: "speedUp", atLeast: 0.98 };
    }),
    ...KINDS.map(({ name }) => ({ row: ofOwn(name), column: "same", atLeast: 1 })),
  ],

  async run(context) {
    const files = process.env.COPPICE_GGUF ? givenFiles() : [];
    const models = [smolLm2(), ...files].map((path, at) => ({
      path,
      isOwn: at === 0,
      nameOf: (kind: string) => (at === 0 ? ofOwn(kind) : `${basename(path, ".gguf")}, ${kind}`),
    }));
    const rows: Row[] = [];
    for (const { nameOf, ...file } of models) {
      const kinds = KINDS.filter(({ name }) => context.wants(nameOf(name)));
      if (context.ours && kinds.length > 0) rows.push(...(await rowsOf(context, file, nameOf, kinds)));
    }
    return rows;
  },
};

async function rowsOf(
  context: Context,
  { path: modelPath, isOwn }: { readonly path: string; readonly isOwn: boolean },
  nameOf: (kind: string) => string,
  kinds: readonly Kind[],
): Promise<Row[]> {
  const { threads } = context;
  const model = await openModel(modelPath);
  const precision = defaultPrecision(model.config);
  model.close();
  const theirs = await startPython(nativeLlamaPython(), "llama-lookup.py", { model: modelPath, threads });
  const ours = await startCoppice("lookup", { modelPath, precision, threads });
  context.against("llama.cpp", theirs.ready.llamaCpp);
  theirs.sleep();
  try {
    const rows: Row[] = [];
    for (const kind of kinds) {
      const { figures, note } = await measured(kind, { ours, theirs, isOwn, size: context.size });
      rows.push({ name: nameOf(kind.name), figures, note: [precision, note].filter(Boolean).join("; ") });
      context.say(`${nameOf(kind.name)}: ${JSON.stringify(figures)}`);
    }
    return rows;
  } finally {
    await Promise.all([ours.close(), theirs.close()]);
  }
}
